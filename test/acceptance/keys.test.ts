import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminClient } from '../support/admin-client.ts';
import { engineClient, scan } from '../support/audit.ts';
import { type Answer, mint, request } from '../support/client.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';
import { ownHeaders } from '../support/webhook-signer.ts';

/** Past the day for which a rotated secret is valid unless told otherwise. */
const READ_CLOCK_AHEAD_MS = 25 * 3_600_000;

let stack: RunningStack;
let admin: AdminClient;

beforeAll(async () => {
  stack = await startStack({ functionEnvironment: { Read: { ZEROSUM_CLOCK_OFFSET_MS: String(READ_CLOCK_AHEAD_MS) } } });
  admin = new AdminClient(() => stack.url);
});
afterAll(() => stack?.stop());

interface Issued {
  readonly id: string;
  readonly secret: string;
  readonly etag: string;
}

const secrets: string[] = [];

async function issue(path: '/api-keys' | '/webhook-keys', wish: object = {}): Promise<Issued> {
  const scopes = path === '/api-keys' && { scopes: ['usage:write', 'ledger:read'] };
  const answer = await admin.post(path, { tenant: 'tenant_alpha', ...scopes, ...wish });
  expect([answer.status, answer.headers.get('etag')]).toEqual([201, '"1"']);
  secrets.push(answer.json.secret);
  return answer.json;
}

async function rotate(path: string, { id, etag }: Issued, body: object | string = ''): Promise<Answer> {
  const answer = await admin.post(`${path}/${id}/rotate`, body, { 'if-match': etag });
  if (answer.status === 200) secrets.push(answer.json.secret);
  return answer;
}

const revoke = (path: string, { id, etag }: Issued) =>
  admin.send('DELETE', `${path}/${id}`, undefined, { 'if-match': etag });

