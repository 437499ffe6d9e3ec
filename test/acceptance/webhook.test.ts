import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTenantId, parseWebhookKeyId } from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { seal, sealKeys } from '../../lambdas/secrets/seal.ts';
import { type WebhookKey, webhookKeyItem } from '../../lambdas/storage/webhook-keys.ts';
import { developmentSecrets } from '../../localstack/embedded/development.ts';
import { audit, engineClient, scan } from '../support/audit.ts';
import { type Answer, request, TenantClient } from '../support/client.ts';
import { daysFromNow } from '../support/dates.ts';
import { must } from '../support/events.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';
import { meterco, ownHeaders, type Signer, standardHeaders } from '../support/webhook-signer.ts';

let stack: RunningStack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

let keys = 0;

/** A key of a tenant nobody else uses, written into the configuration as an administrator's function would. */
async function newKey(changes: Partial<WebhookKey> = {}): Promise<Signer & { client: TenantClient; key: WebhookKey }> {
  keys += 1;
  const keyId = must(parseWebhookKeyId(`whk_${keys}`));
  const tenant = must(parseTenantId(`webhook_${keys}`));
  const secret = `whsec_${keys}`;
  const key = { keyId, tenant, current: sealed(secret, keyId), ...changes };
  await store(key);
  return { keyId, secret, key, client: new TenantClient(() => stack.url, tenant) };
}

async function store(key: WebhookKey): Promise<void> {
  const client = engineClient(stack);
  await client.send(new PutCommand({ TableName: stack.table('Config'), Item: webhookKeyItem(key) }));
  client.destroy();
}

function sealed(secret: string, keyId: string): string {
  return seal(secret, keyId, sealKeys(developmentSecrets.webhookSeal));
}

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>): Promise<Answer> {
  return request(`${stack.url}/webhooks/usage`, { method: 'POST', body, headers });
}

const nowSeconds = () => Math.floor(Date.now() / 1_000);

/** Sends a delivery of one API call unless told otherwise. */
function deliver(signer: Signer, changes: object = {}, sign = ownHeaders): Promise<Answer> {
  const body = JSON.stringify({ event_id: 'd1', metric: 'api_call', quantity: 1, ...changes });
  return post(body, sign(signer, body, nowSeconds()));
}

