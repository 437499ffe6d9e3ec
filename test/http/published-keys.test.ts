import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearerAuthentication } from '../../lambdas/http/authenticate.ts';
import { Problem } from '../../lambdas/http/problem.ts';
import { NOW_MS } from '../support/events.ts';
import { bearer, claims, handmade, hs256, KeySetServer, signer } from '../support/tokens.ts';

const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
const secrets = { jwt: () => Promise.reject(new Error('no secret is needed')) };
const refusal = { kind: 'unauthenticated', status: 401 };

describe('a token of published keys', () => {
  let server: KeySetServer;
  beforeAll(async () => {
    server = await KeySetServer.start();
  });
  afterAll(() => server.stop());

  const authentication = (algorithm: string, url = server.url) =>
    bearerAuthentication({ algorithm, jwksUrl: url }, secrets, () => NOW_MS);

  it.each(ALGORITHMS)('signed with %s is verified, and a forged one is a 401', async (algorithm) => {
    const key = await signer(algorithm, 'k1');
    const stranger = await signer(algorithm, 'k1');
    server.publish([key.jwk]);
    const authenticate = authentication(algorithm);
    expect(await authenticate(bearer(await key.sign(claims())))).toEqual({
      ...{ kind: 'tenant', tenant: 'tenant_alpha', scopes: ['usage:write', 'ledger:read'] },
    });
    const [header = '', , signature = ''] = (await key.sign(claims())).split('.');
    const swapped = `${header}.${Buffer.from(JSON.stringify(claims({ tenant_id: 'tenant_beta' }))).toString('base64url')}.${signature}`;
    for (const token of [
      await stranger.sign(claims()),
      swapped,
      handmade({ alg: 'none' }, claims()),
      await key.sign(claims({ exp: 1 })),
    ]) {
      await expect(authenticate(bearer(token))).rejects.toMatchObject(refusal);
    }
  });

  it('in another algorithm than the pinned one is a 401, also when its key is published', async () => {
    const [rsa, elliptic] = [await signer('RS256', 'rsa'), await signer('ES256', 'ec')];
    server.publish([rsa.jwk, elliptic.jwk]);
    await expect(authentication('RS256')(bearer(await elliptic.sign(claims())))).rejects.toMatchObject(refusal);
    const asSecret = await hs256(claims(), JSON.stringify(rsa.jwk));
    await expect(authentication('RS256')(bearer(asSecret))).rejects.toMatchObject(refusal);
  });

  it('is found by its key id among those of a rotation', async () => {
    const [old, fresh, gone] = [
      await signer('ES256', 'old'),
      await signer('ES256', 'new'),
      await signer('ES256', 'gone'),
    ];
    server.publish([old.jwk, fresh.jwk]);
    const authenticate = authentication('ES256');
    for (const key of [old, fresh])
      expect(await authenticate(bearer(await key.sign(claims())))).toMatchObject({ kind: 'tenant' });
    await expect(authenticate(bearer(await gone.sign(claims())))).rejects.toMatchObject(refusal);
  });

  it.each([
    ['fails', { status: 500, body: '' }],
    ['is not found', { status: 404, body: 'Not Found' }],
    ['sends something else', { status: 200, body: '<html>' }],
    ['sends no key set', { status: 200, body: '{"error":"later"}' }],
  ])('is no 401 while the key server %s: that is not the token’s fault', async (_, answer) => {
    const key = await signer('ES256', 'k1');
    server.answer = answer;
    const outcome = authentication('ES256')(bearer(await key.sign(claims())));
    await expect(outcome).rejects.not.toBeInstanceOf(Problem);
  });

  it('is no 401 while nobody listens', async () => {
    const silent = await KeySetServer.start();
    const url = silent.url;
    await silent.stop();
    const key = await signer('ES256', 'k1');
    await expect(authentication('ES256', url)(bearer(await key.sign(claims())))).rejects.not.toBeInstanceOf(Problem);
  });
});
