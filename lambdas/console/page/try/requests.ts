import { development } from '../session/development.ts';
import { freshId } from '../session/fresh-id.ts';
import { type Identity, identities, identity } from '../session/identity.ts';
import { eventForm, webhookForm } from './forms.ts';
import { garbled, sign } from './signature.ts';
import type { Step, StepId } from './steps.ts';
import { type Attempt, lastAccepted, type Outgoing } from './timeline.ts';
import { usageBody, withOtherQuantity } from './usage-body.ts';

/** What goes behind a token to garble it: a letter that base64url has, so that only the signature no longer fits. */
const GARBLE = '-garbled';

/** Twice what the service tolerates between a delivery's timestamp and its own clock. */
const STALE_SECONDS = 600;

/** Who must not exist here, where the development stack's other tenant is unknown. */
const SOMEBODY_ELSE = 'another_tenant';

/** Makes what a step sends. */
export function outgoingOf(step: Step): Promise<Outgoing> | Outgoing {
  const makers: Readonly<Record<StepId, () => Promise<Outgoing> | Outgoing>> = {
    send: () => event(tenantOf(identity.peek())),
    resend: () => accepted('send').outgoing,
    change: () => {
      const { outgoing } = accepted('send');
      return { ...outgoing, body: withOtherQuantity(outgoing.body) };
    },
    webhook: () => delivery(0),
    replay: () => accepted('webhook').outgoing,
    stale: () => delivery(STALE_SECONDS),
    'garble-token': () => event(tenantOf(identity.peek())),
    'garble-signature': async () => delivery(0, true),
    'other-tenant': () => event(somebodyElse()),
  };
  return makers[step.id]();
}

/** The header that a step replaces: a garbled token is the token, and then something. */
export function credentialOf(step: Step): { token: string | null; headers: Record<string, string>; actor: string } {
  const who = identity.peek();
  if (step.channel === 'webhook')
    return { token: null, headers: {}, actor: `webhook key ${webhookForm.peek().keyId || '?'}` };
  const token = who?.token ?? '';
  const actor = who?.label ?? 'nobody';
  if (step.id !== 'garble-token') return { token, headers: {}, actor };
  return { token, headers: { authorization: `Bearer ${token}${GARBLE}` }, actor: `${actor}, garbled` };
}

/** What a step is about: the last that was accepted of the sender one is now. */
export function subjectOf(step: StepId): Attempt | undefined {
  const who = identity.value?.id;
  const { keyId } = webhookForm.value;
  return step === 'send'
    ? lastAccepted(step, ({ watcher }) => watcher?.id === who)
    : lastAccepted(step, ({ outgoing }) => outgoing.headers['x-key-id'] === keyId);
}

/** Whose ledger a step may move, if the console can look into it. A development key's owner is known; another's is not. */
export function watcherOf(step: Step): Identity | undefined {
  const isDevelopmentKey = webhookForm.peek().keyId === development.peek()?.webhook_key.key_id;
  if (step.channel === 'webhook' && isDevelopmentKey) return identities.peek().find(({ id }) => id === 'alpha');
  const who = identity.peek();
  return who?.facts.kind === 'admin' ? undefined : who;
}

/** The tenant a credential names; an API key names none, so one says it. */
export function tenantOf(who: Identity | undefined): string {
  return who?.facts.tenant ?? eventForm.peek().tenant;
}

function event(tenant: string): Outgoing {
  const { metric, quantity, key, date } = eventForm.peek();
  const body = usageBody({ tenant, metric, quantity, idempotency_key: key, event_date: date });
  return { path: '/events', body, headers: {}, eventId: `api:${key}` };
}

async function delivery(secondsAgo: number, isGarbled = false): Promise<Outgoing> {
  const { keyId, secret, scheme, deliveryId, metric, quantity } = webhookForm.peek();
  const body = usageBody({ event_id: deliveryId, metric, quantity });
  const unixSeconds = Math.floor(Date.now() / 1_000) - secondsAgo;
  const signature = await sign({ keyId, secret }, scheme, { body, unixSeconds, id: freshId('msg') });
  return {
    ...{ path: '/webhooks/usage', body, eventId: `wh:${keyId}:${deliveryId}` },
    ...(isGarbled ? garbled(signature) : signature),
  };
}

function somebodyElse(): string {
  const { alpha, beta } = development.peek()?.tenants ?? {};
  return (tenantOf(identity.peek()) === alpha ? beta : alpha) ?? SOMEBODY_ELSE;
}

function accepted(step: StepId): Attempt {
  const subject = subjectOf(step);
  if (subject === undefined) throw new Error(`Nothing was accepted at step ${step}.`);
  return subject;
}
