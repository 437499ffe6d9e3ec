import { useState } from 'preact/hooks';
import { Status } from '../parts/status.tsx';
import { timeOf } from '../parts/time-of.ts';
import { AttemptBody } from './attempt-body.tsx';
import { outcomeOf } from './outcome.ts';
import { stepOf } from './steps.ts';
import type { Attempt } from './timeline.ts';

/** A step taken before the last, in a line; opened, all of it. */
export function EarlierAttempt({ attempt }: { readonly attempt: Attempt }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <details class="call" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <time dateTime={new Date(attempt.atMs).toISOString()}>{timeOf(attempt.atMs)}</time>
          <strong>{stepOf(attempt.step).title}</strong>
          {attempt.call && <Status status={attempt.call.status} />}
          <span class="faint">{outcomeOf(attempt).title}</span>
        </summary>
        {isOpen && <AttemptBody attempt={attempt} />}
      </details>
    </li>
  );
}
