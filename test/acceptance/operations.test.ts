import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runReconcileRestored } from '../../bin/reconcile-restored.ts';
import { GuardFindings } from '../../lambdas/storage/guard-findings.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { AdminClient } from '../support/admin-client.ts';
import { alarmEvent } from '../support/alarm-event.ts';
import { engineClient, scan } from '../support/audit.ts';
import { type Answer, mint, request, TenantClient } from '../support/client.ts';
import { createTable, TABLES } from '../support/dynamodb.ts';
import { alpha, eventId, must, quantity, requestId, usageEvent } from '../support/events.ts';
import { everythingSaid, type LogLine, logLines } from '../support/function-logs.ts';
import { type EmbeddedStack, startEmbeddedStack } from '../support/stack.ts';
import { StackQueue } from '../support/stack-queue.ts';
import { waitFor } from '../support/wait-for.ts';
import { meterco, ownHeaders } from '../support/webhook-signer.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let stack: EmbeddedStack;
const admin = new AdminClient(() => stack.url);
const client = (tenant: string) => new TenantClient(() => stack.url, tenant);

beforeAll(async () => {
  stack = await startEmbeddedStack();
});
afterAll(() => stack?.stop());

function deliver(body: string, headers = ownHeaders(meterco, body, Math.floor(Date.now() / 1_000))): Promise<Answer> {
  return request(`${stack.url}/webhooks/usage`, { method: 'POST', headers, body });
}

describe('the name of a request', () => {
  const tenant = client('tenant_alpha');

  /** The line of the consumer's log in which it and this event stand together. */
  async function lineOf(request: string, event: string, message = 'A page was posted.'): Promise<LogLine> {
    const names = { event_id: event, request_id: request };
    const fits = (line: LogLine) =>
      line.message === message &&
      [line, ...((line['events'] as object[]) ?? [])].some((one) =>
        Object.entries(names).every(([name, value]) => (one as LogLine)[name] === value),
      );
    await waitFor(`${message} ${event}`, () => logLines(stack, 'Consumer').some(fits));
    return must(logLines(stack, 'Consumer').find(fits));
  }

  const nameOf = (answer: Answer) => must(answer.headers.get('x-request-id'));

  /** Where the log says that the entry is, and where the receipt does. */
  async function expectTold(request: string, event: string): Promise<void> {
    const { tenant: whose, period, lane, seq } = await lineOf(request, event);
    await tenant.settled(event);
    const { proof } = (await tenant.receipt(event)).json;
    expect({ whose, period, lane, seq }).toEqual({
      ...{ whose: 'tenant_alpha', period: proof.period, lane: proof.lane, seq: proof.seq },
    });
  }

  it('leads from every kind of acceptance to the page of its entry', async () => {
    const single = await tenant.post({ idempotency_key: 'trail' });
    await expectTold(nameOf(single), 'api:trail');
    const batch = ['one', 'two'].map((key) => {
      return { tenant: 'tenant_alpha', metric: 'api_call', quantity: 1, idempotency_key: key };
    });
    const headers = { 'content-type': 'application/json' };
    const packed = await tenant.send('POST', '/events/batch', { body: JSON.stringify(batch), headers });
    for (const key of ['one', 'two']) await expectTold(nameOf(packed), `api:${key}`);
    const delivered = await deliver(JSON.stringify({ event_id: 'trail', metric: 'api_call', quantity: 1 }));
    await expectTold(nameOf(delivered), 'wh:whk_alpha_meterco:trail');
    const adjustment = { tenant: 'tenant_alpha', amount_minor: 3, idempotency_key: 'trail', reason: 'because' };
    await expectTold(nameOf(await admin.post('/adjustments', adjustment)), 'adj:trail');
  });

  it('leads from a repeated request to the first', async () => {
    const first = nameOf(await tenant.post({ idempotency_key: 'again' }));
    const second = nameOf(await tenant.post({ idempotency_key: 'again' }));
    await waitFor('the repetition', () => logLines(stack, 'Ingest').some((line) => line['repeated_by'] === second));
    const line = must(logLines(stack, 'Ingest').find((one) => one['repeated_by'] === second));
    expect(line['events']).toEqual([{ event_id: 'api:again', request_id: first }]);
  });

  it('leads to an entry also when the function died and the event was sent again from its record', async () => {
    await stack.crash('Ingest', 'ingest:after-intake');
    const died = await tenant.post({ idempotency_key: 'died' });
    expect(died.status).toBe(503);
    const redriven = await admin.post('/dead-letters/redrive', { tenant: 'tenant_alpha', event_ids: ['api:died'] });
    expect(redriven.text).toContain('redriven');
    await expectTold(nameOf(died), 'api:died');
  });

  it('leads to a refusal and its reason', async () => {
    await tenant.post({ idempotency_key: 'taken' });
    await tenant.settled('api:taken');
    const other = usageEvent('taken', { tenant: alpha, quantity: quantity(2), requestId: requestId('forged-1') });
    await new StackQueue(stack, 'UsageQueueUsage').send(encodeUsageMessage({ tenant: alpha, events: [other] }));
    const line = await lineOf('forged-1', 'api:taken', 'An event was refused.');
    expect(line).toMatchObject({ tenant: 'tenant_alpha', reason: 'another payload was already posted under this id' });
  });
});

