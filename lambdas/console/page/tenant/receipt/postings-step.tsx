import type { JournalEntry } from '../../../../../client/types/api.ts';
import { formatMinor } from '../../api/money.ts';
import { Table } from '../../parts/table.tsx';

const MEANINGS = {
  receivable: 'what the tenant owes',
  revenue: 'what was earned from usage',
  adjustments: 'what was credited or charged by hand',
} as const;

interface Props {
  readonly postings: JournalEntry['postings'];
  readonly currency: string;
}

/** The entry's two sides, which come to nothing. */
export function PostingsStep({ postings, currency }: Props) {
  const sumMinor = postings.reduce((sum, { amount_minor: amount }) => sum + BigInt(amount), 0n);
  const sideOf = (isDebit: boolean) => postings.filter(({ amount_minor: amount }) => BigInt(amount) > 0n === isDebit);
  const totalOf = (isDebit: boolean) =>
    sideOf(isDebit).reduce((sum, { amount_minor: amount }) => sum + BigInt(amount), 0n);
  const cellOf = (amount: string, isDebit: boolean) =>
    BigInt(amount) > 0n === isDebit ? formatMinor(absolute(BigInt(amount)), currency) : '';
  return (
    <li>
      <h3>Its postings</h3>
      <p class="faint">Money moves from one account to another and is never made: debits equal credits.</p>
      <Table
        caption="Postings"
        none="None."
        rows={postings}
        keyOf={({ account }, index) => `${account} ${index}`}
        columns={[
          {
            title: 'Account',
            cell: ({ account }) => (
              <>
                {account} <span class="faint">{MEANINGS[account]}</span>
              </>
            ),
          },
          { title: 'Debit', isNumber: true, cell: ({ amount_minor: amount }) => cellOf(amount, true) },
          { title: 'Credit', isNumber: true, cell: ({ amount_minor: amount }) => cellOf(amount, false) },
        ]}
        footer={[
          `Together ${formatMinor(sumMinor, currency)}`,
          formatMinor(totalOf(true), currency),
          formatMinor(absolute(totalOf(false)), currency),
        ]}
      />
    </li>
  );
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
