import { suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const authentication = suite('http/api-key-authentication');
const hashes = suite('domain/api-key');
const recent = suite('http/recent-keys');
const scopes = suite('http/router');
const deliveries = suite('ingest/webhook-secrets');

const API_KEYS = 'lambdas/http/api-key-authentication.ts';

/** For whom a key speaks, for how long, and what it may do. */
export const keyMutants: readonly Mutant[] = [
  {
    name: 'takes-a-revoked-api-key',
    breaks: 'I5: a leaked key is valid for ever',
    file: API_KEYS,
    before: 'return key?.revokedAt === undefined ? key : undefined;',
    after: 'return key;',
    checks: [authentication],
  },
  {
    name: 'takes-an-api-key-for-its-id',
    breaks: 'I5: whoever knows the id of a key is its tenant',
    file: API_KEYS,
    before: 'key === undefined || !(isCurrent || isPrevious)',
    after: 'key === undefined',
    checks: [authentication],
  },
  {
    name: 'ends-a-secret-with-its-rotation',
    breaks: 'I5: while a key is rotated its callers are refused',
    file: API_KEYS,
    before: '!(isCurrent || isPrevious)',
    after: '!isCurrent',
    checks: [authentication],
  },
  {
    name: 'never-ends-a-rotated-secret',
    breaks: 'I5: a secret that was rotated out is valid for ever',
    file: 'lambdas/domain/issued-key.ts',
    before: 'previous !== undefined && nowMs < epochMsOf(previous.validUntil)',
    after: 'previous !== undefined',
    checks: [authentication, deliveries],
  },
  {
    name: 'keeps-one-hash-for-any-key',
    breaks: 'I5: the hash of one key can be moved to another',
    file: 'lambdas/domain/api-key.ts',
    before: "JSON.stringify(['zerosum/api-key/1', keyId, secret])",
    after: "JSON.stringify(['zerosum/api-key/1', secret])",
    checks: [hashes],
  },
  {
    name: 'lets-a-key-do-everything',
    breaks: 'I8: a key that may hand usage in reads the books',
    file: 'lambdas/http/router.ts',
    before: 'if (!principal.scopes.includes(scope)) throw',
    after: 'if (principal.scopes.length === 0) throw',
    checks: [scopes],
  },
  {
    name: 'lets-made-up-ids-push-keys-out',
    breaks: 'I8: who guesses keys has every caller looked up again',
    file: 'lambdas/http/recent-keys.ts',
    before: '? [this.#known, this.#unknown, CACHED_KEYS_MAX]',
    after: '? [this.#unknown, this.#known, UNKNOWN_KEYS_MAX]',
    checks: [recent],
  },
];
