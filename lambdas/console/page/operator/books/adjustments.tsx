import { AdminOnly } from '../../parts/admin-only.tsx';
import { Panel } from '../../parts/panel.tsx';
import { identity, mayAdminister } from '../../session/identity.ts';
import { AdjustmentForm } from './adjustment-form.tsx';
import { AdjustmentOutcome } from './adjustment-outcome.tsx';
import { sentAdjustment } from './sent-adjustment.ts';

/** Crediting or charging a tenant by hand, and what it moved. */
export function Adjustments() {
  const who = identity.value;
  const sent = sentAdjustment.value;
  const attempt = {
    tenant: who?.facts.tenant ?? 'tenant_alpha',
    amount_minor: -100,
    idempotency_key: 'asked-by-a-tenant',
    reason: 'A tenant that credits itself',
  };
  return (
    <div class="columns">
      <Panel title="Credit or charge by hand">
        <AdminOnly attempt={{ method: 'POST', path: '/adjustments', body: attempt }}>
          <AdjustmentForm />
        </AdminOnly>
      </Panel>
      {mayAdminister.value && sent !== null && <AdjustmentOutcome key={sent.key} sent={sent} />}
    </div>
  );
}
