import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { AttemptView } from './attempt-view.tsx';
import { EarlierAttempt } from './earlier-attempt.tsx';
import { clearTimeline, isUnderWay, timeline } from './timeline.ts';

/** What was tried in this tab: the newest in full, and all before it. */
export function Timeline() {
  const [newest, ...earlier] = timeline.value;
  return (
    <div class="try-timeline">
      <Panel
        title="What happened"
        aside={
          <Button isDisabled={isUnderWay.value} onClick={clearTimeline}>
            Clear
          </Button>
        }
      >
        {newest === undefined ? (
          <p class="faint">
            Nothing yet. Take the first step: what was sent, what was answered and what moved in the ledger is shown
            here, the newest first. It stays over a reload, and goes with the tab.
          </p>
        ) : (
          <AttemptView key={newest.id} attempt={newest} />
        )}
        {earlier.length > 0 && (
          <>
            <h3>Before that</h3>
            <ol class="try-earlier">
              {earlier.map((attempt) => (
                <EarlierAttempt key={attempt.id} attempt={attempt} />
              ))}
            </ol>
          </>
        )}
      </Panel>
    </div>
  );
}
