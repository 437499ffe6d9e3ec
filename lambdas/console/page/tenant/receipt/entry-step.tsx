import type { JournalEntry, Receipt } from '../../../../../client/types/api.ts';
import { formatMinor, formatQuantity } from '../../api/money.ts';
import { Foreign } from '../../parts/foreign.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Money } from '../../parts/money.tsx';
import { monthName } from '../register/months.ts';

interface Props {
  readonly entry: JournalEntry;
  readonly receipt: Extract<Receipt, { status: 'posted' }>;
  readonly currency: string;
}

/** What the event became: its charge, and how that came about. */
export function EntryStep({ entry, receipt, currency }: Props) {
  return (
    <li>
      <h3>The journal entry</h3>
      <p class="faint">What it was charged. An entry is never changed: a correction is another one.</p>
      <dl class="facts">
        <dt>Transaction</dt>
        <dd>
          <code>{entry.txn_id}</code>
        </dd>
        <dt>Period</dt>
        <dd>{monthName(receipt.period)}</dd>
        <dt>Happened (UTC)</dt>
        <dd>
          <Moment at={entry.event_date} />
        </dd>
        {entry.metric !== null && (
          <>
            <dt>Metric</dt>
            <dd>
              <Foreign text={entry.metric} />
            </dd>
          </>
        )}
        <dt>Amount</dt>
        <dd>
          {workingOf(entry, receipt.amount_minor, currency)}
          <strong>
            <Money minor={receipt.amount_minor} currency={currency} />
          </strong>
          {receipt.price_version !== null && (
            <span class="faint"> by version {receipt.price_version} of the price book</span>
          )}
        </dd>
      </dl>
    </li>
  );
}

/** How usage comes to its amount: a price is a whole number of minor units. */
function workingOf({ quantity }: JournalEntry, amountMinor: string, currency: string): string {
  if (quantity === null || quantity === '0') return '';
  const price = formatMinor(BigInt(amountMinor) / BigInt(quantity), currency);
  return `${formatQuantity(quantity)} × ${price} = `;
}
