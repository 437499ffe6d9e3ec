import { describe, expect, it } from 'vitest';
import { parseWebhookKeyId } from '../../lambdas/domain/ids.ts';
import { type SigningKey, webhookAuthentication } from '../../lambdas/http/webhook-authentication.ts';
import { alpha, must, NOW_MS } from '../support/events.ts';
import { httpRequest } from '../support/http-requests.ts';
import { meterco, ownHeaders, standardHeaders } from '../support/webhook-signer.ts';

const NOW_SECONDS = NOW_MS / 1_000;
const BODY = '{"event_id":"d1","metric":"api_call","quantity":1}';
const PREVIOUS = 'whsec_before';
const caller = { tenant: alpha, keyId: must(parseWebhookKeyId(meterco.keyId)) };

/** Every id costs one look-up; what is no key's has secrets nobody knows. */
function world(nowMs = NOW_MS) {
  const lookups: string[] = [];
  const findKey = async (keyId: string): Promise<SigningKey> => {
    lookups.push(keyId);
    if (keyId !== meterco.keyId) return { caller: undefined, secrets: ['dummy', 'dummy'] };
    return { caller, secrets: [meterco.secret, PREVIOUS] };
  };
  const authenticate = webhookAuthentication(findKey, () => nowMs);
  const verify = (headers: Record<string, string>, body: string | Uint8Array = BODY) =>
    authenticate(httpRequest('POST', '/webhooks/usage', { headers, body }));
  return { verify, lookups };
}

const forms = [
  ['our own form', ownHeaders],
  ['Standard Webhooks', standardHeaders],
] as const;

describe.each(forms)('a delivery signed in %s', (_, sign) => {
  it("is its key's owner's, whichever of two valid secrets signed it", async () => {
    const { verify } = world();
    expect(await verify(sign(meterco, BODY, NOW_SECONDS))).toEqual(caller);
    expect(await verify(sign({ ...meterco, secret: PREVIOUS }, BODY, NOW_SECONDS))).toEqual(caller);
  });

  it('is signed over raw bytes, whatever they are', async () => {
    const bytes = Uint8Array.from({ length: 512 }, (_byte, index) => index % 256);
    const { verify } = world();
    expect(await verify(sign(meterco, bytes, NOW_SECONDS), bytes)).toEqual(caller);
    expect(await verify(sign(meterco, '', NOW_SECONDS), '')).toEqual(caller);
    const refused = verify(sign(meterco, bytes, NOW_SECONDS), bytes.with(300, 0));
    await expect(refused).rejects.toMatchObject({ status: 401 });
  });

  it.each([-300, -299, 0, 299, 300])('may be timed %i s off our clock', async (offset) => {
    expect(await world().verify(sign(meterco, BODY, NOW_SECONDS + offset))).toEqual(caller);
  });

  it.each([-86_400, -301, 301, 86_400])('may not be timed %i s off', async (offset) => {
    const refused = world().verify(sign(meterco, BODY, NOW_SECONDS + offset));
    await expect(refused).rejects.toMatchObject({ status: 401 });
  });

  it('is stale a millisecond after 300 s, and early a millisecond before', async () => {
    const headers = sign(meterco, BODY, NOW_SECONDS);
    await expect(world(NOW_MS + 300_001).verify(headers)).rejects.toMatchObject({ status: 401 });
    await expect(world(NOW_MS - 300_001).verify(headers)).rejects.toMatchObject({ status: 401 });
  });
});

