import type { DeadLetters } from '../../../../../client/types/api.ts';
import { useRead } from '../../api/use-read.ts';
import { AdminOnly } from '../../parts/admin-only.tsx';
import { Button } from '../../parts/button.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { hrefOf } from '../../routing/route.ts';
import { development } from '../../session/development.ts';
import { UsageLag } from './usage-lag.tsx';

/** Whether it works is worth asking often, and costs next to nothing. */
const REFRESH_MS = 5_000;

/** Whether the service works, and how far behind it is. */
export function Health() {
  return (
    <div class="columns">
      <Check title="Alive" path="/healthz" good="Requests reach the service." />
      <Check title="Ready" path="/readyz" good="Every dependency answers." />
      <Panel title="Waiting to be posted">
        <AdminOnly attempt={{ method: 'GET', path: '/dead-letters' }}>
          <Waiting />
        </AdminOnly>
      </Panel>
      {development.value && <UsageLag tokens={development.value.tokens} />}
    </div>
  );
}

interface CheckProps {
  readonly title: string;
  readonly path: string;
  readonly good: string;
}

function Check({ title, path, good }: CheckProps) {
  const { call } = useRead<object>({ method: 'GET', path, token: null }, { everyMs: REFRESH_MS });
  return (
    <Panel title={title} call={call}>
      {call && call.problem === undefined && (
        <Notice tone="good">
          {good} It took {Math.round(call.tookMs)} ms.
        </Notice>
      )}
      <ProblemView problem={call?.problem} />
    </Panel>
  );
}

/**
 * What was accepted and is not in the journal: the oldest of it says how far behind posting is. It looks when asked to,
 * since an administrator's every look is on record in the audit log.
 */
function Waiting() {
  const request = { method: 'GET', path: '/dead-letters', query: { limit: '100' } } as const;
  const { answer, call, isLoading, reload } = useRead<DeadLetters>(request);
  const isWhole = answer?.next_cursor === undefined;
  const waiting = answer?.dead_letters.filter(({ status }) => status === 'undelivered') ?? [];
  const oldest = waiting.map(({ first_failed_at: at }) => at).sort()[0];
  return (
    <>
      {answer && oldest === undefined && isWhole && (
        <Notice tone="good">Nothing that was accepted waits for the sweep.</Notice>
      )}
      {answer && oldest === undefined && !isWhole && (
        <Notice>
          Nothing waits among the first dead letters; there are{' '}
          <a href={hrefOf('operate/dead-letters')}>more of them</a>.
        </Notice>
      )}
      {oldest !== undefined && (
        <Notice tone="warn">
          {waiting.length} {!isWhole && 'or more '}accepted, not yet posted; the oldest since <Moment at={oldest} />.
          The sweep tries them again.
        </Notice>
      )}
      <div>
        <Button isBusy={isLoading} onClick={reload}>
          Look again
        </Button>
      </div>
      <ProblemView problem={call?.problem} />
      {call && <CallView call={call} />}
    </>
  );
}
