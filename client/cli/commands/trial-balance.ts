import { command } from '../command.ts';
import { bookCurrency } from '../currency.ts';
import { EXIT } from '../exit-codes.ts';
import { month, option } from '../parameters.ts';
import { writeTrialBalance } from '../trial-balance-table.ts';

export const trialBalance = command({
  name: 'trial-balance',
  group: 'Administration',
  credential: 'admin',
  summary: 'Add up the books',
  description: 'The totals of every account, which net to zero: exit code 2 when they do not.',
  options: {
    tenant: option('--tenant <tenant>', "one tenant's; without it, all together"),
    period: month('--period <YYYY-MM>', 'of one UTC month; without it, of all time'),
  },
  examples: [
    { line: 'trial-balance', says: 'all tenants, all time' },
    { line: 'trial-balance --tenant tenant_alpha --period 2026-10', says: "a tenant's month" },
  ],
  async work(client, { tenant, period }, output) {
    const query = { ...(tenant !== undefined && { tenant }), ...(period !== undefined && { period }) };
    const found = await client.trialBalance(query);
    if (output.isJson) await output.answer(found);
    else await writeTrialBalance(found, await bookCurrency(client), output);
    return found.sum_minor === '0' ? EXIT.ok : EXIT.finding;
  },
});
