import { suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const webhooks = suite('http/webhook-authentication');
const usage = suite('ingest/usage-request', 'ingest/batch-request');
const tokens = suite('http/shared-secret', 'http/published-keys');
const administration = suite('http/admin-route');

const WEBHOOKS = 'lambdas/http/webhook-authentication.ts';
const REQUEST = 'lambdas/ingest/usage-request.ts';
const TOKENS = 'lambdas/http/authenticate.ts';
const ADMINISTRATION = 'lambdas/http/admin-route.ts';

/** Who may do what: a credential decides, and nothing that a request says of itself. */
export const requestMutants: readonly Mutant[] = [
  {
    name: 'verifies-a-delivery-over-its-parsed-body',
    breaks: 'I5: what was signed is not what is charged',
    file: WEBHOOKS,
    before: ".update(prefix, 'utf8').update(body)",
    after: ".update(prefix, 'utf8').update(JSON.stringify(JSON.parse(Buffer.from(body).toString('utf8'))))",
    checks: [webhooks],
  },
  {
    name: 'takes-a-delivery-of-any-age',
    breaks: 'I5: a recorded delivery can be replayed for ever',
    file: WEBHOOKS,
    before: '!isSigned || !isTimely || caller',
    after: '!isSigned || caller',
    checks: [webhooks],
  },
  {
    name: 'takes-a-delivery-from-the-future',
    breaks: 'I5: a delivery signed ahead of time stays valid for years',
    file: WEBHOOKS,
    before: 'Math.abs(nowMs - sentMs)',
    after: 'nowMs - sentMs',
    checks: [webhooks],
  },
  {
    name: 'takes-the-last-signature-for-all',
    breaks: 'I5: while a secret is rotated its deliveries are refused',
    file: WEBHOOKS,
    before: 'isSigned = timingSafeEqual(mac, signature) || isSigned;',
    after: 'isSigned = timingSafeEqual(mac, signature);',
    checks: [webhooks],
  },
  {
    name: 'believes-the-tenant-in-the-body',
    breaks: 'I5: a tenant charges another',
    file: REQUEST,
    before: `  refuseOthers(body['tenant'], tenant);
  const { metric, quantity, idempotency_key: key, event_date: eventDate = null } = checked(usageRequestSchema, body);
  return { tenant,`,
    after: `  const { metric, quantity, idempotency_key: key, event_date: eventDate = null, tenant: named } = checked(usageRequestSchema, body);
  return { tenant: named as TenantId,`,
    checks: [usage],
  },
  {
    name: 'takes-a-cloud-event-of-anothers-subject',
    breaks: 'I5: usage meant for another tenant is charged to the caller',
    file: REQUEST,
    before: "  refuseOthers(event['subject'], tenant);\n",
    after: '',
    checks: [usage],
  },
  {
    name: 'takes-a-token-that-never-expires',
    breaks: 'I5: a leaked token is valid for ever',
    file: TOKENS,
    before: "requiredClaims: ['exp'], ",
    after: '',
    checks: [tokens],
  },
  {
    name: 'lets-the-token-choose-its-algorithm',
    breaks: 'I5: a token signed in another way is taken',
    file: TOKENS,
    before: 'algorithms: [settings.algorithm], ',
    after: '',
    checks: [tokens],
  },
  {
    name: 'takes-a-token-that-is-both',
    breaks: 'I8: one credential is a tenant and an administrator',
    file: TOKENS,
    before: 'if (tenant === undefined || admin === true) throw unauthenticated();',
    after: 'if (tenant === undefined) throw unauthenticated();',
    checks: [tokens],
  },
  {
    name: 'lets-a-tenant-administrate',
    breaks: 'I8: a tenant credits itself',
    file: ADMINISTRATION,
    before: "if (principal.kind !== 'admin')",
    after: "if (principal.kind !== 'admin' && principal.kind !== 'tenant')",
    checks: [administration],
  },
  {
    name: 'audits-after-the-effect-alone',
    breaks: 'I9: an administrator acts, and nothing is on record',
    file: ADMINISTRATION,
    before: '    await log.begin();\n',
    after: '',
    checks: [administration],
  },
  {
    name: 'shows-although-the-log-failed',
    breaks: 'I9: an administrator reads, and nothing is on record',
    file: ADMINISTRATION,
    before: '    await log.show(answer.status);\n',
    after: '    await log.end(answer.status);\n',
    checks: [administration],
  },
];