describe('POST /webhooks/usage', () => {
  it('takes the development key’s deliveries for its tenant, in both forms', async () => {
    const alpha = new TenantClient(() => stack.url, 'tenant_alpha');
    const own = await deliver(meterco, { event_id: 'own', metric: 'storage_gb_hour', quantity: 20 });
    expect([own.status, own.json]).toEqual([202, { accepted: true, event_id: 'wh:whk_alpha_meterco:own' }]);
    const standard = await deliver(meterco, { event_id: 'standard', quantity: 7 }, standardHeaders);
    expect([standard.status, standard.json.event_id]).toEqual([202, 'wh:whk_alpha_meterco:standard']);
    await alpha.settled('wh:whk_alpha_meterco:own');
    await alpha.settled('wh:whk_alpha_meterco:standard');
    expect(await alpha.balanceMinor()).toBe('107');
  });

  it('answers the same 202 to a replay, in whichever form, and charges once', async () => {
    const { client, ...signer } = await newKey();
    const first = await deliver(signer, { quantity: 5 });
    const replays = [await deliver(signer, { quantity: 5 }), await deliver(signer, { quantity: 5 }, standardHeaders)];
    expect(replays.map(({ status, text }) => [status, text])).toEqual([1, 2].map(() => [202, first.text]));
    await client.settled(`wh:${signer.keyId}:d1`);
    expect(await client.balanceMinor()).toBe('5');
  });

  it('answers 409 to the same delivery id with another payload', async () => {
    const { client, ...signer } = await newKey();
    await deliver(signer, { quantity: 5 });
    for (const other of [{ quantity: 6 }, { metric: 'storage_gb_hour' }, { event_date: daysFromNow(-1) }]) {
      const answer = await deliver(signer, { quantity: 5, ...other });
      expect([answer.status, answer.json.type]).toEqual([409, 'urn:zerosum:problem:conflict']);
    }
    await client.settled(`wh:${signer.keyId}:d1`);
    expect(await client.balanceMinor()).toBe('5');
  });

  it("ignores a tenant in the body: the usage is the key's owner's, and nobody else sees it (I5)", async () => {
    const { client, ...signer } = await newKey();
    const other = new TenantClient(() => stack.url, 'tenant_beta');
    expect((await deliver(signer, { tenant: 'tenant_beta', quantity: 3 })).status).toBe(202);
    expect((await deliver(signer, { tenant: 7, quantity: 3 })).status).toBe(202);
    await client.settled(`wh:${signer.keyId}:d1`);
    expect(await client.balanceMinor()).toBe('3');
    expect((await other.receipt(`wh:${signer.keyId}:d1`)).status).toBe(404);
  });

  it("cannot suppress the tenant's own event of that name, nor another key's", async () => {
    const { client, key, ...signer } = await newKey();
    const second = await newKey({ tenant: key.tenant });
    expect((await deliver(signer, { quantity: 1 })).status).toBe(202);
    expect((await deliver(second, { quantity: 2 })).status).toBe(202);
    expect((await client.post({ quantity: 4, idempotency_key: 'd1' })).status).toBe(202);
    for (const id of [`wh:${signer.keyId}:d1`, `wh:${second.keyId}:d1`, 'api:d1']) await client.settled(id);
    expect(await client.balanceMinor()).toBe('7');
  });

  it('verifies the very bytes that were sent', async () => {
    const { client, ...signer } = await newKey();
    const body = ` {\t"event_id" : "d\\u00e9\u20ac", "quantity":9, "quantity": 1.0 ,"metric":"api_call","x":"\u{1f600}" }\r\n`;
    expect((await post(body, ownHeaders(signer, body, nowSeconds()))).status).toBe(202);
    expect((await client.receipt(`wh:${signer.keyId}:dé€`)).status).toBe(200);
    const invalid = Buffer.concat([Buffer.from('{"event_id":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const signedInvalid = await post(invalid, ownHeaders(signer, invalid, nowSeconds()));
    expect(signedInvalid.status).toBe(400);
    const mangled = Buffer.from(invalid.toString('utf8'));
    expect((await post(invalid, ownHeaders(signer, mangled, nowSeconds()))).status).toBe(401);
  });

  it('checks the signature before it says anything of the body', async () => {
    const { client: _, ...signer } = await newKey();
    const bad = 'no json';
    expect((await post(bad, ownHeaders({ ...signer, secret: 'x' }, bad, nowSeconds()))).status).toBe(401);
    expect((await post(bad, ownHeaders(signer, bad, nowSeconds()))).status).toBe(400);
    const gzip = { 'content-encoding': 'gzip' };
    expect((await post(bad, { ...ownHeaders({ ...signer, secret: 'x' }, bad, nowSeconds()), ...gzip })).status).toBe(
      401,
    );
    expect((await post(bad, { ...ownHeaders(signer, bad, nowSeconds()), ...gzip })).status).toBe(415);
    const large = 'x'.repeat(256 * 1_024 + 1);
    expect((await post(large, {})).status).toBe(413);
    const wrong = await request(`${stack.url}/webhooks/usage`);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('refuses everything unsigned alike, and keeps nothing of it', async () => {
    const { client, ...signer } = await newKey();
    const body = JSON.stringify({ event_id: 'forged', metric: 'api_call', quantity: 1_000 });
    const now = nowSeconds();
    const good = ownHeaders(signer, body, now);
    const attempts = [
      {},
      ownHeaders({ ...signer, secret: 'guess' }, body, now),
      ownHeaders({ ...signer, keyId: 'whk_unknown' }, body, now),
      ownHeaders({ ...signer, keyId: '../whk_1' }, body, now),
      ownHeaders(signer, body.replace('1000', '1'), now),
      ownHeaders(signer, body, now - 400),
      ownHeaders(signer, body, now + 400),
      { ...good, 'x-timestamp': String(now - 1) },
      { ...good, 'x-signature': '' },
      { ...good, 'x-key-id': meterco.keyId },
      standardHeaders({ ...signer, secret: 'guess' }, body, now),
      { ...standardHeaders(signer, body, now), 'webhook-id': 'other' },
      { authorization: 'Bearer x', 'x-key-id': signer.keyId },
    ];
    const answers = await Promise.all(attempts.map((headers) => post(body, headers)));
    const bodies = answers.map(({ status, text, json }) => {
      expect(status).toBe(401);
      return text.replace(json.request_id, '');
    });
    expect(new Set(bodies).size).toBe(1);
    expect((await client.receipt(`wh:${signer.keyId}:forged`)).status).toBe(404);
    expect(await idsLike('forged')).toEqual([]);
    expect((await post(body, good)).status).toBe(202);
  });
});

describe('a webhook key', () => {
  it('has two valid secrets while it is rotated', async () => {
    const { key, ...signer } = await newKey();
    const rotated = sealed('whsec_new', key.keyId);
    const previous = { kept: key.current, validUntil: instantOf(Date.now() + 3_600_000) };
    await store({ ...key, current: rotated, previous });
    await waitFor('the new secret', async () => (await deliver({ ...signer, secret: 'whsec_new' })).status === 202);
    expect((await deliver(signer)).status).toBe(202);
    await store({ ...key, current: rotated, previous: { ...previous, validUntil: instantOf(Date.now()) } });
    await waitFor('the old secret to end', async () => (await deliver(signer)).status === 401);
    expect((await deliver({ ...signer, secret: 'whsec_new' })).status).toBe(202);
  });

  it('that is revoked stops within seconds', async () => {
    const { key, ...signer } = await newKey();
    expect((await deliver(signer)).status).toBe(202);
    await store({ ...key, revokedAt: instantOf(Date.now()) });
    await waitFor('the key to stop', async () => (await deliver(signer)).status === 401);
  });

  it('that was tampered with is a 401 like an unknown one, and a loud line in the log', async () => {
    const stolen = sealed('whsec_attacker', 'whk_other');
    const { ...signer } = await newKey({ current: stolen });
    const unknown = await deliver({ keyId: 'whk_unknown', secret: 'x' });
    for (const secret of [signer.secret, 'whsec_attacker', '']) {
      const answer = await deliver({ ...signer, secret });
      expect(answer.status).toBe(401);
      expect({ ...answer.json, request_id: '' }).toEqual({ ...unknown.json, request_id: '' });
    }
    await waitFor('the log line', async () => {
      const log = await stack.log('Ingest');
      return log.includes('WebhookKeysDamaged') && log.includes(signer.keyId);
    });
    expect(await stack.log('Ingest')).not.toMatch(/whsec_/);
  });
});

it('leaves tables that balance, chain and agree', async () => {
  expect((await audit(stack)).faults).toEqual([]);
});

async function idsLike(text: string): Promise<string[]> {
  const client = engineClient(stack);
  const items = await scan(client, stack.table('UsageIntake'));
  client.destroy();
  return items.map(({ sk }) => sk).filter((id) => id.includes(text));
}
