import { describe, expect, it } from 'vitest';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { refusalReasons } from '../../lambdas/domain/refusal.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { intakeKey, markerKey, pageKey, priceBookKey, timeIndexKey } from '../../lambdas/storage/keys.ts';
import {
  type Corruption,
  cutBack,
  forgeMarker,
  key,
  namesAndLocates,
  orphan,
  place,
  putRefusal,
  unsettled,
  world,
} from '../support/corruption.ts';
import { alpha, beta, eventId, instant, metric, must, quantity, usageEvent } from '../support/events.ts';

describe('a ledger as it was posted', () => {
  it('has no discrepancy, and a full run accounts for everything in it', async () => {
    const { run, found } = await world.run();
    expect(found).toEqual([]);
    expect(run).toMatchObject({
      phase: undefined,
      counts: { heads: 3, lanes: 3, pages: 5, entries: 12, markers: 12, intake_records: 12 },
    });
    expect(world.clock.sleeps, 'nothing even looked suspect').toBe(0);
  });

  it('has none where the clocks of two functions differ by minutes', async () => {
    // Posted an hour ago by the consumer's clock, and accepted nine minutes later by that of ingest.
    const receivedAt = instantOf(world.clock.nowMs() - 51 * 60_000);
    await world.post(key, await world.accept(['ahead'], { receivedAt }));
    expect((await world.run()).found).toEqual([]);
    expect(world.clock.sleeps, 'nothing even looked suspect').toBe(0);
  });

  it('has none by a run over what is new, and none by a run over one tenant', async () => {
    expect((await world.run('new')).found).toEqual([]);
    const { run, found } = await world.run('full', beta);
    expect(found).toEqual([]);
    expect(run.counts).toEqual({
      heads: 1,
      lanes: 1,
      pages: 1,
      entries: 2,
      markers: 2,
      refusals: 0,
      unreadable_messages: 0,
      closures: 0,
      intake_records: 2,
    });
  });
});

describe('a price altered after it was used', () => {
  it('contradicts every entry that was rated by it', async () => {
    const { unit_prices: prices } = await world.item('config', priceBookKey(1));
    const doubledPrices = Object.entries(prices as Record<string, bigint>).map(([name, price]) => [name, price * 2n]);
    await world.edit('config', priceBookKey(1), { unit_prices: Object.fromEntries(doubledPrices) });
    const { found } = await world.run();
    expect(new Set(found.map(({ type }) => type))).toEqual(new Set(['amount_mismatch']));
    expect(found).toHaveLength(12);
  });
});

describe('a refusal', () => {
  it('is no discrepancy when it is provisional and posted since, final and posted by a redrive, or of what has no price', async () => {
    const [later, redriven] = await world.accept(['later', 'redriven']);
    const [ghost] = await world.accept(['ghost'], { metric: metric('ghost') });
    await putRefusal('later', payloadHash(must(later)), { is_final: false, reason: refusalReasons.undelivered });
    await putRefusal('redriven', payloadHash(must(redriven)), { reason: refusalReasons.unstorable });
    await putRefusal('ghost', payloadHash(must(ghost)), { reason: refusalReasons.unpriced });
    await world.post(key, [must(later), must(redriven)]);
    expect((await world.run()).found).toEqual([]);
  });
});

