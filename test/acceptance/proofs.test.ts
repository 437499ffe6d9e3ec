import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runVerifyProof } from '../../client/proof/verify-proof.ts';
import { usageLane } from '../../lambdas/domain/lane.ts';
import type { LaneKey } from '../../lambdas/domain/page.ts';
import { periodOf } from '../../lambdas/domain/period.ts';
import { anchorOf } from '../../lambdas/storage/anchor-document.ts';
import { AdminClient } from '../support/admin-client.ts';
import { engineClient } from '../support/audit.ts';
import { TenantClient } from '../support/client.ts';
import { addTenants } from '../support/config.ts';
import { daysFromNow } from '../support/dates.ts';
import { eventId, instant, lane, must, tenantId } from '../support/events.ts';
import { rewriteTail } from '../support/rewrite-tail.ts';
import { type RunningStack, startStack, temporaryFolder } from '../support/stack.ts';
import { type Json, tamperings } from '../support/tamper.ts';
import { waitFor } from '../support/wait-for.ts';

const TENANTS = ['unanchored', 'rewritten', 'stealthy', 'proven', 'closing', 'adjusted', 'hidden'];
const LANE = 5;

let stack: RunningStack;
let admin: AdminClient;
let tables: DynamoDBDocumentClient;
let s3: S3Client;
let folder: string;

beforeAll(async () => {
  stack = await startStack();
  // A schedule that verifies what is new at the start must not see, and remember, what is about to be rewritten.
  if (stack.runsSchedulesAtStart) {
    await waitFor('the scheduled run', async () => /is done.*"verify-new"/.test(await stack.log('Reconcile')));
  }
  admin = new AdminClient(() => stack.url);
  tables = engineClient(stack);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  s3 = new S3Client({ endpoint: stack.engineEndpoint('s3'), region: stack.info().region, credentials });
  folder = temporaryFolder();
  await addTenants(stack, TENANTS);
});
afterAll(async () => {
  tables?.destroy();
  s3?.destroy();
  await stack?.stop();
});

describe('a lane rewritten coherently by someone who may write every table', () => {
  it('passes for true as long as it was never anchored', async () => {
    const { key, client } = await laneOf('unanchored', 3);
    await rewriteTail(tables, stack, key, 2);
    expect(await client.balanceMinor()).toBe('5');
    expect(await reconcile({})).toMatchObject({ ok: true, discrepancies: [], complete: true });
  });

  it('is found by its anchor, and located, by every full run from then on', async () => {
    const { key } = await laneOf('rewritten', 4);
    expect(await reconcile({})).toMatchObject({ ok: true });
    await rewriteTail(tables, stack, key, 3);
    for (const body of [{}, { tenant: 'rewritten' }]) {
      const { ok, discrepancies } = await reconcile(body);
      expect(ok).toBe(false);
      expect(discrepancies).toEqual([
        expect.objectContaining({
          ...{ type: 'anchored_hash_missing', tenant_id: 'rewritten' },
          detail: expect.objectContaining({ period: key.period, lane: LANE, seq: 4 }),
        }),
      ]);
    }
  });

  it('is found by a run over what is new before it is anchored again', async () => {
    const { key, client } = await laneOf('stealthy', 2);
    await reconcile({});
    const before = await keysOf(key);
    await rewriteTail(tables, stack, key, 1);
    await post(client, 1);
    const { discrepancies } = await reconcile({ tenant: 'stealthy', full: false });
    expect(discrepancies).toMatchObject([
      { type: 'anchored_hash_missing', tenant_id: 'stealthy', detail: { period: key.period, lane: LANE, seq: 2 } },
    ]);
    expect(await keysOf(key)).toEqual(before);
  });
});

describe('an anchor', () => {
  it('can be neither overwritten nor deleted', async () => {
    await laneOf('hidden', 1);
    await reconcile({ full: false });
    const Bucket = stack.bucket('Anchors');
    const Key = must((await keys('runs/')).at(-1));
    const text = await textOf(Key);
    const forged = new PutObjectCommand({ Bucket, Key, Body: '{}', IfNoneMatch: '*' });
    await expect(s3.send(forged)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    expect(Versions).toHaveLength(1);
    const remove = new DeleteObjectCommand({ Bucket, Key, VersionId: must(Versions[0]?.VersionId) });
    await expect(s3.send(remove)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await textOf(Key)).toBe(text);
  });

  it('is missed when it is hidden behind a delete marker', async () => {
    const Bucket = stack.bucket('Anchors');
    const Key = must((await keys('runs/')).at(-1));
    // The next anchor names it as the one before.
    await post(new TenantClient(() => stack.url, 'hidden'), 1);
    await reconcile({ tenant: 'hidden', full: false });
    const hide = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    const { discrepancies } = await reconcile({});
    expect(discrepancies).toContainEqual(
      expect.objectContaining({ type: 'missing_anchor', detail: expect.objectContaining({ item: Key }) }),
    );
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: must(hide.VersionId) }));
    expect((await reconcile({})).discrepancies).not.toContainEqual(expect.objectContaining({ type: 'missing_anchor' }));
  });
});

