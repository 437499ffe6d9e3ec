import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stored } from '../../lambdas/storage/item.ts';
import { headKey, intakeKey, type Key, markerKey, pageKey } from '../../lambdas/storage/keys.ts';
import { markerOf } from '../../lambdas/storage/ledger.ts';
import { Runs } from '../../lambdas/storage/runs.ts';
import { audit, engineClient } from '../support/audit.ts';
import { type Answer, mint, request, TenantClient } from '../support/client.ts';
import { must } from '../support/events.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

/** For the whole soak on a machine that may be loaded; it is over after so many rounds, not after a time. */
const SOAK_TIMEOUT_MS = 180_000;
const EVENTS_PER_ROUND = 60;
const RUNS_AT_LEAST = 9;
const ROUNDS_MAX = 60;

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
  expect(everything.json).toMatchObject({ ok: true, complete: true, checked: { guard_findings: 0 } });
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

it('sees nothing wrong while events are posted, months closed, strays swept and runs run over each other, then sees one edit', {
  timeout: SOAK_TIMEOUT_MS,
}, async () => {
  // Known to the system: only a known tenant's months can be closed.
  const tenant = 'tenant_alpha';
  const client = new TenantClient(() => stack.url, tenant);
  const months = ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10'];
  const verdicts: Answer[] = [];
  let isOver = false;
  const run = async (body: object) => {
    while (!isOver) verdicts.push(await reconcile(body));
  };
  const sweep = async () => {
    while (!isOver) expect(await stack.invoke('Reconcile', {})).toMatchObject({ kind: 'result' });
  };
  const runs = Promise.all([run({}), run({ tenant }), run({ full: false }), sweep()]);
  let entries = 0;
  for (let round = 0; round < months.length || (verdicts.length < RUNS_AT_LEAST && round < ROUNDS_MAX); round += 1) {
    const period = months[round] ?? '2026-10';
    const sent = Array.from({ length: EVENTS_PER_ROUND }, (_, index) => {
      const keyed = { idempotency_key: `r${round}-${index}`, quantity: 1 + (index % 7) };
      return client.post(index % 3 === 0 ? { ...keyed, event_date: `${period}-15T00:00:00Z` } : keyed);
    });
    const closed = admin('POST', '/periods/close', { tenant, period });
    expect(new Set((await Promise.all(sent)).map(({ status }) => status))).toEqual(new Set([202]));
    expect((await closed).status).toBe(round < months.length ? 200 : 409);
    await admin('POST', '/adjustments', { tenant, amount_minor: -5, idempotency_key: `a${round}`, reason: 'soak' });
    entries += EVENTS_PER_ROUND + 1;
  }
  isOver = true;
  await runs;
  expect(verdicts.length).toBeGreaterThanOrEqual(RUNS_AT_LEAST);
  expect(verdicts.flatMap(({ json }) => json.discrepancies)).toEqual([]);
  expect(verdicts.every(({ status, json }) => status === 200 && json.ok)).toBe(true);

  // The next posting to a lane would write its head anew, and with it over the edit.
  await waitFor('all of it to be posted', async () => {
    return (await lanesOf(tenant)).reduce((total, { entryCount }) => total + entryCount, 0) === entries;
  });
  const [edited] = await lanesOf(tenant);
  await engine.send(
    new UpdateCommand({
      TableName: stack.table('Balances'),
      Key: { ...headKey(must(edited)) },
      UpdateExpression: 'SET entry_count = entry_count + :one',
      ExpressionAttributeValues: { ':one': 1 },
    }),
  );
  const { json } = await reconcile({ tenant });
  const { period, lane } = must(edited);
  expect(json.discrepancies).toEqual([
    expect.objectContaining({
      type: 'head_mismatch',
      tenant_id: tenant,
      detail: expect.objectContaining({ period, lane }),
    }),
  ]);
});

it('verifies on its schedules, and leaves an anchor', async () => {
  for (const task of ['verify-new', 'verify-all']) {
    const result = await stack.invoke('Reconcile', { task });
    expect(result).toMatchObject({ kind: 'result', payload: { mode: task === 'verify-new' ? 'new' : 'full' } });
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

/** The lanes of a tenant that hold entries. */
async function lanesOf(tenant: string) {
  const { lanes } = await audit(stack);
  return lanes.filter((head) => head.tenant === tenant && head.entryCount > 0);
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