describe('an alarm', () => {
  const [victim, bystander] = [client('victim'), client('bystander')];

  async function charge(tenant: TenantClient): Promise<void> {
    await tenant.post({ idempotency_key: 'k' });
    await tenant.settled('api:k');
  }

  /** Copies of the tables, as a restore from a point in time makes them. */
  async function copyTables(suffix: string): Promise<void> {
    const engine = engineClient(stack);
    const copies = [
      ...[
        { label: 'UsageIntake', like: 'intake' },
        { label: 'AdjustmentIntake', like: 'adjustments' },
      ],
      ...[
        { label: 'Ledger', like: 'ledger' },
        { label: 'Balances', like: 'balances' },
      ],
    ] as const;
    for (const { label, like } of copies) {
      const TableName = `${stack.table(label)}${suffix}`;
      await createTable(engine, TableName, TABLES[like]);
      for (const Item of await scan(engine, stack.table(label))) await engine.send(new PutCommand({ TableName, Item }));
    }
    engine.destroy();
  }

  it('has the tenant verified whose records were edited, and what a restore brings back shows what was', async () => {
    for (const tenant of [victim, bystander]) await charge(tenant);
    await copyTables('.before');
    const engine = engineClient(stack);
    const ledger = stack.table('Ledger');
    const page = must((await scan(engine, ledger)).find(({ pk }) => pk.startsWith('J#victim#')));
    await engine.send(new PutCommand({ TableName: ledger, Item: { ...page, posted_at: '2020-01-01T00:00:00.000Z' } }));
    await waitFor('the guard to see it', async () => {
      return (await new GuardFindings(engine, stack.table('Operations')).count()) > 0;
    });
    engine.destroy();

    const { kind, payload } = await stack.invoke(
      'Reconcile',
      alarmEvent('zerosum-local-GuardFindings', new Date().toISOString()),
    );
    expect(kind).toBe('result');
    const { tenants, run_ids: ids } = payload as { tenants: string[]; run_ids: string[] };
    // And the one of whom an event was refused.
    expect(tenants).toEqual(['victim', 'tenant_alpha']);
    await waitFor('the run', async () => (await admin.get(`/reconcile/${ids[0]}`)).json.complete);
    const { json: run } = await admin.get(`/reconcile/${ids[0]}`);
    expect(run).toMatchObject({ ok: false, tenant: 'victim', mode: 'full' });
    expect(run.discrepancies.map(({ type }: { type: string }) => type)).toContain('altered_page');

    await copyTables('.after');
    vi.stubEnv('ZEROSUM_DATA', stack.data);
    const verdict = async (suffix: string, ...more: string[]) => {
      const { code, out, error } = await runReconcileRestored([
        ...['--local', '--suffix', suffix, '--at', new Date().toISOString(), ...more],
      ]);
      expect(error).toBeUndefined();
      return { code, found: JSON.parse(out ?? '').discrepancies.length };
    };
    // Of tenant_alpha, another test has left what contradicts itself.
    expect(await verdict('.before', '--tenant', 'victim')).toEqual({ code: 0, found: 0 });
    expect((await verdict('.after', '--tenant', 'victim')).code).toBe(1);
    expect(await verdict('.after', '--tenant', 'bystander')).toEqual({ code: 0, found: 0 });
    vi.unstubAllEnvs();
    const missing = await runReconcileRestored(['--local', '--suffix', '-x']);
    expect(missing).toMatchObject({ code: 64, error: expect.stringContaining('--at') });
  });
});

