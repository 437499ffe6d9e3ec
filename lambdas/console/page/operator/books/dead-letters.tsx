import { useEffect, useRef, useState } from 'preact/hooks';
import type { DeadLetters as DeadLettersAnswer } from '../../../../../client/types/api.ts';
import { useRead } from '../../api/use-read.ts';
import { AdminOnly } from '../../parts/admin-only.tsx';
import { Button } from '../../parts/button.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { go } from '../../routing/route.ts';
import { useQuery } from '../../routing/use-query.ts';
import { mayAdminister } from '../../session/identity.ts';
import { DeadLetterTable, eventOf } from './dead-letter-table.tsx';
import { RedriveOne } from './redrive-one.tsx';
import { TenantChoice } from './tenant-choice.tsx';
import { type EventName, nameOf, useRedrive } from './use-redrive.ts';

/** Few enough to be looked through. */
const PAGE = '25';

const PLACE = 'operate/dead-letters';

/** What was accepted and could not be posted, and another try. */
export function DeadLetters() {
  return (
    <>
      <Panel title="Dead letters">
        <AdminOnly attempt={{ method: 'GET', path: '/dead-letters' }}>
          <Listing />
        </AdminOnly>
      </Panel>
      {mayAdminister.value && <RedriveOne />}
    </>
  );
}

function Listing() {
  const [tenant] = useQuery('tenant');
  const [cursor] = useQuery('cursor');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { answer, call, isLoading, reload } = useRead<DeadLettersAnswer>({
    ...{ method: 'GET', path: '/dead-letters' },
    query: { tenant, limit: PAGE, cursor },
  });
  const { call: redriven, isBusy, redrive, outcomeOf, outcomes } = useRedrive();
  const letters = answer?.dead_letters ?? [];
  const events = letters.map(eventOf).filter((event) => event !== undefined);
  const selected = events.filter((event) => chosen.has(nameOf(event)));
  const retry = async (which: readonly EventName[]): Promise<void> => {
    await redrive(which);
    setChosen(new Set());
  };
  const toggle = (event: EventName): void => {
    const next = new Set(chosen);
    if (!next.delete(nameOf(event))) next.add(nameOf(event));
    setChosen(next);
  };
  return (
    <>
      <p>
        Accepted events that could not be posted. Once the cause is mended, a redrive sends them again as they were
        accepted; what is posted already is charged nothing.
      </p>
      <div class="row">
        {/* Another tenant's listing begins at its first page: a cursor is for its own alone. */}
        <TenantChoice
          value={tenant}
          onChange={(chosenTenant) => go(PLACE, { tenant: chosenTenant })}
          empty="All tenants"
        />
        <Button onClick={reload}>Look again</Button>
      </div>
      {isLoading && answer === undefined && <p class="faint">Looking …</p>}
      {answer && (
        <>
          <DeadLetterTable
            {...{ letters, chosen, outcomeOf, isBusy }}
            onToggle={toggle}
            onRedrive={(event) => retry([event])}
            none={
              answer.next_cursor !== undefined || cursor !== ''
                ? 'None on this page.'
                : 'No dead letter: everything accepted was posted, or is on its way.'
            }
          />
          <div class="row">
            <Button isPrimary isBusy={isBusy} isDisabled={selected.length === 0} onClick={() => retry(selected)}>
              Redrive selected ({selected.length})
            </Button>
            <Button isBusy={isBusy} isDisabled={events.length === 0} onClick={() => retry(events)}>
              Redrive all shown ({events.length})
            </Button>
            {cursor !== '' && <Button onClick={() => go(PLACE, { tenant })}>First page</Button>}
            {answer.next_cursor !== undefined && (
              <Button onClick={() => go(PLACE, { tenant, cursor: answer.next_cursor ?? '' })}>Next page</Button>
            )}
          </div>
        </>
      )}
      {outcomes.size > 0 && <Outcomes outcomes={outcomes} />}
      <ProblemView problem={redriven?.problem} />
      <ProblemView problem={call?.problem} />
      {redriven && <CallView call={redriven} />}
      {call && <CallView call={call} />}
    </>
  );
}

/** What became of every redrive from here: also of events that are no dead letters any more. */
function Outcomes({ outcomes }: { readonly outcomes: ReadonlyMap<string, string> }) {
  const list = useRef<HTMLDivElement>(null);
  // The button that was pressed may be gone with its row: whoever works by keyboard goes on from the outcome.
  useEffect(() => list.current?.focus(), [outcomes]);
  return (
    <div ref={list} tabIndex={-1}>
      <Notice>
        <strong>Redriven from here</strong>
        <ul>
          {[...outcomes].map(([name, outcome]) => (
            <li key={name}>
              <code>{name}</code>: {outcome}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
