import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stored } from '../../lambdas/storage/item.ts';
import { intakeKey, type Key, markerKey, pageKey } from '../../lambdas/storage/keys.ts';
import { markerOf } from '../../lambdas/storage/ledger.ts';
import { Runs } from '../../lambdas/storage/runs.ts';
import { audit, engineClient } from '../support/audit.ts';
import { type Answer, mint, request, TenantClient } from '../support/client.ts';
import { must } from '../support/events.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

let stack: RunningStack;
let engine: DynamoDBDocumentClient;

beforeAll(async () => {
  stack = await startStack();
  engine = engineClient(stack);
});
afterAll(async () => {
  engine?.destroy();
  await stack?.stop();
});

it('answers an administrator only, and reads what it is asked', async () => {
  expect((await reconcile({}, { tenant_id: 'tenant_alpha' })).status).toBe(403);
  expect((await reconcile({ full: 'yes' })).status).toBe(400);
  expect((await reconcile({ tenant: 'No Tenant' })).status).toBe(400);
  expect((await admin('GET', '/reconcile/run_20260101000000000_00000000')).status).toBe(404);
  expect((await admin('GET', '/reconcile/nothing')).status).toBe(404);
  const empty = await admin('POST', '/reconcile');
  expect(empty.status).toBe(200);
  expect(empty.json).toMatchObject({ ok: true, discrepancies: [], complete: true, mode: 'full' });
});

it('finds nothing in what the system has posted, and shows the run again', async () => {
  const client = await posted('clean', 40);
  expect(await client.balanceMinor()).toBe('40');
  const { json } = await reconcile({ tenant: 'clean' });
  expect(json).toMatchObject({ ok: true, discrepancies: [], complete: true, tenant: 'clean' });
  expect(json.checked).toMatchObject({ entries: 40, markers: 40, intake_records: 40 });
  expect((await admin('GET', `/reconcile/${json.run_id}`)).json).toEqual(json);
  const everything = await reconcile({ full: true });
  expect(everything.json).toMatchObject({ ok: true, complete: true });
  expect((await reconcile({ full: false })).json).toMatchObject({ ok: true, complete: true, mode: 'new' });
});

it('names and locates an entry whose amount was edited on both legs', async () => {
  await posted('edited', 5);
  const key = markerKey(stored.tenant.parse('edited'), stored.eventId.parse('api:k3'));
  const marker = markerOf(await item('Ledger', key));
  const page = await pageAt(marker);
  const doubled = page.entries.map((entry, index) =>
    index === marker.index
      ? { ...entry, postings: entry.postings.map((each) => ({ ...each, amount_minor: each.amount_minor * 2n })) }
      : entry,
  );
  await put('Ledger', { ...page, entries: doubled });

  const { status, json } = await reconcile({ tenant: 'edited' });
  expect(status).toBe(200);
  expect(json).toMatchObject({ ok: false, complete: true });
  const { period, lane, seq, index } = marker;
  expect(json.discrepancies).toContainEqual({
    ...{ type: 'amount_mismatch', tenant_id: 'edited', event_id: 'api:k3', txn_id: expect.stringMatching(/^txn_/) },
    ...{ expected: '1', posted: '2', detail: { period, lane, seq, index, message: expect.any(String) } },
  });
  expect(json.discrepancies.map(({ type }: { type: string }) => type).sort()).toEqual([
    'altered_page',
    'amount_mismatch',
  ]);

  await put('Ledger', page);
  expect((await reconcile({ tenant: 'edited' })).json).toMatchObject({ ok: true });
});

it('finds an intake record that is gone', async () => {
  await posted('forgetful', 3);
  const key = intakeKey(stored.tenant.parse('forgetful'), stored.eventId.parse('api:k1'));
  const record = await item('UsageIntake', key);
  await engine.send(new DeleteCommand({ TableName: stack.table('UsageIntake'), Key: { ...key } }));
  const { json } = await reconcile({});
  expect(json.discrepancies).toEqual([
    expect.objectContaining({ type: 'missing_intake', tenant_id: 'forgetful', event_id: 'api:k1' }),
  ]);
  await put('UsageIntake', record);
  expect((await reconcile({})).json).toMatchObject({ ok: true });
});

it('goes on by itself with a run whose process was killed, to the same verdict', async () => {
  await posted('killed', 30);
  await stack.crash('Reconcile', 'reconcile:between-steps');
  // Nobody gets an answer from a process that is gone.
  expect((await reconcile({ tenant: 'killed' })).status).toBeGreaterThanOrEqual(500);
  expect(await stack.armed()).toEqual([]);
  const [open] = await openRuns();
  const runId = must(open);
  const begun = await admin('GET', `/reconcile/${runId}`);
  expect(begun.json).toMatchObject({ complete: false, tenant: 'killed' });
  // As the queue says it, or the schedule.
  const body = JSON.stringify({ run_id: runId });
  const result = await stack.invoke('Reconcile', { Records: [{ messageId: 'm', body }] });
  expect(result).toMatchObject({ kind: 'result', payload: { batchItemFailures: [] } });
  const done = await admin('GET', `/reconcile/${runId}`);
  expect(done.json).toMatchObject({
    ok: true,
    complete: true,
    checked: { entries: 30, markers: 30, intake_records: 30 },
  });
  expect(await openRuns()).toEqual([]);
});

it('verifies on its schedules, and leaves an anchor', async () => {
  for (const task of ['verify-new', 'verify-all']) {
    const result = await stack.invoke('Reconcile', { task });
    expect(result).toMatchObject({ kind: 'result', payload: { found: 0 } });
  }
});

async function reconcile(body: object, claims: Record<string, unknown> = { admin: true }): Promise<Answer> {
  return admin('POST', '/reconcile', body, claims);
}

async function admin(
  method: string,
  path: string,
  body?: object,
  claims: Record<string, unknown> = { admin: true },
): Promise<Answer> {
  const headers = { authorization: `Bearer ${await mint(claims)}` };
  return request(`${stack.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

/** A tenant with so many events of one unit each, all of them posted. */
async function posted(tenant: string, events: number): Promise<TenantClient> {
  const client = new TenantClient(() => stack.url, tenant);
  const keys = Array.from({ length: events }, (_, index) => `k${index}`);
  const answers = await Promise.all(keys.map((key) => client.post({ idempotency_key: key })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  await waitFor(`${events} events of ${tenant} to be posted`, async () => {
    const { charges } = await audit(stack);
    return keys.every((key) => charges.has(`${tenant} api:${key}`));
  });
  return client;
}

type PageItem = Record<string, unknown> & { entries: { postings: { amount_minor: bigint }[] }[] };

async function pageAt(marker: ReturnType<typeof markerOf>): Promise<PageItem> {
  return (await item('Ledger', pageKey(marker, marker.seq))) as PageItem;
}

async function item(table: string, key: Key): Promise<Record<string, unknown>> {
  const get = new GetCommand({ TableName: stack.table(table), Key: { ...key }, ConsistentRead: true });
  return must((await engine.send(get)).Item);
}

async function put(table: string, changed: Record<string, unknown>): Promise<void> {
  await engine.send(new PutCommand({ TableName: stack.table(table), Item: changed }));
}

async function openRuns(): Promise<string[]> {
  const runs: string[] = [];
  for await (const id of new Runs(engine, stack.table('Operations')).open()) runs.push(id);
  return runs;
}
