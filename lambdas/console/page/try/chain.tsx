import type { Receipt } from '../../../../client/types/api.ts';
import { formatMinor, formatQuantity } from '../api/money.ts';

type Posted = Extract<Receipt, { status: 'posted' }>;

/** How a charge came about: the event, its entry in the journal, and the entry's postings, which add up to nothing. */
export function Chain({ receipt, currency }: { readonly receipt: Posted; readonly currency: string }) {
  const { event_id: eventId, txn_id: txnId, period, price_version: version, proof } = receipt;
  const entry = 'entry' in proof ? proof.entry : undefined;
  const sum = entry?.postings.reduce((total, { amount_minor }) => total + BigInt(amount_minor), 0n);
  return (
    <ol class="try-chain" aria-label="From the event to its postings">
      <li>
        <h4>Event</h4>
        <code>{eventId}</code>
        {entry?.quantity != null && (
          <span class="faint">
            {formatQuantity(entry.quantity)} × {entry.metric}
          </span>
        )}
      </li>
      <li>
        <h4>Entry</h4>
        <code>{txnId}</code>
        <span class="faint">
          {period}, lane {proof.lane}, page {proof.seq}
          {version !== null && `, prices ${version}`}
        </span>
      </li>
      {entry && (
        <li>
          <h4>Postings</h4>
          <dl class="try-postings">
            {entry.postings.map(({ account, amount_minor: amount }) => (
              <div key={account}>
                <dt>{account}</dt>
                <dd class="money">{formatMinor(amount, currency)}</dd>
              </div>
            ))}
            <div>
              <dt>sum</dt>
              <dd class="money">{formatMinor(sum ?? 0n, currency)}</dd>
            </div>
          </dl>
        </li>
      )}
    </ol>
  );
}
