import { useEffect, useState } from 'preact/hooks';
import type { ReconcileRun } from '../../../../../client/types/api.ts';
import { formatQuantity } from '../../api/money.ts';
import { useRead } from '../../api/use-read.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { Table } from '../../parts/table.tsx';
import { FindingView } from './finding-view.tsx';
import { formatMoment } from './months.ts';
import { rememberRun } from './recent-runs.tsx';

/** A run saves how far it has come every few hundred records. */
const REFRESH_MS = 1_000;

/** The parts of a run in their order, in words. */
const PHASES = [
  ['lanes', 'replaying every lane, page by page'],
  ['ledger', 'reading every item of the ledger'],
  ['orphans', 'looking for pages that no lane knows'],
  ['closures', 'comparing closed months with their seals'],
  ['intake', 'comparing what was accepted with what was posted'],
  ['anchors', 'comparing with what was anchored'],
] as const;

/** One run: how far it has come, and what it has found. */
export function RunView({ runId }: { readonly runId: string }) {
  const [isComplete, setComplete] = useState(false);
  const { answer, call } = useRead<ReconcileRun>(
    { method: 'GET', path: `/reconcile/${encodeURIComponent(runId)}` },
    isComplete ? {} : { everyMs: REFRESH_MS },
  );
  useEffect(() => {
    if (answer === undefined) return;
    rememberRun(answer);
    setComplete(answer.complete);
  }, [answer]);
  return (
    <Panel title="Result" aside={<code class="faint">{runId}</code>} call={call}>
      {answer === undefined && call?.problem === undefined && <p class="faint">Asking for the run …</p>}
      <ProblemView problem={call?.problem} />
      {answer && (
        <>
          <p>
            {answer.tenant ?? 'All tenants'}, {answer.mode === 'full' ? 'everything' : 'what is new'}: begun{' '}
            {formatMoment(answer.started_at)}.
          </p>
          {answer.complete || <Progress answer={answer} />}
          <Verdict answer={answer} />
          <Checked answer={answer} />
        </>
      )}
    </Panel>
  );
}

function Progress({ answer }: { readonly answer: ReconcileRun }) {
  const index = PHASES.findIndex(([phase]) => phase === answer.phase);
  const words = PHASES[index]?.[1] ?? answer.phase ?? 'under way';
  return (
    <label class="stack">
      Step {Math.max(index, 0) + 1} of {PHASES.length}: {words} …
      <progress max={PHASES.length} value={Math.max(index, 0)} />
      <span class="faint">
        It goes on by itself, also while nobody looks. Last saved {formatMoment(answer.updated_at)}.
      </span>
    </label>
  );
}

function Verdict({ answer }: { readonly answer: ReconcileRun }) {
  const { ok, complete, discrepancies, discrepancies_found: found = discrepancies.length, checked } = answer;
  const records = Object.values(checked).reduce((total, count) => total + count, 0);
  if (ok) {
    if (!complete) return <p>Nothing found so far.</p>;
    return (
      <Notice tone="good">
        <strong>All clear</strong>
        <p>{formatQuantity(records)} records were looked at, and none contradicts another.</p>
      </Notice>
    );
  }
  return (
    <>
      <Notice tone="bad">
        <strong>
          {formatQuantity(found)} {found === 1 ? 'finding' : 'findings'}
          {complete ? '' : ' so far'}
        </strong>
        <p>Each was confirmed by reading both records again. Open one to see where it is, and what to do.</p>
        {found > discrepancies.length && <p>The first {formatQuantity(discrepancies.length)} are listed.</p>}
      </Notice>
      <ul class="findings">
        {discrepancies.map((finding) => (
          <FindingView key={JSON.stringify(finding)} finding={finding} />
        ))}
      </ul>
    </>
  );
}

function Checked({ answer }: { readonly answer: ReconcileRun }) {
  const rows = Object.entries(answer.checked).filter(([, count]) => count > 0);
  return (
    <Table
      caption="What was looked at"
      columns={[
        { title: answer.complete ? 'Looked at' : 'Looked at so far', cell: ([kind]) => kind.replaceAll('_', ' ') },
        { title: 'Records', isNumber: true, cell: ([, count]) => formatQuantity(count) },
      ]}
      rows={rows}
      keyOf={([kind]) => kind}
      none={answer.complete ? 'There was nothing to look at.' : 'Nothing yet.'}
    />
  );
}
