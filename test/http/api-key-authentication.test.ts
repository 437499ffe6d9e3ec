import { describe, expect, it } from 'vitest';
import { type ApiKey, apiKeyHash, apiKeyText } from '../../lambdas/domain/api-key.ts';
import { parseApiKeyId } from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { withApiKeys } from '../../lambdas/http/api-key-authentication.ts';
import { unauthenticated } from '../../lambdas/http/authenticate.ts';
import { KEY_CACHE_MS } from '../../lambdas/http/limits.ts';
import { alpha, must, NOW_MS } from '../support/events.ts';
import { bearer } from '../support/tokens.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const keyId = must(parseApiKeyId('meter_1'));
const otherId = must(parseApiKeyId('meter_2'));
const [FIRST, SECOND, NEVER] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string];
/** Within the time that a key is cached. */
const UNTIL_MS = NOW_MS + 2;

class World {
  readonly clock = new VirtualClock(NOW_MS);
  record: ApiKey | undefined = {
    ...{ keyId, tenant: alpha, scopes: ['usage:write'], current: apiKeyHash(keyId, FIRST) },
  };
  readonly lookups: string[] = [];
  fault: Error | undefined;
  readonly authenticate = withApiKeys(
    async (authorization) => {
      if (authorization !== 'Bearer token') throw unauthenticated();
      return { kind: 'admin' };
    },
    async (id) => {
      this.lookups.push(id);
      if (this.fault !== undefined) throw this.fault;
      return id === keyId ? this.record : undefined;
    },
    this.clock,
  );

  with(secret: string, id = keyId) {
    return this.authenticate(bearer(apiKeyText(id, secret)));
  }
}

const principal = { kind: 'tenant', tenant: alpha, scopes: ['usage:write'], subject: 'api_key:meter_1' };
const refusal = unauthenticated();

describe('an API key', () => {
  it('speaks for its tenant within its scopes, and names itself for the audit log', async () => {
    expect(await new World().with(FIRST)).toEqual(principal);
  });

  it.each([
    ['of another secret', apiKeyText(keyId, NEVER)],
    ['that is unknown', apiKeyText(otherId, FIRST)],
    ['without a secret', 'zs_meter_1'],
    ['with a secret of another form', `zs_meter_1_${FIRST.slice(1)}`],
    ['of nothing', 'zs_'],
  ])('%s is the one 401', async (_, text) => {
    await expect(new World().authenticate(bearer(text))).rejects.toEqual(refusal);
  });

  it('that is revoked is the same 401, at the latest when it was last read five seconds ago', async () => {
    const world = new World();
    await world.with(FIRST);
    world.record = world.record && { ...world.record, revokedAt: instantOf(UNTIL_MS) };
    world.clock.advance(KEY_CACHE_MS - 1);
    expect(await world.with(FIRST)).toEqual(principal);
    world.clock.advance(1);
    await expect(world.with(FIRST)).rejects.toEqual(refusal);
    expect(world.lookups).toEqual(['meter_1', 'meter_1']);
  });

  it('has two valid secrets while it is rotated, to the millisecond, and no more', async () => {
    const world = new World();
    const validUntil = instantOf(UNTIL_MS);
    world.clock.advance(1);
    world.record = world.record && {
      ...{ ...world.record, current: apiKeyHash(keyId, SECOND) },
      previous: { kept: apiKeyHash(keyId, FIRST), validUntil },
    };
    expect(await world.with(FIRST)).toEqual(principal);
    expect(await world.with(SECOND)).toEqual(principal);
    await expect(world.with(NEVER)).rejects.toEqual(refusal);
    world.clock.advance(1);
    await expect(world.with(FIRST)).rejects.toEqual(refusal);
    expect(await world.with(SECOND)).toEqual(principal);
    expect(world.lookups).toEqual(['meter_1']);
  });

  it('is looked up only if it has the form of one; every other credential is a token', async () => {
    const world = new World();
    expect(await world.authenticate('Bearer token')).toEqual({ kind: 'admin' });
    for (const header of [undefined, '', 'Bearer zs_x', `Basic ${apiKeyText(keyId, FIRST)}`]) {
      await expect(world.authenticate(header)).rejects.toEqual(refusal);
    }
    expect(world.lookups).toEqual([]);
  });

  it('is no 401 while the table does not answer: that is not the key’s fault', async () => {
    const world = new World();
    world.fault = new Error('the table does not answer');
    await expect(world.with(FIRST)).rejects.toThrow('the table does not answer');
  });
});
