import { formatMinor } from '../api/money.ts';
import type { Attempt } from './timeline.ts';

/** What a step did to the ledger, and why. */
export interface Outcome {
  readonly tone: 'good' | 'warn' | 'bad' | '';
  readonly title: string;
  readonly detail?: string;
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'What is not valid is refused before anything is stored.',
  401: 'Without a valid credential nothing is read of the body, and nothing is stored.',
  403: 'What a credential does not cover is refused before anything is stored.',
  409: 'The id stands for the payload it came with first, and for that one charge.',
  429: 'Asked for too much at once, and stored nothing of it. Try again in a moment.',
};

/** In a few words what moved, or why nothing did. */
export function outcomeOf(attempt: Attempt): Outcome {
  const { stage, call, receipt, wasKnown, watcher, watchProblem } = attempt;
  if (stage === 'sending') return { tone: '', title: call ? 'Looking into the ledger …' : 'Sending …' };
  if (stage === 'posting') return { tone: '', title: 'Accepted, being posted …' };
  if (stage === 'late') return LATE;
  const isRefused = call !== undefined && call.status >= 400;
  if (isRefused && call.status < 500) return { tone: '', title: 'Nothing moved', detail: whyNot(attempt, call.status) };
  if (watcher === undefined) return UNWATCHED;
  if (watchProblem) return { ...UNREAD, detail: `${watchProblem.title}. ${watchProblem.detail ?? ''}` };
  if (receipt === undefined && call?.status === 202) return SOMEBODY_ELSES;
  if (receipt === undefined)
    return { tone: '', title: 'Nothing moved', detail: 'The service knows of no such event: send it again.' };
  if (receipt.status === 'refused')
    return { tone: 'bad', title: 'Accepted, but never to be charged', detail: receipt.reason };
  if (wasKnown)
    return {
      tone: 'good',
      title: 'Nothing moved',
      detail: 'This event is charged already, once and for ever: by the entry below.',
    };
  if (receipt.status === 'accepted') return LATE;
  const moved = `${formatMinor(receipt.amount_minor, (attempt.after ?? attempt.before)?.currency ?? '')} charged`;
  return call === undefined
    ? {
        tone: 'good',
        title: moved,
        detail: 'The page was loaded again before the answer came; it had arrived all the same.',
      }
    : { tone: 'good', title: moved };
}

function whyNot({ receipt, wasKnown }: Attempt, status: number): string {
  const why = REASONS[status] ?? 'It was refused, and nothing was stored.';
  if (receipt === undefined) return `${why} There is no receipt of it either.`;
  return wasKnown ? `${why} The entry below is that of before.` : why;
}

const LATE: Outcome = {
  tone: 'warn',
  title: 'Accepted, and not posted yet',
  detail:
    'It is stored for good, so it will be posted, or refused with a reason, even if the queue is down. Look again here or at its receipt below; an administrator sees what waits under Operate, at Health.',
};

const UNWATCHED: Outcome = {
  tone: '',
  title: 'Accepted',
  detail: 'What it moves is its tenant’s to see: act as the tenant that the key belongs to, and send it once more.',
};

const SOMEBODY_ELSES: Outcome = {
  tone: '',
  title: 'Accepted, for another tenant',
  detail: 'Whom you act as has no such event: the key is another tenant’s, who alone sees what it moved.',
};

const UNREAD: Outcome = { tone: 'warn', title: 'The ledger could not be looked into' };
