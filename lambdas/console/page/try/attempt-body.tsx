import type { ComponentChildren } from 'preact';
import { CallView } from '../parts/call-view.tsx';
import { Code } from '../parts/code.tsx';
import { ProblemView } from '../parts/problem-view.tsx';
import { Moved } from './moved.tsx';
import { type Attempt, callOf } from './timeline.ts';

interface Props {
  readonly attempt: Attempt;
  /** Whether the command and its answer are open at once. */
  readonly isOpen?: boolean;
  /** What follows the outcome. */
  readonly children?: ComponentChildren;
}

/** What came of a step, what moved, and below it the calls that say so. */
export function AttemptBody({ attempt, isOpen = false, children }: Props) {
  const call = callOf(attempt);
  const { signedText } = attempt.outgoing;
  return (
    <div class="stack">
      <ProblemView problem={call?.problem} />
      <Moved attempt={attempt} />
      {children}
      {call && <CallView call={call} isOpen={isOpen} />}
      {signedText !== undefined && (
        <details class="call">
          <summary>What was signed</summary>
          <Code text={signedText} label="The text that was signed" />
        </details>
      )}
      {attempt.receiptCall && <CallView call={attempt.receiptCall} />}
    </div>
  );
}
