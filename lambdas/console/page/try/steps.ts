/** Something to try, in the order a newcomer is led through; the last two are for who wants more. */
export interface Step {
  readonly id: StepId;
  readonly title: string;
  /** What it shows. */
  readonly lesson: string;
  /** What it comes in by: a tenant's token, or a signature. */
  readonly channel: 'api' | 'webhook';
  /** The status that teaches the lesson. */
  readonly expected: number;
  /** What has to have been accepted before, since it is about that; and what to say until then. */
  readonly needs?: { readonly step: StepId; readonly reason: string };
}

export type StepId =
  | 'send'
  | 'resend'
  | 'change'
  | 'webhook'
  | 'replay'
  | 'stale'
  | 'garble-token'
  | 'garble-signature'
  | 'other-tenant';

const afterSend = (what: string) =>
  ({ step: 'send', reason: `Send an event first: there is none to ${what} yet.` }) as const;

export const steps: readonly Step[] = [
  {
    id: 'send',
    title: 'Send an event',
    lesson: 'Accepted (202) once it is stored for good; the charge follows in a moment, as one balanced entry.',
    channel: 'api',
    expected: 202,
  },
  {
    id: 'resend',
    title: 'Resend it',
    lesson: 'Same key and same payload: the same answer again, and no second charge.',
    channel: 'api',
    expected: 202,
    needs: afterSend('resend'),
  },
  {
    id: 'change',
    title: 'Change it',
    lesson: 'Same key and another payload: a conflict (409), and the first charge stands.',
    channel: 'api',
    expected: 409,
    needs: afterSend('change'),
  },
  {
    id: 'webhook',
    title: 'Sign and send a webhook',
    lesson: 'No token: the signature says whose usage it is, and that nobody changed a byte of it.',
    channel: 'webhook',
    expected: 202,
  },
  {
    id: 'replay',
    title: 'Replay it',
    lesson: 'The same delivery with the same signature: accepted again, and charged once.',
    channel: 'webhook',
    expected: 202,
    needs: { step: 'webhook', reason: 'Send a webhook first: there is none to replay yet.' },
  },
  {
    id: 'stale',
    title: 'Send it stale',
    lesson: 'Signed as it should be, but ten minutes ago: refused (401), so a recording is worth nothing later.',
    channel: 'webhook',
    expected: 401,
  },
  {
    id: 'garble-token',
    title: 'Garble the token',
    lesson: 'A token with anything changed is nobody’s: refused (401) before anything of the body is looked at.',
    channel: 'api',
    expected: 401,
  },
  {
    id: 'garble-signature',
    title: 'Garble the signature',
    lesson: 'One character of it changed: the same 401 as for an unknown key, so it tells a forger nothing.',
    channel: 'webhook',
    expected: 401,
  },
  {
    id: 'other-tenant',
    title: 'Send as another tenant',
    lesson: 'The token says whose usage it is, and the body cannot say otherwise: refused (403).',
    channel: 'api',
    expected: 403,
  },
];

/** How many are numbered: the way that is suggested. */
export const SUGGESTED = 7;

export function stepOf(id: StepId): Step {
  const found = steps.find((step) => step.id === id);
  if (found === undefined) throw new Error(`There is no step ${id}.`);
  return found;
}

/** The step after this one; undefined after the last. */
export function stepAfter(id: StepId): Step | undefined {
  return steps[steps.findIndex((step) => step.id === id) + 1];
}
