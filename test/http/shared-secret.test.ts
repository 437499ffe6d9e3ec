import { describe, expect, it } from 'vitest';
import { bearerAuthentication } from '../../lambdas/http/authenticate.ts';
import type { RotatingSecret } from '../../lambdas/secrets/secrets.ts';
import { NOW_MS } from '../support/events.ts';
import { bearer, claims, handmade, hs256, NOW_SECONDS, SECRET } from '../support/tokens.ts';

const CACHE_MS = 60_000;
const RECHECK_MS = 10_000;

function authentication(secret: RotatingSecret = { current: SECRET }, nowMs = () => NOW_MS) {
  return bearerAuthentication({ algorithm: 'HS256', jwksUrl: undefined }, { jwt: async () => secret }, nowMs);
}

const refusal = { kind: 'unauthenticated', status: 401 };

describe('a shared-secret token', () => {
  it('of a tenant speaks for that tenant, of an administrator for none', async () => {
    const authenticate = authentication();
    expect(await authenticate(bearer(await hs256(claims())))).toEqual({
      ...{ kind: 'tenant', tenant: 'tenant_alpha', scopes: ['usage:write', 'ledger:read'] },
    });
    expect(await authenticate(bearer(await hs256(claims({ admin: false }))))).toMatchObject({ kind: 'tenant' });
    expect(await authenticate(`bearer  ${await hs256(claims({ tenant_id: undefined, admin: true }))}`)).toEqual({
      kind: 'admin',
    });
  });

  it('names its subject, if it has one, for the audit log: cut to a length no token can exceed', async () => {
    const authenticate = authentication();
    const subjectOf = async (sub: unknown, who = {}) =>
      (await authenticate(bearer(await hs256(claims({ sub, ...who }))))).subject;
    expect(await subjectOf('ada@example.com')).toBe('ada@example.com');
    expect(await subjectOf('ada', { tenant_id: undefined, admin: true })).toBe('ada');
    expect(await subjectOf(undefined)).toBeUndefined();
    expect(await subjectOf('x'.repeat(300))).toBe('x'.repeat(256));
    expect(await subjectOf(`${'x'.repeat(255)}💶`)).toBe(`${'x'.repeat(255)}�`);
  });

  it.each([
    ['expired', claims({ exp: NOW_SECONDS })],
    ['long expired', claims({ exp: 1 })],
    ['not yet valid', claims({ nbf: NOW_SECONDS + 1 })],
    ['without an end', claims({ exp: undefined })],
    ['with a text for an end', claims({ exp: `${NOW_SECONDS + 60}` })],
    ['of a tenant that is also an administrator', claims({ admin: true })],
    ['of neither', claims({ tenant_id: undefined })],
    ['of an administrator by a text', claims({ tenant_id: undefined, admin: 'true' })],
    ['of an administrator by a number', claims({ tenant_id: undefined, admin: 1 })],
    ['of an administrator with an empty tenant', claims({ tenant_id: '', admin: true })],
    ['of an administrator with a null tenant', claims({ tenant_id: null, admin: true })],
    ['of a malformed tenant', claims({ tenant_id: 'Tenant#Alpha' })],
    ['of a tenant with a line break', claims({ tenant_id: 'tenant_alpha\n' })],
    ['of several tenants', claims({ tenant_id: ['tenant_alpha'] })],
    ['of a tenant by number', claims({ tenant_id: 7 })],
  ])('%s is a 401', async (_, payload) => {
    await expect(authentication()(bearer(await hs256(payload)))).rejects.toMatchObject(refusal);
  });

  it('of another secret or another algorithm is a 401, whatever its header says', async () => {
    const good = await hs256(claims());
    const [header, payload, signature] = good.split('.');
    const forged = [
      await hs256(claims(), 'another-secret'),
      await hs256(claims(), SECRET.repeat(4), 'HS512'),
      await hs256(claims(), `${SECRET}${'x'.repeat(48)}`, 'HS384'),
      handmade({ alg: 'none' }, claims()),
      handmade({ alg: 'None', typ: 'JWT' }, claims()),
      handmade({ alg: 'HS256' }, claims()),
      handmade({ alg: 'HS256' }, claims({ tenant_id: 'tenant_beta' }), signature),
      handmade({ alg: 'RS256' }, claims(), signature),
      handmade({ alg: 'HS256', crit: ['b64'], b64: false }, claims(), signature),
      handmade({}, claims(), signature),
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}.${Buffer.from('[]').toString('base64url')}.${signature}`,
      `${good}x`,
      `${good}.`,
      'x',
      'a.b.c',
    ];
    for (const token of forged) await expect(authentication()(bearer(token)), token).rejects.toMatchObject(refusal);
  });

  it('must come as the one bearer token of its header', async () => {
    const good = await hs256(claims());
    for (const header of [
      undefined,
      '',
      good,
      `Basic ${good}`,
      'Bearer',
      'Bearer ',
      `Bearer ${good} ${good}`,
      `Bearer ${good},x`,
    ]) {
      await expect(authentication()(header), String(header)).rejects.toMatchObject(refusal);
    }
  });

  it('of the previous secret is valid while the secret is rotated, and no longer', async () => {
    const [old, fresh] = [bearer(await hs256(claims(), 'old-secret')), bearer(await hs256(claims(), 'new-secret'))];
    const rotating = authentication({ current: 'new-secret', previous: 'old-secret' });
    expect(await rotating(old)).toEqual(await rotating(fresh));
    const rotated = authentication({ current: 'new-secret' });
    await expect(rotated(old)).rejects.toMatchObject(refusal);
    expect(await rotated(fresh)).toMatchObject({ kind: 'tenant' });
  });

  it('is checked against a secret read once a minute, or ten seconds ago when the token fails', async () => {
    let nowMs = NOW_MS;
    const secret = { current: 'old-secret' };
    let reads = 0;
    const jwt = async () => {
      reads += 1;
      return { ...secret };
    };
    const authenticate = bearerAuthentication({ algorithm: 'HS256', jwksUrl: undefined }, { jwt }, () => nowMs);
    const fresh = bearer(await hs256(claims({ exp: NOW_SECONDS + 600 }), 'new-secret'));
    await expect(authenticate(fresh)).rejects.toMatchObject(refusal);
    secret.current = 'new-secret';
    nowMs += RECHECK_MS - 1;
    await expect(authenticate(fresh)).rejects.toMatchObject(refusal);
    expect(reads).toBe(1);
    nowMs += 1;
    expect(await authenticate(fresh)).toMatchObject({ kind: 'tenant' });
    nowMs += CACHE_MS - 1;
    await authenticate(fresh);
    expect(reads).toBe(2);
    nowMs += 1;
    await authenticate(fresh);
    expect(reads).toBe(3);
  });

  it('must be configured with HS256, and every other algorithm with published keys', () => {
    const secrets = { jwt: async () => ({ current: SECRET }) };
    const settings = [
      { algorithm: 'RS256', jwksUrl: undefined },
      { algorithm: 'HS256', jwksUrl: 'https://issuer.example/jwks.json' },
    ];
    for (const each of settings)
      expect(() => bearerAuthentication(each, secrets, () => NOW_MS)).toThrow('JWT_JWKS_URL');
  });

  it('is no 401 while the secret cannot be read: that is not the token’s fault', async () => {
    const broken = { jwt: () => Promise.reject(new Error('the store does not answer')) };
    const authenticate = bearerAuthentication({ algorithm: 'HS256', jwksUrl: undefined }, broken, () => NOW_MS);
    await expect(authenticate(bearer(await hs256(claims())))).rejects.toThrow('the store does not answer');
  });
});
