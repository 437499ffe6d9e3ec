import type { TrialBalance as TrialBalanceAnswer } from '../../../../../client/types/api.ts';
import { useRead } from '../../api/use-read.ts';
import { AdminOnly } from '../../parts/admin-only.tsx';
import { Button } from '../../parts/button.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Field } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { useQuery } from '../../routing/use-query.ts';
import { isMonth } from './months.ts';
import { TenantChoice } from './tenant-choice.tsx';
import { Totals } from './totals.tsx';
import { usePrices } from './use-prices.ts';

/** What all postings come to: of one tenant or all, in one month or all time. */
export function TrialBalance() {
  return (
    <Panel title="Trial balance">
      <AdminOnly attempt={{ method: 'GET', path: '/trial-balance' }}>
        <Filtered />
      </AdminOnly>
    </Panel>
  );
}

function Filtered() {
  const [tenant, setTenant] = useQuery('tenant');
  const [period, setPeriod] = useQuery('period');
  const { currency } = usePrices();
  const isHalfTyped = period !== '' && !isMonth(period);
  const { answer, call, isLoading } = useRead<TrialBalanceAnswer>(
    { method: 'GET', path: '/trial-balance', query: { tenant, period } },
    { isOff: isHalfTyped },
  );
  return (
    <>
      <div class="row">
        <TenantChoice value={tenant} onChange={setTenant} empty="All tenants" />
        <Field label="Month (UTC, YYYY-MM)" type="month" value={period} onInput={setPeriod} />
        {period !== '' && <Button onClick={() => setPeriod('')}>All time</Button>}
      </div>
      {isLoading && !isHalfTyped && <p class="faint">Adding up …</p>}
      {answer && (
        <>
          <h3>
            {answer.tenant ?? 'All tenants'}, {answer.period ?? 'all time'}
          </h3>
          <Totals answer={answer} currency={currency} />
        </>
      )}
      <ProblemView problem={call?.problem} />
      {call && <CallView call={call} />}
    </>
  );
}