const corruptions: readonly Corruption[] = [
  {
    name: 'an intake record accepted at another time, its index made to match',
    corrupt: async () => {
      const [id, receivedAt] = [eventId('api:b2'), instant('2026-03-15T11:30:00Z')];
      const changes = { received_at: receivedAt, ...timeIndexKey(alpha, id, receivedAt) };
      await world.edit('intake', intakeKey(alpha, id), changes);
    },
    expected: [{ type: 'altered_entry', place: place(2, 1), eventId: eventId('api:b2') }],
  },
  {
    name: 'an intake record deleted',
    corrupt: () => world.delete('intake', intakeKey(alpha, eventId('api:b2'))),
    expected: [{ type: 'missing_intake', place: place(2, 1), eventId: eventId('api:b2') }],
  },
  {
    name: 'an intake record edited',
    corrupt: () => world.edit('intake', intakeKey(alpha, eventId('api:b2')), { quantity: 5n }),
    expected: [
      { type: 'altered_intake', place: {}, eventId: eventId('api:b2') },
      { type: 'payload_mismatch', place: place(2, 1), eventId: eventId('api:b2') },
      { type: 'amount_mismatch', place: place(2, 1), eventId: eventId('api:b2'), expected: '5', posted: '1' },
    ],
    follows: ['altered_entry'],
  },
  {
    name: 'an intake record overwritten, its hash made to match',
    corrupt: async () => {
      const event = usageEvent('b2', { receivedAt: instant('2026-03-15T11:00:00Z'), quantity: quantity(5) });
      await world.edit('intake', intakeKey(alpha, event.eventId), { quantity: 5n, payload_hash: payloadHash(event) });
    },
    expected: [
      { type: 'payload_mismatch', place: place(2, 1), eventId: eventId('api:b2') },
      { type: 'amount_mismatch', place: place(2, 1), eventId: eventId('api:b2'), expected: '5', posted: '1' },
    ],
    follows: ['altered_entry'],
  },
  {
    name: 'an intake record hidden from the sweep',
    corrupt: () => world.edit('intake', intakeKey(alpha, eventId('api:b2')), { time_pk: 'elsewhere' }),
    expected: [{ type: 'damaged_item', place: { item: 'intake' }, eventId: eventId('api:b2') }],
  },
  {
    name: 'a damaged intake record',
    corrupt: () => world.edit('intake', intakeKey(alpha, eventId('api:b2')), { metric: 7n }),
    expected: [{ type: 'damaged_item', place: { item: 'intake' }, eventId: eventId('api:b2') }],
  },
  {
    name: 'an accepted event that never settled',
    corrupt: () => world.accept(['lost']),
    expected: [unsettled('lost')],
  },
  {
    name: 'a marker deleted',
    corrupt: () => world.delete('ledger', markerKey(alpha, eventId('api:b2'))),
    expected: [{ type: 'missing_marker', place: place(2, 1), eventId: eventId('api:b2') }, unsettled('b2')],
  },
  {
    name: 'a marker forged for an event that was never charged',
    corrupt: () => forgeMarker('2026-03-15T11:00:00Z'),
    expected: [orphan('lost', 2, 1)],
  },
  {
    name: 'a marker forged a moment ago',
    corrupt: () => forgeMarker('2026-03-15T12:00:00Z'),
    expected: [orphan('lost', 2, 1)],
  },
  {
    name: 'a marker forged for later',
    corrupt: () => forgeMarker('2027-01-01T00:00:00Z'),
    expected: [{ type: 'future_marker', place: place(2, 1), eventId: eventId('api:lost') }, orphan('lost', 2, 1)],
  },
  {
    name: 'a marker deleted and another forged, so that their number is right',
    corrupt: async () => {
      await world.delete('ledger', markerKey(alpha, eventId('api:b2')));
      await forgeMarker('2026-03-15T11:00:00Z');
    },
    expected: [{ type: 'missing_marker', place: place(2, 1), eventId: eventId('api:b2') }, orphan('lost', 2, 1)],
    follows: ['unsettled'],
  },
  {
    name: 'a damaged marker',
    corrupt: () => world.edit('ledger', markerKey(alpha, eventId('api:b2')), { seq: 'two' }),
    expected: [{ type: 'damaged_item', place: place(2, 1), eventId: eventId('api:b2') }],
  },
  {
    name: 'a refusal forged for something never accepted',
    corrupt: () => putRefusal('lost', '0'.repeat(64)),
    expected: [{ type: 'refusal_without_intake', place: {}, eventId: eventId('api:lost') }],
  },
  {
    name: 'a refusal forged with another payload than was accepted',
    corrupt: async () => {
      await world.accept(['lost']);
      await putRefusal('lost', '0'.repeat(64));
    },
    expected: [{ type: 'refusal_without_intake', place: {}, eventId: eventId('api:lost') }, unsettled('lost')],
  },
  {
    name: 'a final refusal forged for an accepted event that nobody charged',
    corrupt: async () => {
      const [event] = await world.accept(['lost']);
      await putRefusal('lost', payloadHash(must(event)), { reason: refusalReasons.unpriced });
    },
    expected: [{ type: 'unfounded_refusal', place: {}, eventId: eventId('api:lost') }],
  },
  {
    name: 'the last page cut off, and its events refused instead',
    corrupt: async () => {
      const page = must((await world.pages(key))[2]);
      await cutBack();
      for (const name of ['c1', 'c2', 'c3']) {
        const event = usageEvent(name, { receivedAt: must(page.entries[0]).eventDate });
        await putRefusal(name, payloadHash(event), { reason: refusalReasons.conflict });
      }
    },
    expected: ['c1', 'c2', 'c3'].map((name) => ({
      ...{ type: 'unfounded_refusal', place: {}, eventId: eventId(`api:${name}`) },
    })),
  },
  {
    name: 'a refusal hidden from the list of dead letters',
    corrupt: async () => {
      const [event] = await world.accept(['lost'], { metric: metric('ghost') });
      await putRefusal('lost', payloadHash(must(event)), { refusal_pk: 'elsewhere' });
    },
    expected: [{ type: 'damaged_item', place: { item: 'refusal' }, eventId: eventId('api:lost') }],
  },
  {
    name: 'items of a lane, a month and a bucket that do not exist',
    corrupt: async () => {
      await world.put('balances', { pk: `H#${alpha}`, sk: '2026-03#17' });
      await world.put('balances', { pk: `H#${alpha}`, sk: '2026-13#03' });
      await world.put('balances', { pk: `C#${alpha}`, sk: '2026-13' });
      await world.put('ledger', { pk: `E#${alpha}#zz`, sk: 'api:a1' });
      await world.put('intake', {
        ...(await world.item('intake', intakeKey(alpha, eventId('api:a1')))),
        pk: `${alpha}#zz`,
      });
    },
    expected: [
      { type: 'foreign_item', place: { item: `H#${alpha} / 2026-03#17` }, tenant: undefined },
      { type: 'foreign_item', place: { item: `H#${alpha} / 2026-13#03` }, tenant: undefined },
      { type: 'foreign_item', place: { item: `C#${alpha} / 2026-13` }, tenant: undefined },
      { type: 'foreign_item', place: { item: `E#${alpha}#zz / api:a1` }, tenant: undefined },
      { type: 'foreign_item', place: { item: `${alpha}#zz / api:a1` }, tenant: undefined },
    ],
  },
  {
    name: 'items nobody of ours would write',
    corrupt: async () => {
      await world.put('ledger', { pk: 'X#1', sk: 'y' });
      await world.put('balances', { pk: 'Z#1', sk: 'y' });
      await world.put('intake', { pk: 'W#1', sk: 'y' });
      await world.put('ledger', { pk: pageKey(key, 1).pk, sk: '!' });
    },
    expected: [
      { type: 'foreign_item', place: { item: 'X#1 / y' }, tenant: undefined },
      { type: 'foreign_item', place: { item: 'Z#1 / y' }, tenant: undefined },
      { type: 'foreign_item', place: { item: 'W#1 / y' }, tenant: undefined },
      { type: 'damaged_item', place: { ...place(), item: `${pageKey(key, 1).pk} / !` } },
    ],
    follows: ['foreign_item'],
  },
];

describe('a full run names and locates', () => namesAndLocates(corruptions));