describe('a refused delivery', () => {
  const own = ownHeaders(meterco, BODY, NOW_SECONDS);
  const standard = standardHeaders(meterco, BODY, NOW_SECONDS);
  const without = (headers: Record<string, string>, name: string) =>
    Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));

  const refusals: [string, Record<string, string>, string?][] = [
    ['nothing', {}],
    ['no key id', without(own, 'x-key-id')],
    ['no timestamp', without(own, 'x-timestamp')],
    ['no signature', without(own, 'x-signature')],
    ['an unknown key', { ...own, 'x-key-id': 'whk_unknown' }],
    ['an unknown key, signed with its own secret', ownHeaders({ keyId: 'whk_x', secret: 'x' }, BODY, NOW_SECONDS)],
    [
      'an unknown key, signed with the secret it has here',
      ownHeaders({ keyId: 'whk_x', secret: 'dummy' }, BODY, NOW_SECONDS),
    ],
    ['a malformed key id', ownHeaders({ ...meterco, keyId: 'a:b' }, BODY, NOW_SECONDS)],
    ['a key id too long', ownHeaders({ ...meterco, keyId: 'k'.repeat(65) }, BODY, NOW_SECONDS)],
    ['another secret', ownHeaders({ ...meterco, secret: 'forged' }, BODY, NOW_SECONDS)],
    ['an empty secret', ownHeaders({ ...meterco, secret: '' }, BODY, NOW_SECONDS)],
    ['a tampered body', own, BODY.replace('1}', '9}')],
    ['a tampered timestamp', { ...own, 'x-timestamp': String(NOW_SECONDS + 1) }],
    ['a timestamp with a fraction', ownHeaders(meterco, BODY, `${NOW_SECONDS}.0`)],
    ['a timestamp in exponent form', ownHeaders(meterco, BODY, '1e9')],
    ['a negative timestamp', ownHeaders(meterco, BODY, '-1')],
    ['a timestamp that is none', ownHeaders(meterco, BODY, 'now')],
    ['an endless timestamp', ownHeaders(meterco, BODY, '9'.repeat(400))],
    ['an empty timestamp', ownHeaders(meterco, BODY, '')],
    ['a signature in capitals', { ...own, 'x-signature': own['x-signature']?.toUpperCase() ?? '' }],
    ['half a signature', { ...own, 'x-signature': own['x-signature']?.slice(0, 32) ?? '' }],
    ['a signature of zeros', { ...own, 'x-signature': '0'.repeat(64) }],
    ['a signature that is no hex', { ...own, 'x-signature': 'z'.repeat(64) }],
    ['a standard signature without its key id', without(standard, 'x-key-id')],
    ['a standard signature without its id', without(standard, 'webhook-id')],
    ['a standard signature with an empty id', standardHeaders(meterco, BODY, NOW_SECONDS, { id: '' })],
    ['a standard signature without its timestamp', without(standard, 'webhook-timestamp')],
    ['a standard signature for another id', { ...standard, 'webhook-id': 'msg_2' }],
    ['a standard signature for another time', { ...standard, 'webhook-timestamp': String(NOW_SECONDS - 1) }],
    [
      'a standard signature of another version',
      { ...standard, 'webhook-signature': standard['webhook-signature']?.replace('v1,', 'v1a,') ?? '' },
    ],
    ['a standard signature in our own header', { ...own, 'x-signature': standard['webhook-signature'] ?? '' }],
    ['our own bad signature beside a good standard one', { ...standard, ...own, 'x-signature': '0'.repeat(64) }],
    ['a hex signature in the standard header', { ...standard, 'webhook-signature': own['x-signature'] ?? '' }],
  ];

  it.each(refusals)('with %s is the same 401 after one look-up', async (_, headers, body = BODY) => {
    const { verify, lookups } = world();
    const refusal = await verify(headers, body).catch((error: unknown) => error);
    const nothing = await verify({}).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ kind: 'unauthenticated', status: 401 });
    expect(refusal).toEqual(nothing);
    expect(lookups).toHaveLength(2);
  });

  it('does not keep a good signature among others from being found', async () => {
    const otherSecrets = ['old', 'older', PREVIOUS];
    const headers = standardHeaders({ ...meterco, secret: 'wrong' }, BODY, NOW_SECONDS, { otherSecrets });
    const { verify } = world();
    expect(await verify(headers)).toEqual(caller);
    const junk = { ...headers, 'webhook-signature': `v2,abc  v1, v1,x ${headers['webhook-signature']}` };
    expect(await verify(junk)).toEqual(caller);
    const hidden = Array.from({ length: 16 }, () => 'v1,x').join(' ');
    const late = { ...headers, 'webhook-signature': `${hidden} ${headers['webhook-signature']}` };
    await expect(verify(late)).rejects.toMatchObject({ status: 401 });
  });
});
