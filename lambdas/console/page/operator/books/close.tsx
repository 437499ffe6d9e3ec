import { AdminOnly } from '../../parts/admin-only.tsx';
import { Field } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useQuery } from '../../routing/use-query.ts';
import { identity, mayAdminister } from '../../session/identity.ts';
import { CloseAction } from './close-action.tsx';
import { ClosePreview } from './close-preview.tsx';
import { closedLast } from './closed-last.ts';
import { currentMonth, isMonth, lastMonth } from './months.ts';
import { RollsForward } from './rolls-forward.tsx';
import { TenantChoice } from './tenant-choice.tsx';

/** Closing a tenant's month: what will be sealed is seen first, and what comes later afterwards. */
export function Close() {
  const who = identity.value;
  const [tenant, setTenant] = useQuery('tenant');
  const [period, setPeriod] = useQuery('period', lastMonth());
  const isChosen = tenant !== '' && isMonth(period);
  const isAdmin = mayAdminister.value;
  const attempt = { tenant: who?.facts.tenant ?? 'tenant_alpha', period };
  const closed = closedLast.value;
  const isClosed = closed?.tenant === tenant && closed.period === period;
  return (
    <div class="columns">
      <Panel title="Close a month">
        <AdminOnly attempt={{ method: 'POST', path: '/periods/close', body: attempt }}>
          <p>
            Nothing is posted to a closed month any more, and what it came to is sealed, for ever. Usage that comes late
            books into the next open month and keeps its date.
          </p>
          <div class="row">
            <TenantChoice value={tenant} onChange={setTenant} empty="Choose a tenant" />
            <Field label="Month (UTC, YYYY-MM)" type="month" value={period} onInput={setPeriod} />
          </div>
          {period >= currentMonth() && (
            <p>This month is not over: what still happens in it will book into a later one.</p>
          )}
          {isChosen ? (
            <CloseAction key={`${tenant} ${period}`} tenant={tenant} period={period} />
          ) : (
            <p class="faint">Choose a tenant and a month to see what will be sealed.</p>
          )}
        </AdminOnly>
      </Panel>
      {isAdmin && isChosen && <ClosePreview tenant={tenant} period={period} isClosed={isClosed} />}
      {isAdmin && isClosed && <RollsForward key={`${tenant} ${period}`} tenant={tenant} period={period} />}
    </div>
  );
}
