import type { Balance as BalanceAnswer } from '../../../../client/types/api.ts';
import { useRead } from '../api/use-read.ts';
import { Notice } from '../parts/notice.tsx';
import { identity } from '../session/identity.ts';
import { Balance } from './balance.tsx';
import { ReceiptDialog } from './receipt/receipt-dialog.tsx';
import { Month } from './register/month.tsx';
import './tenant.css';
import { UsageOverTime } from './usage/usage-over-time.tsx';

/** Often enough to be called live, and one cheap read of a few items each time. */
const REFRESH_MS = 2_000;

/** A tenant's own view of its books. */
export function Ledger() {
  const isAdmin = identity.value?.facts.kind === 'admin';
  const balance = useRead<BalanceAnswer>({ method: 'GET', path: '/balance' }, isAdmin ? {} : { everyMs: REFRESH_MS });
  return (
    <div class="ledger">
      {isAdmin && (
        <Notice tone="warn">
          <strong>An administrator’s token is nobody’s tenant</strong>
          <p>
            Books are read by the tenant they belong to, and this token names none: what follows are the service’s own
            answers to it. Act as a tenant to see its books.
          </p>
        </Notice>
      )}
      <div class="overview">
        <Balance balance={balance} />
        <UsageOverTime currency={balance.answer?.currency} />
      </div>
      <Month balance={balance.answer} />
      <ReceiptDialog currency={balance.answer?.currency} />
    </div>
  );
}
