import { describe, expect, it } from 'vitest';
import { type AdjustmentPorts, acceptAdjustment } from '../../lambdas/admin/accept-adjustment.ts';
import { type AdjustmentEvent, type AdjustmentPayload, adjustmentHash } from '../../lambdas/domain/adjustment-event.ts';
import type { AdjustmentMessage } from '../../lambdas/storage/adjustment-message.ts';
import { adjustmentAmount, adjustmentEvent, alpha, NOW, NOW_MS } from '../support/events.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const YEAR_MS = 365 * 86_400_000;

class AdjustmentWorld {
  readonly records = new Map<string, AdjustmentEvent>();
  readonly sent: AdjustmentMessage[] = [];
  readonly telemetry = new TelemetryLog();
  readonly clock = new VirtualClock(NOW_MS);
  readonly tenants = new Set([alpha]);
  queueIsDown = false;
  intakeIsDown = false;

  accept(changes: Partial<AdjustmentPayload> = {}): Promise<void> {
    const { tenant, eventId, amountMinor, reason } = adjustmentEvent('k');
    const ports: AdjustmentPorts = {
      intake: {
        accept: async (event) => {
          if (this.intakeIsDown) throw new Error('no intake');
          const known = this.records.get(event.eventId);
          if (known === undefined) this.records.set(event.eventId, event);
          return known && { event: known, payloadHash: adjustmentHash(known) };
        },
        find: async (_, id) => {
          const known = this.records.get(id);
          return known && { event: known, payloadHash: adjustmentHash(known) };
        },
      },
      queue: {
        send: async (message) => {
          if (this.queueIsDown) throw new Error('no queue');
          this.sent.push(message);
        },
      },
      tenants: { tenant: async (id) => (this.tenants.has(id) ? {} : undefined) },
      clock: this.clock,
      telemetry: this.telemetry,
    };
    return acceptAdjustment({ tenant, eventId, amountMinor, reason, ...changes }, ports, undefined);
  }
}

describe('an adjustment', () => {
  it('is on record before it is sent, and stays accepted when the queue is down', async () => {
    const world = new AdjustmentWorld();
    world.queueIsDown = true;
    await world.accept();
    expect([...world.records.values()]).toEqual([adjustmentEvent('k', { receivedAt: NOW })]);
    expect(world.telemetry.counted('enqueueFailed')).toBe(1);
  });

  it('is not sent when it could not be recorded', async () => {
    const world = new AdjustmentWorld();
    world.intakeIsDown = true;
    await expect(world.accept()).rejects.toThrow('no intake');
    expect(world.sent).toEqual([]);
  });

  it('is the same at any age, also when its tenant is gone: what was recorded is sent again', async () => {
    const world = new AdjustmentWorld();
    await world.accept();
    world.clock.advance(3 * YEAR_MS);
    await world.accept();
    world.tenants.clear();
    await world.accept();
    expect(world.records.size).toBe(1);
    expect(world.sent).toEqual([world.sent[0], world.sent[0], world.sent[0]]);
    expect(world.telemetry.counted('accepted')).toBe(1);
    expect(world.telemetry.counted('replayed')).toBe(2);
  });

  it('with another payload is a conflict, also when its tenant is gone', async () => {
    const world = new AdjustmentWorld();
    await world.accept();
    for (const gone of [false, true]) {
      if (gone) world.tenants.clear();
      const refused = world.accept({ amountMinor: adjustmentAmount(250n) });
      await expect(refused).rejects.toMatchObject({ kind: 'conflict', status: 409 });
    }
    expect(world.sent).toHaveLength(1);
    expect(world.telemetry.counted('conflicts')).toBe(2);
  });

  it('of nobody is malformed, and leaves and sends nothing', async () => {
    const world = new AdjustmentWorld();
    world.tenants.clear();
    const refused = world.accept();
    await expect(refused).rejects.toMatchObject({ kind: 'malformed', fieldErrors: [{ field: 'tenant' }] });
    expect([world.records.size, world.sent.length]).toEqual([0, 0]);
  });
});
