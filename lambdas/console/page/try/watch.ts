import type { Balance, Receipt } from '../../../../client/types/api.ts';
import { type Call, call } from '../api/call.ts';
import { record } from '../api/call-log.ts';
import { somethingChanged } from '../api/use-read.ts';
import type { Identity } from '../session/identity.ts';
import { learn } from './timeline.ts';

/** Often enough for a post that takes half a second to be seen as it happens. */
const LOOK_EVERY_MS = 400;

/** What mostly takes under a second may take several on a busy machine; after this it is worth asking why. */
const PATIENCE_MS = 20_000;

/** What a tenant owes, as it is told who asks; undefined when it is not told. */
export async function balanceOf(who: Identity): Promise<Balance | undefined> {
  const made = await call({ method: 'GET', path: '/balance', token: who.token, actor: who.label });
  return made.problem === undefined ? (made.json as Balance) : undefined;
}

/** What the service knows of an event. Left out of the log of calls, which repeated looks would bury. */
export function lookAt(who: Identity, eventId: string): Promise<Call> {
  const path = `/events/${encodeURIComponent(eventId.toWellFormed())}`;
  return call({ method: 'GET', path, query: { proof: 'full' }, token: who.token, actor: who.label, isRepeat: true });
}

/** The receipt that was answered; undefined where the service knows of no such event. */
export function receiptOf({ status, json }: Call): Receipt | undefined {
  return status === 200 ? (json as Receipt) : undefined;
}

/** Looks at an event until it is posted or refused, or for as long as the console waits; then reads the balance. */
export async function followUp(id: number, who: Identity, eventId: string): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  let look = await lookAt(who, eventId);
  while (receiptOf(look)?.status === 'accepted' && performance.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    look = await lookAt(who, eventId);
  }
  record(look);
  const receipt = receiptOf(look);
  const after = await balanceOf(who);
  learn(id, {
    stage: receipt?.status === 'accepted' ? 'late' : 'settled',
    receiptCall: look,
    ...(receipt && { receipt }),
    ...(after && { after }),
    ...(look.problem && look.status !== 404 && { watchProblem: look.problem }),
  });
  somethingChanged();
}
