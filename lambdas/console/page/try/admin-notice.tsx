import { useAction } from '../api/use-action.ts';
import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemView } from '../parts/problem-view.tsx';
import { development } from '../session/development.ts';
import { eventForm } from './forms.ts';
import { usageBody } from './usage-body.ts';

/** Whose usage it would be, where no development tenant is known. */
const SOME_TENANT = 'tenant_alpha';

/** An administrator has no usage of their own; whoever wants to see that refused may. */
export function AdminNotice() {
  const { call, isBusy, run } = useAction();
  const send = () => {
    const { metric, quantity, key } = eventForm.peek();
    const tenant = development.peek()?.tenants.alpha ?? SOME_TENANT;
    return run({
      ...{ method: 'POST', path: '/events' },
      body: usageBody({ tenant, metric, quantity, idempotency_key: key }),
    });
  };
  return (
    <Panel title="An administrator is nobody’s tenant" call={call}>
      <p>
        You act as an administrator. Usage and balances belong to a tenant, and a tenant is who its token says, so an
        administrator’s token has none to send for: not even a tenant named in the body. Act as a tenant for the steps
        below; a webhook’s signature speaks for itself.
      </p>
      <div>
        <Button isBusy={isBusy} onClick={send}>
          Send anyway: see the 401
        </Button>
      </div>
      <ProblemView problem={call?.problem} />
    </Panel>
  );
}
