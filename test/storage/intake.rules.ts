import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { intakeKey, TIME_SHARDS } from '../../lambdas/storage/keys.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { alpha, beta, eventId, instant, NOW, quantity, requestId, tenantId, usageEvent } from '../support/events.ts';

const TIMEOUT_MS = 5_000;

/** What every engine must do for the usage intake. */
export function intakeRules(dynamodb: Dynamodb): void {
  describe('the usage intake', () => {
    const intake = () => new UsageIntake(dynamodb.client(), TABLES.intake);

    async function acceptedBetween(from: string, until: string): Promise<string[]> {
      const names: string[] = [];
      for (let shard = 0; shard < TIME_SHARDS; shard += 1) {
        const between = { from: instant(from), until: instant(until) };
        const { accepted } = await intake().acceptedIn(from.slice(0, 13), shard, between, undefined);
        for (const { tenant, eventId: id, receivedAt } of accepted) names.push(`${receivedAt} ${tenant} ${id}`);
      }
      return names.sort();
    }

    it('keeps an event exactly as it was accepted', async () => {
      for (const eventDate of [null, instant('2026-01-01T00:00:00.000000001Z')]) {
        const event = usageEvent(`kept-\uffff💶-${eventDate}`, {
          eventDate,
          quantity: quantity(10n ** 12n),
          priceVersion: 7,
          requestId: requestId('0f5b1c1e-8a4b-4c5e-9d37-2f4c9b1e6a70'),
        });
        expect(await intake().accept(event, TIMEOUT_MS)).toBeUndefined();
        expect(await intake().find(event.tenant, event.eventId)).toEqual({ event, payloadHash: payloadHash(event) });
      }
    });

    it('changes nothing when an id comes again, and returns the record that holds it', async () => {
      const first = usageEvent('again');
      await intake().accept(first, TIMEOUT_MS);
      const record = { event: first, payloadHash: payloadHash(first) };
      const replay = {
        ...{ ...first, receivedAt: instant('2026-03-16T00:00:00Z'), priceVersion: 2 },
        requestId: requestId('another'),
      };
      expect(await intake().accept(replay, TIMEOUT_MS)).toEqual(record);
      expect(await intake().accept({ ...first, quantity: quantity(2) }, TIMEOUT_MS)).toEqual(record);
      expect(await intake().find(first.tenant, first.eventId)).toEqual(record);
    });

    it('holds an id once, however many accept it at the same time', async () => {
      const copies = Array.from({ length: 8 }, (_, index) => usageEvent('race', { quantity: quantity(index + 1) }));
      const answers = await Promise.all(copies.map((copy) => intake().accept(copy, TIMEOUT_MS)));
      const winners = copies.filter((_, index) => answers[index] === undefined);
      expect(winners).toHaveLength(1);
      const record = await intake().find(copies[0]?.tenant ?? beta, eventId('api:race'));
      expect(record?.event).toEqual(winners[0]);
      for (const answer of answers.filter((each) => each !== undefined)) expect(answer).toEqual(record);
    });

    it('writes many at once, or none when one of them is known, and then says which', async () => {
      const events = Array.from({ length: 100 }, (_, index) => usageEvent(`together-${index}`));
      expect(await intake().acceptTogether(events, TIMEOUT_MS)).toEqual({ status: 'written' });
      const [first = usageEvent('x'), second = usageEvent('y')] = events;
      const others = [usageEvent('together-new'), { ...second, quantity: quantity(9) }, first];
      expect(await intake().acceptTogether(others, TIMEOUT_MS)).toEqual({
        status: 'cancelled',
        known: new Map([
          [1, { event: second, payloadHash: payloadHash(second) }],
          [2, { event: first, payloadHash: payloadHash(first) }],
        ]),
      });
      expect(await intake().find(first.tenant, eventId('api:together-new'))).toBeUndefined();
    });

    it('finds many at once, and leaves out what there is not', async () => {
      const events = Array.from({ length: 130 }, (_, index) => usageEvent(`many-${index}`));
      await intake().acceptTogether(events.slice(0, 100), TIMEOUT_MS);
      await intake().acceptTogether(events.slice(100), TIMEOUT_MS);
      const ids = [...events.map((event) => event.eventId), eventId('api:many-none')];
      const found = await intake().findMany(alpha, ids);
      expect(found.size).toBe(130);
      for (const event of events) expect(found.get(event.eventId)?.event).toEqual(event);
      expect((await intake().findMany(beta, ids)).size).toBe(0);
      expect((await intake().findMany(alpha, [])).size).toBe(0);
    });

    it('keeps tenants apart', async () => {
      await intake().accept(usageEvent('mine'), TIMEOUT_MS);
      expect(await intake().find(beta, eventId('api:mine'))).toBeUndefined();
      expect(await intake().accept(usageEvent('mine', { tenant: beta }), TIMEOUT_MS)).toBeUndefined();
    });

    it('lists what was accepted from one moment up to another, which it leaves out', async () => {
      const at = (second: string, changes = {}) =>
        usageEvent(`at-${second}`, { receivedAt: instant(`2026-02-01T10:${second}Z`), ...changes });
      for (const second of ['00:00', '29:59.999', '30:00', '30:00.001', '59:59.999'])
        await intake().accept(at(second), TIMEOUT_MS);
      await intake().accept(at('45:00', { tenant: tenantId('t') }), TIMEOUT_MS);
      await intake().accept(usageEvent('next-hour', { receivedAt: instant('2026-02-01T11:00:00Z') }), TIMEOUT_MS);
      const first = await acceptedBetween('2026-02-01T10:00:00Z', '2026-02-01T10:30:00Z');
      const second = await acceptedBetween('2026-02-01T10:30:00Z', '2026-02-01T11:00:00Z');
      expect(first).toEqual([
        '2026-02-01T10:00:00.000Z tenant_alpha api:at-00:00',
        '2026-02-01T10:29:59.999Z tenant_alpha api:at-29:59.999',
      ]);
      expect(second).toEqual([
        '2026-02-01T10:30:00.000Z tenant_alpha api:at-30:00',
        '2026-02-01T10:30:00.001Z tenant_alpha api:at-30:00.001',
        '2026-02-01T10:45:00.000Z t api:at-45:00',
        '2026-02-01T10:59:59.999Z tenant_alpha api:at-59:59.999',
      ]);
    });

    it.each([{ quantity: 0 }, { quantity: 1.5 }, { payload_hash: 'x' }, { metric: 7 }, { received_at: '2026-01-01' }])(
      'names a record damaged by %o',
      async (damage) => {
        const event = usageEvent('damaged');
        const key = intakeKey(event.tenant, event.eventId);
        const good = {
          tenant: event.tenant,
          event_id: event.eventId,
          metric: 'api_call',
          event_date: null,
          received_at: NOW,
        };
        const rest = { quantity: 1, price_version: 1, payload_hash: payloadHash(event) };
        await dynamodb
          .client()
          .send(new PutCommand({ TableName: TABLES.intake, Item: { ...key, ...good, ...rest, ...damage } }));
        await expect(intake().find(event.tenant, event.eventId)).rejects.toThrow(
          `The item ${key.pk} / ${key.sk} is damaged at: ${Object.keys(damage)[0]}.`,
        );
      },
    );
  });
}
