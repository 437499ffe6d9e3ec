import { identity } from '../session/identity.ts';
import { webhookForm } from './forms.ts';
import { subjectOf } from './requests.ts';
import { canSign } from './signature.ts';
import type { Step } from './steps.ts';

/** As long as the service takes a timestamp for fresh (contract, "Webhook key"). */
const TOLERANCE_MS = 300_000;

/** Why a step can't be taken yet, and what to do about it; undefined when it can. */
export function lockOf(step: Step): string | undefined {
  if (step.channel === 'api' && identity.value?.facts.kind === 'admin')
    return 'Act as a tenant first: an administrator is nobody’s.';
  if (step.needs) return subjectOf(step.needs.step) ? undefined : step.needs.reason;
  if (step.channel === 'api') return undefined;
  if (!canSign()) return 'This page can’t sign: see above.';
  const { keyId, secret } = webhookForm.value;
  return keyId === '' || secret === ''
    ? 'Fill in a key id and its secret first, at “Sign and send a webhook”.'
    : undefined;
}

/** What one should know before a step that can be taken but may teach something else. */
export function cautionOf(step: Step): string | undefined {
  if (step.id !== 'replay') return undefined;
  const subject = subjectOf('webhook');
  if (subject === undefined || Date.now() - subject.atMs < TOLERANCE_MS) return undefined;
  return 'Its signature is more than five minutes old by now, so it will be refused as stale. Send a new webhook to see a replay accepted.';
}
