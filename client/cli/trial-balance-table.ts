import type { TrialBalance } from '../types/api.ts';
import { amountText } from './currency.ts';
import type { Output } from './output.ts';

/** The totals of every account, and their sum. */
export async function writeTrialBalance(
  found: TrialBalance,
  currency: string | undefined,
  output: Output,
): Promise<void> {
  await output.table<readonly [string, string]>(
    [
      { title: 'ACCOUNT', cell: ([account]) => account },
      { title: 'TOTAL', align: 'right', cell: ([, total]) => amountText(total, currency) },
    ],
    [[...Object.entries(found.totals_minor), ['sum', found.sum_minor]]],
    'None.',
  );
  await output.line();
  await output.facts([
    ['Tenant', found.tenant ?? 'all'],
    ['Month', found.period ?? 'all'],
    ['Entries', found.entry_count.toString()],
  ]);
}
