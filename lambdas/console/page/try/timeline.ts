import { computed } from '@preact/signals';
import type { Balance, Receipt } from '../../../../client/types/api.ts';
import type { Call } from '../api/call.ts';
import { withoutToken } from '../api/curl.ts';
import type { Problem } from '../api/problem.ts';
import { stored } from '../session/stored.ts';
import type { StepId } from './steps.ts';

/** What is sent at a step, but for the credential. */
export interface Outgoing {
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As the service calls it: `api:first`. */
  readonly eventId: string;
  /** What the signature in the headers is of. */
  readonly signedText?: string;
}

/** Whose ledger is looked into, and by whose credential: an identity of the console's. */
export interface Watcher {
  readonly id: string;
  readonly label: string;
}

/** A step that was taken, and what came of it. */
export interface Attempt {
  readonly id: number;
  readonly step: StepId;
  readonly atMs: number;
  readonly outgoing: Outgoing;
  /** Undefined where the console may look into nobody's. */
  readonly watcher: Watcher | undefined;
  /** `late`: accepted, and not posted for as long as the console waits. */
  readonly stage: 'sending' | 'posting' | 'late' | 'settled';
  /** Undefined until it is answered, and for good when the page was loaded again before. */
  readonly call?: Call;
  readonly before?: Balance;
  readonly after?: Balance;
  /** Whether the service had accepted the event before this. */
  readonly wasKnown?: boolean;
  readonly receipt?: Receipt;
  readonly receiptCall?: Call;
  /** Why the ledger could not be looked into. */
  readonly watchProblem?: Problem;
}

/** More would only make it slow to read. */
const MOST_ATTEMPTS = 40;

/** Every step taken in this tab, the newest first; without tokens. */
export const timeline = stored<readonly Attempt[]>('try.timeline', []);

/** The calls of this page, tokens and all, for as long as it is loaded. */
const liveCalls = new Map<number, Call>();

/** Whether a step is on its way: what the balance does meanwhile is that one's. */
export const isUnderWay = computed(() =>
  timeline.value.some(({ stage }) => stage === 'sending' || stage === 'posting'),
);

export function begin(attempt: Omit<Attempt, 'id' | 'atMs' | 'stage'>): number {
  const id = 1 + Math.max(0, ...timeline.peek().map((one) => one.id));
  timeline.value = [{ ...attempt, id, atMs: Date.now(), stage: 'sending' as const }, ...timeline.peek()].slice(
    0,
    MOST_ATTEMPTS,
  );
  return id;
}

export function learn(id: number, news: Partial<Attempt>): void {
  const { call, receiptCall } = news;
  if (call) liveCalls.set(id, call);
  const kept = {
    ...news,
    ...(call && { call: withoutToken(call) }),
    ...(receiptCall && { receiptCall: withoutToken(receiptCall) }),
  };
  timeline.value = timeline.peek().map((attempt) => (attempt.id === id ? { ...attempt, ...kept } : attempt));
}

/** The call of a step with its token, while that is known. */
export function callOf({ id, call }: Attempt): Call | undefined {
  return liveCalls.get(id) ?? call;
}

export function clearTimeline(): void {
  liveCalls.clear();
  timeline.value = [];
}

/** The last of a step's that was accepted, and passes. */
export function lastAccepted(step: StepId, passes: (attempt: Attempt) => boolean): Attempt | undefined {
  return timeline.value.find((attempt) => attempt.step === step && attempt.call?.status === 202 && passes(attempt));
}
