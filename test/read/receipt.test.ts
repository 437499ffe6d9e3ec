import { describe, expect, it } from 'vitest';
import { type AdjustmentEvent, adjustmentHash, parseAdjustmentReason } from '../../lambdas/domain/adjustment-event.ts';
import { adjustmentEntry } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { nextPage } from '../../lambdas/domain/page.ts';
import { type Failure, refusalReasons } from '../../lambdas/domain/refusal.ts';
import { payloadHash, type UsageEvent } from '../../lambdas/domain/usage-event.ts';
import { receipt } from '../../lambdas/read/receipt.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import { alpha, beta, entry, eventId, lane, laneKey, must, NOW, quantity, usageEvent } from '../support/events.ts';
import { ReadWorld } from '../support/read-world.ts';

const event = usageEvent('k');
const accepted = { event_id: 'api:k', status: 'accepted', received_at: NOW };

async function worldWith(...events: UsageEvent[]): Promise<ReadWorld> {
  const world = new ReadWorld();
  for (const each of events) await world.intake.accept(each);
  return world;
}

function failure(changes: Partial<Failure> = {}): Failure {
  const { tenant, eventId: id } = event;
  const base = { tenant, eventId: id, final: true, reason: refusalReasons.unpriced, at: NOW, deliveries: 1 };
  return { ...base, payloadHash: payloadHash(event), ...changes };
}

const read = (world: ReadWorld, tenant = alpha, id = 'api:k') => receipt(tenant, eventId(id), world.ports);

describe('a receipt', () => {
  it('is a 404 for an id nobody sent, and for another tenant’s', async () => {
    const world = await worldWith(event);
    await expect(read(world, alpha, 'api:other')).rejects.toMatchObject({ status: 404 });
    await expect(read(world, beta)).rejects.toMatchObject({ status: 404 });
    await expect(read(world, alpha, 'adj:k')).rejects.toMatchObject({ status: 404 });
  });

  it('says accepted until the event has settled', async () => {
    expect(await read(await worldWith(event))).toEqual(accepted);
  });

  it('says posted, with the amount, the price and the proof', async () => {
    const world = await worldWith(event);
    const head = await world.ledger.head(laneKey());
    const page = nextPage(head, [entry('first'), entry('k', 7n)], NOW);
    await world.ledger.commit(head, page, [payloadHash(usageEvent('first')), payloadHash(event)]);
    await world.ledger.refuse(failure({ final: false, reason: refusalReasons.undelivered }));
    expect(await read(world)).toEqual({
      ...{ event_id: 'api:k', status: 'posted', received_at: NOW, txn_id: entry('k').txnId, period: '2026-03' },
      ...{ amount_minor: '7', price_version: 1, proof: { period: '2026-03', lane: 3, seq: 1, page_hash: page.hash } },
    });
  });

  it('is an adjustment’s, too, from the adjustments’ own intake', async () => {
    const world = new ReadWorld();
    const adjustment: AdjustmentEvent = {
      ...{ tenant: alpha, eventId: eventId('adj:k'), amountMinor: amountMinor(-5n), receivedAt: NOW },
      reason: must(parseAdjustmentReason('goodwill')),
    };
    const record = { event: adjustment, payloadHash: adjustmentHash(adjustment) };
    world.adjustments.set('tenant_alpha#adj:k', record);
    expect(await read(world, alpha, 'adj:k')).toEqual({ ...accepted, event_id: 'adj:k' });
    await expect(read(world, beta, 'adj:k')).rejects.toMatchObject({ status: 404 });
    const key = laneKey({ lane: lane(16) });
    const page = nextPage(await world.ledger.head(key), [adjustmentEntry(adjustment)], NOW);
    await world.ledger.commit(await world.ledger.head(key), page, [record.payloadHash]);
    expect(await read(world, alpha, 'adj:k')).toMatchObject({
      ...{ status: 'posted', amount_minor: '-5', price_version: null },
      proof: { lane: 16, seq: 1, page_hash: page.hash },
    });
  });

  it('is not an adjustment’s for a record planted in the usage intake', async () => {
    const world = await worldWith(usageEvent('k', { eventId: eventId('adj:k') }));
    await expect(read(world, alpha, 'adj:k')).rejects.toMatchObject({ status: 404 });
  });

  it('says refused with the reason, once that is final', async () => {
    const world = await worldWith(event);
    await world.ledger.refuse(failure({ final: false, reason: refusalReasons.undelivered }));
    expect(await read(world)).toEqual({ ...accepted, reason: refusalReasons.undelivered });
    await world.ledger.refuse(failure());
    expect(await read(world)).toEqual({ ...accepted, status: 'refused', reason: refusalReasons.unpriced });
  });

  it('does not take the refusal of another payload under the same id for the event’s own', async () => {
    const world = await worldWith(event);
    await world.ledger.refuse(failure({ payloadHash: payloadHash({ ...event, quantity: quantity(2) }) }));
    expect(await read(world)).toEqual(accepted);
  });

  it('fails loudly when the marker points where the entry is not', async () => {
    const world = await worldWith(event);
    const head = await world.ledger.head(laneKey());
    const page = nextPage(head, [entry('k')], NOW);
    await world.ledger.commit(head, page, [payloadHash(event)]);
    const marker = must(world.ledger.markers.get('tenant_alpha#api:k'));
    for (const wrong of [{ index: 1 }, { seq: 2 }, { lane: laneKey().lane, seq: 0 }]) {
      world.ledger.markers.set('tenant_alpha#api:k', { ...marker, ...wrong });
      await expect(read(world)).rejects.toThrow(DamagedItemError);
    }
  });
});