describe('what is in the logs', () => {
  it('are names, and never a secret, a token, a signature, or anything that a request or message said', async () => {
    const mark = 'MARKED';
    const token = await mint({ tenant_id: 'tenant_alpha', note: `${mark}-claim` });
    const forged = await mint({ tenant_id: 'tenant_alpha' }, `${mark}-other-secret`);
    const call = (path: string, init: RequestInit, bearer = token) =>
      request(`${stack.url}${path}`, { ...init, headers: { authorization: `Bearer ${bearer}`, ...init.headers } });
    const event = { tenant: 'tenant_alpha', metric: 'api_call', quantity: 918_273_645, idempotency_key: 'logged' };
    const statuses = [
      await call('/events', { method: 'POST', body: JSON.stringify({ ...event, note: `${mark}-field` }) }),
      await call('/events', { method: 'POST', body: JSON.stringify({ ...event, quantity: 546_372_819 }) }),
      await call('/events', { method: 'POST', body: JSON.stringify({ ...event, metric: `${mark}-metric` }) }),
      await call('/events', { method: 'POST', body: `{"${mark}-broken` }),
      await call('/events', { method: 'POST', body: '{}' }, forged),
      await call('/events', { method: 'POST', body: '{}' }, `zs_${mark}_${mark}-key-secret`),
      await call('/events/batch', {
        ...{ method: 'POST', headers: { 'content-type': 'application/x-ndjson' } },
        body: `${JSON.stringify({ ...event, idempotency_key: 'logged2' })}\n{"${mark}`,
      }),
      await call(`/statement?cursor=${mark}-cursor&limit=${mark}`, {}),
      await call(`/events/${mark}-unknown`, {}),
      await deliver(`{"event_id":"logged","metric":"api_call","quantity":1,"note":"${mark}-delivery"}`),
      await deliver(`{"${mark}-unsigned`, {
        ...{ 'x-key-id': 'whk_alpha_meterco', 'x-timestamp': '1', 'x-signature': `${mark}-signature` },
      }),
      await admin.post('/adjustments', {
        ...{ tenant: 'tenant_alpha', amount_minor: 123_454_321, idempotency_key: 'logged', reason: `${mark}-reason` },
      }),
      await admin.post('/periods/close', { tenant: `${mark}`, period: `${mark}` }),
      await admin.post('/tenants', { tenant: 'logged', name: `${mark}-name` }),
      await admin.post('/reconcile', `{"${mark}`),
    ].map(({ status }) => status);
    expect(new Set(statuses)).toEqual(
      new Set([202, 207, 400, 401, 404, 409, ...statuses.filter((each) => each < 300)]),
    );

    // Messages and records that nobody of ours wrote are complained of, not quoted.
    const usage = new StackQueue(stack, 'UsageQueueUsage');
    const group = { MessageGroupId: 'logged', MessageDeduplicationId: 'logged' };
    await usage.send({ MessageBody: `${mark}-message`, ...group });
    const engine = engineClient(stack);
    const [record] = (await scan(engine, stack.table('UsageIntake'))).filter(({ sk }) => sk === 'api:logged2');
    const damaged = { ...must(record), metric: `${mark}\u0000`, price_version: `${mark}-version` };
    await engine.send(new PutCommand({ TableName: stack.table('UsageIntake'), Item: damaged }));
    engine.destroy();
    const refusedNow = await call('/events', {
      ...{ method: 'POST', body: JSON.stringify({ ...event, idempotency_key: 'logged2' }) },
    });
    expect(refusedNow.status).toBe(503);
    await admin.post('/dead-letters/redrive', { tenant: 'tenant_alpha', event_ids: ['api:logged2'] });
    await client('tenant_alpha').settled(eventId('api:logged'));
    await waitFor('what was complained of', () => {
      return logLines(stack, 'Consumer').length > 0 && /damaged at/.test(everythingSaid(stack));
    });

    const said = everythingSaid(stack);
    expect(said).toContain('api:logged');
    const signature = ownHeaders(meterco, 'x', 1)['x-signature'];
    for (const secret of [token, forged, meterco.secret, 'dev_jwt_secret_1', must(signature)]) {
      expect(said).not.toContain(secret);
    }
    // What was charged in all is a metric; it says neither to whom nor for what.
    const [money, lines] = [
      /^\{"_aws".*"service":"consumer","currency":"USD","UsageChargedMinor":\d+\}$/,
      said.split('\n'),
    ];
    const quoted = lines.filter((line) => /MARKED|918273645|546372819|123454321/.test(line) && !money.test(line));
    expect(quoted).toEqual([]);
  });
});

describe('the runbook', () => {
  const blocks = [...readFileSync(`${ROOT}/docs/runbook.md`, 'utf8').matchAll(/```sh\n(.*?)```/gs)].map(
    (match) => match[1] ?? '',
  );
  const blockWith = (text: string) => must(blocks.find((block) => block.includes(text)));

  /** Runs one of its blocks here, after the one that says where the API is. */
  async function shell(block: string): Promise<string> {
    const here = `${blockWith('--admin --local')}\n${block}`
      .replaceAll('http://127.0.0.1:3000', stack.url)
      .replaceAll('.zerosum/logs', `${stack.data}/logs`)
      .replaceAll('--stage $STAGE', '--local');
    const options = { cwd: ROOT, env: { ...process.env, ZEROSUM_DATA: stack.data, REQUEST_ID: named } };
    return (await promisify(execFile)('bash', ['-euc', here], options)).stdout;
  }
  let named = '';

  it('does here what it says', async () => {
    const charged = await client('tenant_alpha').post({ idempotency_key: 'first' });
    named = must(charged.headers.get('x-request-id'));
    await client('tenant_alpha').settled('api:first');
    expect(await shell(blockWith('$API/reconcile'))).toContain('"run_id"');
    expect(await shell(blockWith('/dead-letters/redrive'))).toContain('already_posted');
    expect(await shell(blockWith('$API/tenants'))).toContain('tenant_gamma');
    expect(await shell(blockWith('$REQUEST_ID'))).toContain('A page was posted.');
    expect(await shell(blockWith('rotate-secret'))).toMatch(/jwt is rotated[\s\S]*webhook-seal is rotated/);
  });
});