function withKey(secret: string, method: string, path: string, body?: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${secret}` };
  return request(`${stack.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

let events = 0;

function charge(secret: string, tenant = 'tenant_alpha'): Promise<Answer> {
  const event = { tenant, metric: 'api_call', quantity: 1, idempotency_key: `keys-${++events}` };
  return withKey(secret, 'POST', '/events', event);
}

async function deliver({ id, secret }: Pick<Issued, 'id' | 'secret'>): Promise<Answer> {
  const body = JSON.stringify({ event_id: `delivery-${++events}`, metric: 'api_call', quantity: 1 });
  const headers = ownHeaders({ keyId: id, secret }, body, Math.floor(Date.now() / 1_000));
  return request(`${stack.url}/webhooks/usage`, { method: 'POST', body, headers });
}

describe('an API key', () => {
  it('hands usage in and reads it back for its tenant, alone or in a batch', async () => {
    const { secret, id } = await issue('/api-keys', { tenant: 'tenant_beta' });
    expect(secret).toMatch(new RegExp(`^zs_${id}_[0-9a-f]{64}$`));
    const sent = await charge(secret, 'tenant_beta');
    expect(sent.status).toBe(202);
    const event = { tenant: 'tenant_beta', metric: 'api_call', quantity: 2, idempotency_key: 'keys-batch' };
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    const batch = await request(`${stack.url}/events/batch`, {
      method: 'POST',
      headers,
      body: JSON.stringify([event]),
    });
    expect([batch.status, batch.json.accepted]).toEqual([202, 1]);
    const balance = async () => (await withKey(secret, 'GET', '/balance')).json.balance_minor;
    await waitFor('both to be charged', async () => (await balance()) === '3');
    expect((await withKey(secret, 'GET', `/events/${sent.json.event_id}`)).json.status).toBe('posted');
  });

  it('does nothing beyond its scopes, and says which one it lacks', async () => {
    const { secret: writer } = await issue('/api-keys', { scopes: ['usage:write'] });
    const { secret: reader } = await issue('/api-keys', { scopes: ['ledger:read'] });
    expect((await charge(writer)).status).toBe(202);
    for (const path of ['/balance', '/statement', '/usage?metric=api_call', '/events/api:k']) {
      const refused = await withKey(writer, 'GET', path);
      expect([refused.status, refused.json.detail], path).toEqual([403, 'This key lacks the scope ledger:read.']);
    }
    expect((await withKey(reader, 'GET', '/balance')).status).toBe(200);
    for (const path of ['/events', '/events/batch']) {
      const refused = await withKey(reader, 'POST', path, { tenant: 'tenant_alpha' });
      expect([refused.status, refused.json.type], path).toEqual([403, 'urn:zerosum:problem:forbidden']);
    }
  });

  it('touches no other tenant (I5)', async () => {
    const { secret } = await issue('/api-keys');
    const { secret: betas } = await issue('/api-keys', { tenant: 'tenant_beta' });
    expect((await charge(secret, 'tenant_beta')).status).toBe(403);
    const { json } = await charge(betas, 'tenant_beta');
    const receipt = `/events/${json.event_id}`;
    await waitFor('its receipt', async () => (await withKey(betas, 'GET', receipt)).json.status === 'posted');
    expect((await withKey(secret, 'GET', receipt)).status).toBe(404);
  });

  it('is a tenant’s credential on every administrator’s route, and on record as its own', async () => {
    const { secret, id } = await issue('/api-keys');
    const calls = [
      ['GET', '/api-keys'],
      ['POST', '/api-keys'],
      ['GET', `/api-keys/${id}`],
      ['DELETE', `/api-keys/${id}`],
      ['POST', `/api-keys/${id}/rotate`],
      ['POST', '/webhook-keys'],
      ['POST', '/adjustments'],
      ['GET', '/audit'],
      ['POST', '/reconcile'],
      ['GET', '/dead-letters'],
    ] as const;
    for (const [method, path] of calls) expect((await withKey(secret, method, path)).status, path).toBe(403);
    const { entries } = (await admin.get('/audit')).json;
    const own = entries.filter((entry: { actor: { subject: string } }) => entry.actor.subject === `api_key:${id}`);
    expect(own).toHaveLength(calls.length);
    expect(own[0]).toMatchObject({ actor: { kind: 'tenant', tenant: 'tenant_alpha' }, status: 403 });
  });

  it('that is unknown, revoked, malformed or of another secret is the same 401 as no credential', async () => {
    const known = await issue('/api-keys');
    const revoked = await issue('/api-keys');
    expect((await revoke('/api-keys', revoked)).status).toBe(200);
    const digits = known.secret.slice(-64);
    const answers: Answer[] = [];
    for (const secret of [
      `zs_nobody_${digits}`,
      revoked.secret,
      'zs_',
      `zs_${known.id}_`,
      `zs_${known.id}_${digits.slice(1)}`,
      `${known.secret}0`,
      known.secret.toUpperCase(),
      `zs_${known.id}_${'0'.repeat(64)}`,
      `zs_${revoked.id}_${digits}`,
      `zs_${known.id}_${revoked.secret.slice(-64)}`,
    ]) {
      answers.push(await withKey(secret, 'GET', '/balance'), await withKey(secret, 'POST', '/events', {}));
      answers.push(await withKey(secret, 'GET', '/audit'), await withKey(secret, 'POST', '/reconcile'));
    }
    answers.push(await request(`${stack.url}/balance`));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(new Set(answers.map(({ text, json }) => text.replace(json.request_id, ''))).size).toBe(1);
  });

  it('stops within seconds of being revoked, and its id never stands for another', async () => {
    const key = await issue('/api-keys', { id: 'once_only' });
    expect((await charge(key.secret)).status).toBe(202);
    const revoked = await revoke('/api-keys', key);
    expect([revoked.status, revoked.json]).toEqual([200, expect.objectContaining({ id: 'once_only', etag: '"2"' })]);
    await waitFor('the key to stop', async () => (await charge(key.secret)).status === 401);
    const again = await admin.post('/api-keys', { tenant: 'tenant_beta', id: 'once_only', scopes: ['ledger:read'] });
    expect([again.status, again.json.type]).toEqual([409, 'urn:zerosum:problem:conflict']);
    const rotated = await rotate('/api-keys', revoked.json);
    expect([rotated.status, rotated.json.type]).toEqual([409, 'urn:zerosum:problem:key_revoked']);
    const twice = await revoke('/api-keys', revoked.json);
    expect([twice.status, twice.json]).toEqual([200, revoked.json]);
  });

  it('has two secrets for a day from its rotation, unless told otherwise, and then one', async () => {
    const key = await issue('/api-keys');
    const { json: rotated } = await rotate('/api-keys', key);
    expect(Date.parse(rotated.previous_valid_until) - Date.now()).toBeGreaterThan(READ_CLOCK_AHEAD_MS - 7_200_000);
    expect(rotated.secret).not.toBe(key.secret);
    for (const { secret } of [key, rotated]) expect((await charge(secret)).status).toBe(202);
    // The read function's clock is a day ahead.
    expect((await withKey(key.secret, 'GET', '/balance')).status).toBe(401);
    expect((await withKey(rotated.secret, 'GET', '/balance')).status).toBe(200);

    const { json: third } = await rotate('/api-keys', rotated, { overlap_seconds: 0 });
    expect(third.previous_valid_until).toBeNull();
    for (const { secret } of [key, rotated]) {
      await waitFor('an older secret to end', async () => (await charge(secret)).status === 401);
    }
    expect((await charge(third.secret)).status).toBe(202);
  });
});

describe('a webhook key', () => {
  it('signs its tenant’s deliveries from the moment it is issued until it is revoked', async () => {
    const key = await issue('/webhook-keys', { tenant: 'tenant_beta' });
    expect([key.id, key.secret]).toEqual([
      expect.stringMatching(/^whk_[0-9a-f]{32}$/),
      expect.stringMatching(/^whsec_/),
    ]);
    const delivered = await deliver(key);
    expect(delivered.status).toBe(202);
    expect(delivered.json.event_id).toContain(`wh:${key.id}:`);
    const { secret } = await issue('/api-keys', { tenant: 'tenant_beta' });
    const receipt = `/events/${delivered.json.event_id}`;
    await waitFor('the charge', async () => (await withKey(secret, 'GET', receipt)).json.status === 'posted');
    expect((await revoke('/webhook-keys', key)).status).toBe(200);
    await waitFor('the key to stop', async () => (await deliver(key)).status === 401);
    const again = await admin.post('/webhook-keys', { tenant: 'tenant_alpha', id: key.id });
    expect(again.status).toBe(409);
  });

  it('has two secrets while it is rotated, and one when it is rotated without an overlap', async () => {
    const key = await issue('/webhook-keys');
    const { json: rotated } = await rotate('/webhook-keys', key, { overlap_seconds: 3_600 });
    for (const { secret } of [key, rotated]) expect((await deliver({ id: key.id, secret })).status).toBe(202);
    const { json: third } = await rotate('/webhook-keys', rotated, { overlap_seconds: 0 });
    for (const { secret } of [key, rotated]) {
      await waitFor('an older secret to end', async () => (await deliver({ id: key.id, secret })).status === 401);
    }
    expect((await deliver(third)).status).toBe(202);
  });

  it('of the first configuration can be rotated like any other', async () => {
    const seeded = (await admin.get('/webhook-keys/whk_alpha_meterco')).json;
    expect(seeded).toEqual({
      ...{ id: 'whk_alpha_meterco', tenant: 'tenant_alpha', etag: '"1"' },
      ...{ created_at: null, previous_valid_until: null, revoked_at: null },
    });
    const { json: rotated } = await rotate('/webhook-keys', seeded);
    const key = { id: seeded.id, secret: 'whsec_dev_alpha_meterco_1' };
    await waitFor('the new secret', async () => (await deliver(rotated)).status === 202);
    expect((await deliver(key)).status).toBe(202);
  });
});

describe.each(['/api-keys', '/webhook-keys'] as const)('%s', (path) => {
  it('changes a key only as its caller has seen it', async () => {
    const key = await issue(path);
    for (const call of [
      () => admin.post(`${path}/${key.id}/rotate`, {}),
      () => admin.send('DELETE', `${path}/${key.id}`),
    ]) {
      const unconditional = await call();
      expect([unconditional.status, unconditional.json.type]).toEqual([
        428,
        'urn:zerosum:problem:precondition_required',
      ]);
    }
    const racers = await Promise.all(Array.from({ length: 6 }, () => rotate(path, key)));
    expect(racers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
    expect((await revoke(path, key)).status).toBe(412);
    const seen = await admin.get(`${path}/${key.id}`);
    expect([seen.headers.get('etag'), seen.json.etag, seen.json.revoked_at]).toEqual(['"2"', '"2"', null]);
    expect((await revoke(path, seen.json)).status).toBe(200);
  });

  it('lists a tenant’s keys in pages, and never a secret', async () => {
    const ids = ['list-a', 'list-b', 'list_c'].map((id) => `${path.slice(1, 4)}-${id}`);
    for (const id of ids) await issue(path, { id, tenant: 'tenant_beta' });
    const listed: { id: string; tenant: string }[] = [];
    let cursor = '';
    do {
      const page = await admin.get(`${path}?tenant=tenant_beta&limit=2${cursor && `&cursor=${cursor}`}`);
      expect(page.status).toBe(200);
      expect(page.json.keys.length).toBeLessThanOrEqual(2);
      listed.push(...page.json.keys);
      cursor = page.json.next_cursor ?? '';
      expect(page.text).not.toMatch(/secret|hash|sealed/);
    } while (cursor !== '');
    expect(new Set(listed.map(({ tenant }) => tenant))).toEqual(new Set(['tenant_beta']));
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    expect((await admin.get(path)).json.keys.length).toBeGreaterThan(listed.length);
  });

  it.each([
    [{ tenant: 'nobody_knows' }, 'tenant'],
    [{ tenant: undefined }, 'tenant'],
    [{ id: 'a:b' }, 'id'],
    [{ id: 'k'.repeat(65) }, 'id'],
    [{ id: '' }, 'id'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['ledger:read', 'ledger:read'] }, 'scopes'],
    [{ scopes: ['ledger:write'] }, 'scopes.0'],
    [{ scopes: 'ledger:read' }, 'scopes'],
  ])('issues none for %o', async (wish, field) => {
    const answer = await admin.post(path, { tenant: 'tenant_alpha', scopes: ['ledger:read'], ...wish });
    // A webhook key has no scopes: there it is an unknown field like any other.
    if (path === '/webhook-keys' && field.startsWith('scopes')) {
      expect(answer.status).toBe(201);
      secrets.push(answer.json.secret);
    } else expect([answer.status, answer.json.errors?.[0]?.field]).toEqual([400, field]);
  });

  it.each([-1, 2_592_001, 1.5, '60', null])('rotates none with an overlap of %j', async (seconds) => {
    const key = await issue(path);
    expect((await rotate(path, key, { overlap_seconds: seconds })).status).toBe(400);
    expect((await admin.get(`${path}/${key.id}`)).json.etag).toBe('"1"');
  });

  it('knows nothing of an id that is nobody’s', async () => {
    for (const id of ['nobody', 'a%3Ab', 'k'.repeat(65)]) {
      expect((await admin.get(`${path}/${id}`)).status).toBe(404);
      expect((await revoke(path, { id, etag: '"1"', secret: '' })).status).toBe(404);
      expect((await rotate(path, { id, etag: '"1"', secret: '' })).status).toBe(404);
    }
  });

  it('is for administrators', async () => {
    const authorization = `Bearer ${await mint({ tenant_id: 'tenant_alpha' })}`;
    for (const [method, one] of [
      ['GET', path],
      ['POST', path],
      ['DELETE', `${path}/k`],
      ['POST', `${path}/k/rotate`],
    ] as const) {
      expect((await request(`${stack.url}${one}`, { method })).status).toBe(401);
      expect((await request(`${stack.url}${one}`, { method, headers: { authorization } })).status).toBe(403);
    }
  });
});

describe('the audit log', () => {
  it('has who issued, rotated and revoked which key', async () => {
    const key = await issue('/api-keys', { id: 'audited', scopes: ['usage:write'] });
    const { json } = await rotate('/api-keys', key, { overlap_seconds: 60 });
    await revoke('/api-keys', json);
    const { entries } = (await admin.get('/audit')).json;
    const own = entries.filter((entry: { target: { key_id?: string } }) => entry.target.key_id === 'audited');
    const told = own.map(({ action, status, target }: Record<string, unknown>) => [action, status, target]).reverse();
    const [issuing, rotating, revoking] = ['POST /api-keys', 'POST /api-keys/{id}/rotate', 'DELETE /api-keys/{id}'];
    const wish = { key_id: 'audited', tenant: 'tenant_alpha', scopes: 'usage:write' };
    const done = { key_id: 'audited', tenant: 'tenant_alpha', overlap_seconds: '60', revision: '2' };
    expect(told).toEqual([
      [issuing, null, wish],
      [issuing, 201, { ...wish, revision: '1' }],
      [rotating, null, { key_id: 'audited', overlap_seconds: '60' }],
      [rotating, 200, { ...done, previous_valid_until: json.previous_valid_until }],
      [revoking, null, { key_id: 'audited' }],
      [revoking, 200, { key_id: 'audited', tenant: 'tenant_alpha', revision: '3' }],
    ]);
  });
});

it('keeps no secret that it has shown: in no table, no log and no audit entry', async () => {
  const client = engineClient(stack);
  const tables = await Promise.all(
    ['Config', 'Operations', 'UsageIntake', 'Ledger'].map((label) => scan(client, stack.table(label))),
  );
  client.destroy();
  const logs = join(stack.data, 'logs');
  const texts = [
    JSON.stringify(tables, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    ...readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8')),
  ];
  expect(secrets.length).toBeGreaterThan(30);
  expect(texts.join('')).toContain('once_only');
  const shown = secrets
    .map((secret) => secret.slice(-64))
    .filter((digits) => texts.some((text) => text.includes(digits)));
  expect(shown).toEqual([]);
});
