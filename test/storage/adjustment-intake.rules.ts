import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { adjustmentHash, parseAdjustmentReason } from '../../lambdas/domain/adjustment-event.ts';
import { AdjustmentIntake } from '../../lambdas/storage/adjustment-intake.ts';
import { intakeKey, TIME_SHARDS } from '../../lambdas/storage/keys.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import {
  adjustmentAmount,
  adjustmentEvent,
  beta,
  eventId,
  instant,
  must,
  NOW,
  requestId,
  usageEvent,
} from '../support/events.ts';

const TIMEOUT_MS = 5_000;

/** What every engine must do for the adjustment intake. */
export function adjustmentIntakeRules(dynamodb: Dynamodb): void {
  describe('the adjustment intake', () => {
    const intake = () => new AdjustmentIntake(dynamodb.client(), TABLES.adjustments);
    const put = (table: string, Item: object) =>
      dynamodb.client().send(new PutCommand({ TableName: table, Item: { ...Item } }));

    it('keeps an adjustment exactly as it was accepted, once, and changes nothing when its id comes again', async () => {
      const event = adjustmentEvent('kept-\uffff💶', {
        amountMinor: adjustmentAmount(-(10n ** 12n)),
        reason: must(parseAdjustmentReason('\u0001'.repeat(1_024))),
        requestId: requestId('0f5b1c1e-8a4b-4c5e-9d37-2f4c9b1e6a70'),
      });
      const record = { event, payloadHash: adjustmentHash(event) };
      expect(await intake().accept(event, TIMEOUT_MS)).toBeUndefined();
      const replay = { ...event, receivedAt: instant('2026-03-16T00:00:00Z') };
      expect(await intake().accept(replay, TIMEOUT_MS)).toEqual(record);
      expect(await intake().accept({ ...event, amountMinor: adjustmentAmount(1n) }, TIMEOUT_MS)).toEqual(record);
      expect(await intake().find(event.tenant, event.eventId)).toEqual(record);
      expect(await intake().find(beta, event.eventId)).toBeUndefined();
    });

    it('lists by time what was accepted', async () => {
      const event = adjustmentEvent('listed', { receivedAt: instant('2026-02-01T10:30:00Z') });
      await intake().accept(event, TIMEOUT_MS);
      const between = { from: instant('2026-02-01T10:00:00Z'), until: instant('2026-02-01T11:00:00Z') };
      const found = [];
      for (let shard = 0; shard < TIME_SHARDS; shard += 1) {
        found.push(...(await intake().acceptedIn('2026-02-01T10', shard, between, undefined)).accepted);
      }
      const { tenant, eventId: id, receivedAt } = event;
      expect(found).toEqual([{ tenant, eventId: id, receivedAt }]);
    });

    const good = {
      ...{ tenant: 'tenant_alpha', event_id: 'adj:damaged', amount_minor: -250, reason: 'goodwill' },
      ...{ received_at: NOW, payload_hash: 'a'.repeat(64) },
    };

    it.each([
      ...[{ amount_minor: 0 }, { amount_minor: 10n ** 12n + 1n }, { amount_minor: 1.5 }, { amount_minor: '7' }],
      ...[{ reason: '' }, { event_id: 'api:damaged' }, { payload_hash: 'x' }, { received_at: 'now' }],
    ])('names a record damaged by %o', async (damage) => {
      const id = eventId('adj:damaged');
      const key = intakeKey(beta, id);
      await put(TABLES.adjustments, { ...key, ...good, tenant: beta, ...damage });
      await expect(intake().find(beta, id)).rejects.toThrow(
        `The item ${key.pk} / ${key.sk} is damaged at: ${Object.keys(damage)[0]}.`,
      );
    });

    it('names a record that lies under another event’s key', async () => {
      const id = eventId('adj:misplaced');
      await put(TABLES.adjustments, { ...intakeKey(beta, id), ...good, event_id: id });
      await expect(intake().find(beta, id)).rejects.toThrow(/holds another event's record/);
    });

    it('has no say over usage: a record planted in the usage intake is usage or damaged, never an adjustment', async () => {
      const usage = new UsageIntake(dynamodb.client(), TABLES.intake);
      const event = usageEvent('planted', { tenant: beta });
      await usage.accept(event, TIMEOUT_MS);
      const record = { tenant: beta, event_id: event.eventId, metric: 'api_call', event_date: null, received_at: NOW };
      const rest = { quantity: 1, price_version: 1, payload_hash: 'a'.repeat(64) };
      const forged = { kind: 'adjustment', amount_minor: -5_000, reason: 'mine', lane: 16 };
      await put(TABLES.intake, { ...intakeKey(beta, event.eventId), ...record, ...rest, ...forged });
      expect((await usage.find(beta, event.eventId))?.event).toEqual(event);
      for (const damage of [{ quantity: -5_000 }, { event_id: 'adj:planted' }]) {
        await put(TABLES.intake, { ...intakeKey(beta, event.eventId), ...record, ...rest, ...forged, ...damage });
        await expect(usage.find(beta, event.eventId)).rejects.toThrow(/damaged at/);
      }
      const id = eventId('adj:planted');
      await put(TABLES.intake, { ...intakeKey(beta, id), ...good, tenant: beta, event_id: id, ...forged });
      await expect(usage.find(beta, id)).rejects.toThrow(/damaged at: event_id/);
      expect(await intake().find(beta, id)).toBeUndefined();
    });
  });
}
