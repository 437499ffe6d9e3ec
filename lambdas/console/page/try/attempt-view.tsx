import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Status } from '../parts/status.tsx';
import { timeOf } from '../parts/time-of.ts';
import { hrefOf } from '../routing/route.ts';
import { AttemptBody } from './attempt-body.tsx';
import { lockOf } from './locks.ts';
import { stepAfter, stepOf } from './steps.ts';
import { takeStep } from './take-step.ts';
import { type Attempt, isUnderWay } from './timeline.ts';

/** The step taken last, in full, and the way on. What one pressed may be far away, so what came of it takes the focus. */
export function AttemptView({ attempt }: { readonly attempt: Attempt }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isUnderWay.peek()) heading.current?.focus();
  }, []);
  const step = stepOf(attempt.step);
  const next = stepAfter(attempt.step);
  const isDone = attempt.call?.status === step.expected && attempt.stage === 'settled';
  return (
    <article class="stack" aria-busy={isUnderWay.value}>
      <div class="spread">
        <h3 ref={heading} tabIndex={-1} class="try-heading">
          {step.title}
        </h3>
        <span class="row">
          <span class="faint">{timeOf(attempt.atMs)}</span>
          {attempt.call && <Status status={attempt.call.status} />}
        </span>
      </div>
      <p>{step.lesson}</p>
      <AttemptBody attempt={attempt} isOpen>
        {isDone && next && lockOf(next) === undefined && (
          <div class="row">
            <Button isPrimary isDisabled={isUnderWay.value} onClick={() => takeStep(next)}>
              Next: {next.title.toLowerCase()}
            </Button>
          </div>
        )}
        {isDone && next === undefined && (
          <p>
            That was all of it. <a href={hrefOf('ledger')}>See the ledger</a>, where each charge has its line.
          </p>
        )}
      </AttemptBody>
    </article>
  );
}
