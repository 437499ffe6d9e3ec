import { formatMinor } from '../api/money.ts';
import { Money } from '../parts/money.tsx';
import type { Attempt } from './timeline.ts';

/** What the tenant owed before a step, and after it. */
export function BalanceMove({ attempt }: { readonly attempt: Attempt }) {
  const { before, after, watcher } = attempt;
  if (before === undefined || watcher === undefined) return null;
  const others = after && BigInt(after.balance_minor) - BigInt(before.balance_minor) - chargedBy(attempt);
  return (
    <>
      <dl class="try-balance">
        <div>
          <dt>{watcher.label} owed</dt>
          <dd>
            <Money minor={before.balance_minor} currency={before.currency} />
          </dd>
        </div>
        <div>
          <dt>and now</dt>
          <dd>{after ? <Money minor={after.balance_minor} currency={after.currency} /> : '…'}</dd>
        </div>
      </dl>
      {after && others !== undefined && others !== 0n && attempt.stage === 'settled' && (
        <p class="faint">
          {formatMinor(others, after.currency)} of the difference is not this step’s: something else of this tenant’s
          was posted meanwhile.
        </p>
      )}
    </>
  );
}

/** What this step alone charged: nothing when the event was known before. */
function chargedBy({ receipt, wasKnown, call }: Attempt): bigint {
  const isCharged = receipt?.status === 'posted' && !wasKnown && (call === undefined || call.status === 202);
  return isCharged ? BigInt(receipt.amount_minor) : 0n;
}
