import { call } from '../api/call.ts';
import type { Problem } from '../api/problem.ts';
import { freshId } from '../session/fresh-id.ts';
import { identities } from '../session/identity.ts';
import { fillEvent, fillWebhook } from './forms.ts';
import { credentialOf, outgoingOf, watcherOf } from './requests.ts';
import type { Step } from './steps.ts';
import { type Attempt, begin, isUnderWay, learn, timeline } from './timeline.ts';
import { balanceOf, followUp, lookAt, receiptOf } from './watch.ts';

/**
 * Takes a step and puts it on the timeline: looks at the ledger, sends, and looks again until what was accepted is posted.
 * One at a time: two at once could not be told apart in the balance.
 */
export async function takeStep(step: Step): Promise<void> {
  if (isTaking || isUnderWay.peek()) return;
  isTaking = true;
  try {
    await take(step);
  } finally {
    isTaking = false;
  }
}

/** Also while a delivery is being signed, before there is anything to put on the timeline. */
let isTaking = false;

async function take(step: Step): Promise<void> {
  const watcher = watcherOf(step);
  const credential = credentialOf(step);
  const outgoing = await outgoingOf(step);
  const { path, body, headers, eventId } = outgoing;
  const id = begin({ step: step.id, outgoing, watcher: watcher && { id: watcher.id, label: watcher.label } });
  if (watcher) {
    const [before, look] = await Promise.all([balanceOf(watcher), lookAt(watcher, eventId)]);
    learn(id, { ...(before && { before }), wasKnown: receiptOf(look) !== undefined });
  }
  const made = await call({
    ...{ method: 'POST', path, body, token: credential.token, actor: credential.actor },
    headers: { ...headers, ...credential.headers },
  });
  const isAccepted = made.status === 202;
  learn(id, { call: made, stage: isAccepted && watcher ? 'posting' : 'sending' });
  // What was accepted has used its id up; what was refused may be corrected and sent again.
  if (isAccepted && step.id === 'send') fillEvent({ key: freshId('try') });
  if (isAccepted && step.id === 'webhook') fillWebhook({ deliveryId: freshId('delivery') });
  if (watcher) await followUp(id, watcher, eventId);
  else learn(id, { stage: 'settled' });
}

/** Looks again at what is accepted and was not posted for so long. */
export async function lookAgain(attempt: Attempt): Promise<void> {
  const who = identities.peek().find(({ id }) => id === attempt.watcher?.id);
  if (who === undefined) {
    learn(attempt.id, { stage: 'settled', watchProblem: NOBODY });
    return;
  }
  if (attempt.stage === 'late') learn(attempt.id, { stage: 'posting' });
  await followUp(attempt.id, who, attempt.outgoing.eventId);
}

const NOBODY: Problem = {
  title: 'Its token is forgotten',
  status: 0,
  detail: 'Paste it again and send the same once more: a second charge there will not be.',
};

let hasResumed = false;

/** Goes on with what was under way when the page was loaded again. Whether it had arrived, its receipt tells. */
export function resume(): void {
  if (hasResumed) return;
  hasResumed = true;
  for (const attempt of timeline.peek()) {
    if (attempt.stage === 'sending' || attempt.stage === 'posting') void lookAgain(attempt);
  }
}
