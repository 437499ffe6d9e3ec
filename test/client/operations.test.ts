import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZerosumClient } from '../../client/client.ts';
import { ZerosumProblem } from '../../client/errors.ts';
import { toBigint } from '../../client/money.ts';
import { mint } from '../support/client.ts';
import { type RunningStack, startEmbeddedStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

const TENANT = 'tenant_alpha';

let stack: RunningStack;
let alpha: ZerosumClient;
let admin: ZerosumClient;

beforeAll(async () => {
  stack = await startEmbeddedStack();
  const url = stack.url;
  alpha = new ZerosumClient({ url, token: () => mint({ tenant_id: TENANT }) });
  admin = new ZerosumClient({ url, token: () => mint({ admin: true }) });
});
afterAll(() => stack?.stop());

function event(key: string, quantity: number | bigint = 1) {
  return { tenant: TENANT, metric: 'api_call', quantity, idempotency_key: key };
}

async function settled(eventId: string) {
  await waitFor(eventId, async () => (await alpha.receipt(eventId)).status !== 'accepted');
  return alpha.receipt(eventId);
}

describe('a tenant', () => {
  it('sends usage and reads what was charged', async () => {
    expect(await alpha.sendEvent(event('one', 100n))).toEqual({ accepted: true, event_id: 'api:one' });
    expect(await alpha.sendEvent(event('one', 100))).toEqual({ accepted: true, event_id: 'api:one' });
    const receipt = await settled('api:one');
    expect(receipt).toMatchObject({ status: 'posted', amount_minor: '100' });
    expect(await alpha.receipt('api:one', { proof: 'full' })).toMatchObject({ proof: { tenant: TENANT } });
    expect(toBigint((await alpha.balance()).balance_minor)).toBe(100n);
    await waitFor('the meters', async () => {
      const { series } = await alpha.usage({ metric: 'api_call' });
      return series.some(({ quantity }) => quantity === '100');
    });
  });

  it('sends a batch, of which each event has an outcome', async () => {
    const { results } = await alpha.sendBatch([
      event('two'),
      event('one', 7),
      { ...event('three'), metric: 'nothing' },
    ]);
    expect(results.map(({ status }) => status)).toEqual([202, 409, 400]);
  });

  it('reads a statement over pages that agree with its total', async () => {
    await alpha.sendBatch(Array.from({ length: 8 }, (_, number) => event(`line-${number}`, number + 1)));
    for (let number = 0; number < 8; number += 1) await settled(`api:line-${number}`);
    const lines = alpha.statementLines({ limit: 3 });
    let sum = 0n;
    let count = 0;
    for await (const line of lines) {
      sum += toBigint(line.amount_minor);
      count += 1;
    }
    expect(sum).toBe(toBigint((await lines.first()).total_minor));
    const whole = await alpha.statement();
    expect(count).toBe(whole.lines.length);
    expect(whole.status).toBe('open');
    const pages = [];
    for await (const page of lines.pages()) pages.push(page.lines.length);
    expect(pages).toEqual([3, 3, 3, 1]);
  });

  it('is told what it may not do, and what there is not', async () => {
    await expect(alpha.trialBalance()).rejects.toMatchObject({ name: 'ZerosumProblem', kind: 'forbidden' });
    await expect(alpha.receipt('api:nothing')).rejects.toMatchObject({ kind: 'not_found' });
    const error = await alpha.sendEvent({ ...event('bad'), metric: '' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ZerosumProblem);
    expect(error.errors).toEqual([{ field: 'metric', message: expect.any(String) }]);
  });
});

describe('an administrator', () => {
  it('adjusts, closes a month once and finds the books in balance', async () => {
    const adjustment = { tenant: TENANT, amount_minor: -25n, idempotency_key: 'sorry', reason: 'Sorry' };
    expect(await admin.adjust(adjustment)).toEqual({ accepted: true, event_id: 'adj:sorry' });
    expect(await admin.closePeriod({ tenant: 'tenant_beta', period: '2026-01' })).toMatchObject({ closed: true });
    await expect(admin.closePeriod({ tenant: 'tenant_beta', period: '2026-01' })).rejects.toMatchObject({
      ...{ kind: 'period_closed', status: 409, afterLostAnswer: false },
    });
    expect(await admin.trialBalance()).toMatchObject({ sum_minor: '0' });
  });

  it('reconciles until it is complete, and is told how far it is', async () => {
    const progress: boolean[] = [];
    const run = await admin.reconcile(
      { full: true },
      { pollMs: 20, onProgress: (seen) => progress.push(seen.complete) },
    );
    expect(run).toMatchObject({ ok: true, complete: true, discrepancies: [] });
    expect(progress.at(-1)).toBe(true);
    expect(await admin.reconcileRun(run.run_id)).toEqual(run);
  });

  it('lists dead letters and tries events again', async () => {
    expect(await admin.deadLetters({ tenant: TENANT }).toArray()).toEqual([]);
    expect(await admin.redrive({ tenant: TENANT, event_ids: ['api:one', 'api:nothing'] })).toEqual({
      results: [
        { event_id: 'api:one', status: 'already_posted' },
        { event_id: 'api:nothing', status: 'unknown' },
      ],
    });
  });

  it('adds a tenant, and renames it by the version it has seen', async () => {
    const added = await admin.addTenant({ tenant: 'tenant_new', name: 'New' });
    expect(await admin.addTenant({ tenant: 'tenant_new', name: 'New' })).toEqual(added);
    await expect(admin.addTenant({ tenant: 'tenant_new', name: 'Newer' })).rejects.toMatchObject({ status: 428 });
    const renamed = await admin.addTenant({ tenant: 'tenant_new', name: 'Newer' }, { etag: added.etag });
    await expect(admin.addTenant({ tenant: 'tenant_new', name: 'Newest' }, { etag: added.etag })).rejects.toMatchObject(
      { status: 412 },
    );
    expect(await admin.tenants({ limit: 1 }).toArray()).toContainEqual(renamed);
  });

  it('changes prices, unless somebody has done so meanwhile', async () => {
    const { etag, in_force } = await admin.prices();
    const prices = { currency: 'USD', unit_prices: { ...in_force?.unit_prices, seat: '900' } };
    const changed = await admin.putPrices(prices, etag);
    expect(changed).toMatchObject({ version: 2, unit_prices: { seat: '900' } });
    expect((await admin.prices()).etag).toBe(changed.etag);
    await expect(admin.putPrices(prices, etag)).rejects.toMatchObject({ status: 412 });
    await expect(admin.putPrices(prices, null)).rejects.toMatchObject({ status: 412 });
    expect((await admin.priceVersions({ limit: 1 }).toArray()).map(({ version }) => version)).toEqual([2, 1]);
  });

  it('issues a key that works, rotates and revokes it', async () => {
    const issued = await admin.apiKeys.issue({ tenant: TENANT, scopes: ['ledger:read'] });
    const reader = new ZerosumClient({ url: stack.url, token: issued.secret });
    expect(await reader.balance()).toMatchObject({ currency: 'USD' });
    await expect(reader.sendEvent(event('no'))).rejects.toMatchObject({ kind: 'forbidden' });
    const rotated = await admin.apiKeys.rotate(issued.id, { overlap_seconds: 0 });
    expect(rotated.secret).not.toBe(issued.secret);
    await expect(admin.apiKeys.revoke(issued.id, { etag: issued.etag })).rejects.toMatchObject({ status: 412 });
    expect(await admin.apiKeys.revoke(issued.id)).toMatchObject({ id: issued.id, revoked_at: expect.any(String) });
    await expect(admin.apiKeys.rotate(issued.id)).rejects.toMatchObject({ kind: 'key_revoked' });

    const webhookKey = await admin.webhookKeys.issue({ tenant: TENANT, id: 'whk_mine' });
    expect(webhookKey).toMatchObject({ id: 'whk_mine', secret: expect.any(String) });
    const listed = await admin.webhookKeys.list({ tenant: TENANT, limit: 1 }).toArray();
    expect(listed.map(({ id }) => id).sort()).toEqual(['whk_alpha_meterco', 'whk_mine']);
    expect(await admin.webhookKeys.get('whk_mine')).toEqual(listed.find(({ id }) => id === 'whk_mine'));
  });

  it('sees in the audit log what it did', async () => {
    const actions = new Set<string>();
    for await (const { action } of admin.audit({ limit: 5 })) actions.add(action);
    expect([...actions]).toEqual(expect.arrayContaining(['POST /adjustments', 'PUT /prices', 'POST /periods/close']));
  });
});

it('delivers usage as a webhook does, signed', async () => {
  const delivery = { event_id: 'delivery-1', metric: 'api_call', quantity: 3 };
  const signer = { id: 'whk_alpha_meterco', secret: 'whsec_dev_alpha_meterco_1' };
  const provider = new ZerosumClient({ url: stack.url });
  expect(await provider.sendDelivery(delivery, signer)).toMatchObject({ event_id: 'wh:whk_alpha_meterco:delivery-1' });
  const forger = { ...signer, secret: 'whsec_other' };
  await expect(provider.sendDelivery(delivery, forger)).rejects.toMatchObject({ kind: 'unauthenticated' });
});

it('asks whether the service works, and for its document', async () => {
  const anybody = new ZerosumClient({ url: stack.url });
  expect(await anybody.health()).toEqual({ status: 'alive' });
  expect(await anybody.ready()).toEqual({ status: 'ready' });
  expect(await anybody.document()).toMatchObject({ openapi: '3.1.0' });
});
