import { useRead } from '../../api/use-read.ts';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';

const REFRESH_MS = 5_000;

interface Usage {
  readonly as_of: string;
}

/** How far usage over time is behind the journal. Only tenants may ask, so it takes their tokens. */
export function UsageLag({ tokens }: { readonly tokens: Readonly<Record<'alpha' | 'beta', string>> }) {
  return (
    <Panel title="Usage over time is behind by">
      <dl class="facts">
        <LagOf name="alpha" token={tokens.alpha} />
        <LagOf name="beta" token={tokens.beta} />
      </dl>
    </Panel>
  );
}

function LagOf({ name, token }: { readonly name: string; readonly token: string }) {
  const query = { granularity: 'hour' };
  const { answer, call } = useRead<Usage>({ method: 'GET', path: '/usage', query, token }, { everyMs: REFRESH_MS });
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {answer && call && `${secondsBehind(answer, call.startedAtMs).toFixed(1)} s`}
        <ProblemView problem={call?.problem} />
      </dd>
    </>
  );
}

/** By this machine's clock, so never less than nothing. */
function secondsBehind({ as_of: asOf }: Usage, nowMs: number): number {
  return Math.max(0, nowMs - Date.parse(asOf)) / 1_000;
}
