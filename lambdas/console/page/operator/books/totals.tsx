import type { TrialBalance } from '../../../../../client/types/api.ts';
import { Money } from '../../parts/money.tsx';
import { Notice } from '../../parts/notice.tsx';
import { type Column, Table } from '../../parts/table.tsx';

/** What each account is, for who does not keep books every day. */
const MEANINGS: Readonly<Record<string, string>> = {
  receivable: 'what tenants owe',
  revenue: 'what usage was charged',
  adjustments: 'credits and charges by hand',
};

/** A trial balance: each account on its side of the books, and their sum, said aloud. */
export function Totals({ answer, currency }: { readonly answer: TrialBalance; readonly currency: string }) {
  const { totals_minor: totals, sum_minor: sum, entry_count: count } = answer;
  const rows = Object.entries(totals).map(([account, minor]) => ({ account, minor: BigInt(minor) }));
  const debits = rows.reduce((total, { minor }) => (minor > 0n ? total + minor : total), 0n);
  const credits = rows.reduce((total, { minor }) => (minor < 0n ? total - minor : total), 0n);
  const columns: Column<(typeof rows)[number]>[] = [
    {
      title: 'Account',
      cell: ({ account }) => (
        <>
          {account} {MEANINGS[account] && <small class="faint meaning">{MEANINGS[account]}</small>}
        </>
      ),
    },
    { title: 'Debit', isNumber: true, cell: ({ minor }) => minor >= 0n && <Money minor={minor} currency={currency} /> },
    {
      title: 'Credit',
      isNumber: true,
      cell: ({ minor }) => minor < 0n && <Money minor={-minor} currency={currency} />,
    },
  ];
  return (
    <>
      <Table
        caption={`Totals of ${count} journal entries by account`}
        columns={columns}
        rows={rows}
        keyOf={({ account }) => account}
        footer={[
          'Sum',
          <Money key="debits" minor={debits} currency={currency} />,
          <Money key="credits" minor={credits} currency={currency} />,
        ]}
        none="No account."
      />
      {sum === '0' ? (
        <Notice tone="good">
          <strong>The sum is zero</strong>
          <p>
            {count === 0
              ? 'Nothing was posted.'
              : `${count.toLocaleString('en')} journal ${count === 1 ? 'entry' : 'entries'}: every debit has its credit.`}
          </p>
        </Notice>
      ) : (
        <Notice tone="bad">
          <strong>
            The sum is not zero: it is <Money minor={sum} currency={currency} />
          </strong>
          <p>A ledger of double entries cannot come to this. Reconcile, and follow “Drift” in docs/runbook.md.</p>
        </Notice>
      )}
    </>
  );
}