describe('verify-proof, over what the running system gives', () => {
  it('proves an entry by a run’s anchor several pages later', async () => {
    const { key, client, ids } = await laneOf('proven', 4);
    await reconcile({ tenant: 'proven', full: false });
    const anchor = await textOf(must((await keysOf(key)).at(-1)));
    const { seq } = must(anchorOf(anchor).heads.find((head) => head.tenant === key.tenant && head.lane === LANE));
    expect(seq).toBe(4);
    const { text: receipt } = await client.get(`${pathOf(must(ids[1]))}?proof=full&to_seq=${seq}`);
    const { code, text } = verify(receipt, anchor);
    expect(text).toContain(`PROVEN: ${ids[1]}`);
    expect(code).toBe(0);

    const { text: alone } = await client.get(`${pathOf(must(ids[1]))}?proof=full`);
    const missing = verify(alone, anchor);
    expect(missing.code).toBe(2);
    // What it says to get is what is missing.
    const request = must(/\/events\/\S+/.exec(missing.text)?.[0]);
    const { text: links } = await client.get(request);
    expect(verify(alone, anchor, links).code).toBe(0);

    let refused = 0;
    for (const { path, document } of tamperings(JSON.parse(receipt) as Json)) {
      if (path === 'received_at') continue;
      expect(verify(JSON.stringify(document), anchor).code, path).toBe(2);
      refused += 1;
    }
    expect(refused).toBeGreaterThan(50);
  });

  it('proves an entry by the anchor of its month’s close, which names no other tenant', async () => {
    const { key, client, ids } = await laneOf('closing', 2);
    expect((await admin.post('/periods/close', { tenant: 'closing', period: key.period })).status).toBe(200);
    const anchorKey = must((await keys('closes/')).find((one) => one.includes('-closing-')));
    const anchor = await textOf(anchorKey);
    const { kind, heads, seals } = anchorOf(anchor);
    expect([kind, heads.map(({ tenant }) => tenant), seals.length]).toEqual(['close', ['closing'], 1]);
    const { text: receipt } = await client.get(`${pathOf(must(ids[0]))}?proof=full&to_seq=2`);
    expect(verify(receipt, anchor)).toMatchObject({ code: 0, text: expect.stringContaining('by a close') });
  });

  it('proves an adjustment', async () => {
    const client = new TenantClient(() => stack.url, 'adjusted');
    const body = { tenant: 'adjusted', amount_minor: -250, idempotency_key: 'credit', reason: 'goodwill' };
    expect((await admin.post('/adjustments', body)).status).toBe(202);
    await client.settled('adj:credit');
    await reconcile({ tenant: 'adjusted', full: false });
    const month = periodOf(instant(daysFromNow(0)));
    const anchor = await textOf(
      must((await keysOf({ tenant: tenantId('adjusted'), period: month, lane: lane(16) })).at(-1)),
    );
    const { text: receipt } = await client.get(`${pathOf('adj:credit')}?proof=full&to_seq=1`);
    const { code, text } = verify(receipt, anchor);
    expect(text).toContain('adjustment of adjusted');
    expect(text).toContain('-250 minor units');
    expect(code).toBe(0);
  });

  it('shows a tenant that its ledger was rewritten, by the receipt it kept', async () => {
    const client = new TenantClient(() => stack.url, 'rewritten');
    const anchor = await textOf(must((await keysOf(must(lanes.get('rewritten')))).at(-1)));
    const id = must(eventsOf.get('rewritten')?.[2]);
    const { text: forged } = await client.get(`${pathOf(id)}?proof=full&to_seq=4`);
    expect(verify(forged, anchor)).toMatchObject({ code: 2, text: expect.stringContaining('TAMPERING') });
  });
});

const lanes = new Map<string, LaneKey>();
const eventsOf = new Map<string, string[]>();

/** A tenant with so many events in one lane, a page each. */
async function laneOf(tenant: string, pages: number) {
  const client = new TenantClient(() => stack.url, tenant);
  const ids = await post(client, pages);
  const { json } = await client.receipt(must(ids[0]));
  const key = { tenant: tenantId(tenant), period: json.period, lane: lane(LANE) } as LaneKey;
  lanes.set(tenant, key);
  return { key, client, ids };
}

/** Sends events of one lane, each once the one before is posted. */
async function post(client: TenantClient, count: number): Promise<string[]> {
  const known = eventsOf.get(client.tenant) ?? [];
  const ids: string[] = [];
  for (let number = 0; ids.length < count; number += 1) {
    const id = `api:e${number}`;
    if (usageLane([eventId(id)]) !== LANE || known.includes(id)) continue;
    expect((await client.post({ idempotency_key: id.slice('api:'.length) })).status).toBe(202);
    await client.settled(id);
    ids.push(id);
  }
  eventsOf.set(client.tenant, [...known, ...ids]);
  return ids;
}

/** Runs a reconciliation to its end, whether or not one request is enough. */
async function reconcile(body: object) {
  let { json } = await admin.post('/reconcile', body);
  await waitFor('the run to be complete', async () => {
    if (!json.complete) json = (await admin.get(`/reconcile/${json.run_id}`)).json;
    return json.complete;
  });
  return json;
}

function pathOf(id: string): string {
  return `/events/${encodeURIComponent(id)}`;
}

async function keys(Prefix: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: stack.bucket('Anchors'), Prefix }));
  return Contents.map(({ Key = '' }) => Key);
}

async function textOf(Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: stack.bucket('Anchors'), Key }));
  return must(await Body?.transformToString());
}

/** The keys of the runs' anchors that list a lane, oldest first. */
async function keysOf(key: LaneKey): Promise<string[]> {
  const found: string[] = [];
  for (const name of await keys('runs/')) {
    const { heads } = anchorOf(await textOf(name));
    const lists = heads.some(
      (head) => head.tenant === key.tenant && head.period === key.period && head.lane === key.lane,
    );
    if (lists) found.push(name);
  }
  return found;
}

function verify(...contents: string[]) {
  const paths = contents.map((content, index) => {
    const path = join(folder, `${index}.json`);
    writeFileSync(path, content);
    return path;
  });
  return runVerifyProof(paths);
}
