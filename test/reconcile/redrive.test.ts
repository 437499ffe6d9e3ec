import { describe, expect, it } from 'vitest';
import type { AdjustmentEvent } from '../../lambdas/domain/adjustment-event.ts';
import { adjustmentHash } from '../../lambdas/domain/adjustment-event.ts';
import type { EventId } from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { payloadHash, type UsageEvent } from '../../lambdas/domain/usage-event.ts';
import { redrive } from '../../lambdas/reconcile/dead-letters/redrive.ts';
import type { EventMessage, Resend } from '../../lambdas/storage/event-message.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import type { SweepAttempt } from '../../lambdas/storage/sweep-progress.ts';
import { adjustmentEvent, alpha, eventId, NOW, NOW_MS, usageEvent } from '../support/events.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const RETRY_AFTER_MS = 600_000;

class RedriveWorld {
  readonly usage = new Map<EventId, UsageEvent>();
  readonly adjustments = new Map<EventId, AdjustmentEvent>();
  readonly posted = new Set<EventId>();
  readonly damaged = new Set<EventId>();
  readonly altered = new Set<EventId>();
  readonly sent: { queue: string; ids: readonly EventId[]; resend: Resend }[] = [];
  readonly attempts: SweepAttempt[] = [];
  readonly telemetry = new TelemetryLog();
  readonly clock = new VirtualClock(NOW_MS);
  queueIsDown = false;

  run(...ids: string[]) {
    const { clock, telemetry } = this;
    return redrive(alpha, ids.map(eventId), {
      usage: this.#channel('usage', this.usage, payloadHash),
      adjustment: this.#channel('adjustment', this.adjustments, adjustmentHash),
      ledger: { marker: async (_, id) => (this.posted.has(id) ? {} : undefined) },
      ...{ retryAfterMs: RETRY_AFTER_MS, clock, telemetry },
    });
  }

  #channel<Event extends UsageEvent | AdjustmentEvent>(
    queue: string,
    records: ReadonlyMap<EventId, Event>,
    hashOf: (event: Event) => ReturnType<typeof payloadHash>,
  ) {
    return {
      intake: {
        find: async (_: unknown, id: EventId) => {
          if (this.damaged.has(id)) throw new DamagedItemError(id);
          const event = records.get(id);
          const hash = this.altered.has(id) ? payloadHash(usageEvent('another')) : event && hashOf(event);
          return event && hash && { event, payloadHash: hash };
        },
        acceptedIn: async () => ({ accepted: [], damaged: [], cursor: undefined }),
      },
      queue: {
        send: async ({ events }: EventMessage<Event>, resend: Resend) => {
          if (this.queueIsDown) throw new Error('no queue');
          this.sent.push({ queue, ids: events.map((event) => event.eventId), resend });
        },
        depth: async () => 0,
      },
      progress: {
        restart: async (attempt: SweepAttempt) => {
          this.attempts.push(attempt);
        },
      },
      ...{ eventsPerMessage: 2, hashOf },
    };
  }

  acceptUsage(...keys: string[]): void {
    for (const key of keys) this.usage.set(eventId(`api:${key}`), usageEvent(key));
  }
}

describe('a redrive', () => {
  it('sends each event from its record through its own queue, set apart from every send before', async () => {
    const world = new RedriveWorld();
    world.acceptUsage('a', 'b', 'c');
    world.adjustments.set(eventId('adj:a'), adjustmentEvent('a'));
    const statuses = await world.run('api:a', 'adj:a', 'api:b', 'api:c', 'api:a');
    expect([...statuses.values()]).toEqual(new Array(4).fill('redriven'));
    const resend = { attempt: 1, since: NOW };
    expect(world.sent).toHaveLength(3);
    expect(world.sent).toEqual(
      expect.arrayContaining([
        { queue: 'usage', ids: ['api:a', 'api:b'], resend },
        { queue: 'usage', ids: ['api:c'], resend },
        { queue: 'adjustment', ids: ['adj:a'], resend },
      ]),
    );
    world.clock.advance(1);
    await world.run('api:a');
    expect(world.sent.at(-1)?.resend).not.toEqual(resend);
  });

  it('puts each on record as a first try before it is sent, so that the sweep goes on should the message be lost', async () => {
    const world = new RedriveWorld();
    world.acceptUsage('a');
    world.queueIsDown = true;
    expect(await world.run('api:a')).toEqual(new Map([[eventId('api:a'), 'not_sent']]));
    const nextAt = instantOf(NOW_MS + RETRY_AFTER_MS);
    expect(world.attempts).toEqual([
      { tenant: alpha, eventId: 'api:a', attempts: 1, firstAt: NOW, nextAt, gaveUp: false },
    ]);
    expect(world.telemetry.counted('enqueueFailed')).toBe(1);
  });

  it('sends nothing of what is posted, unknown, damaged, or not what was accepted', async () => {
    const world = new RedriveWorld();
    world.acceptUsage('posted', 'damaged', 'altered');
    world.altered.add(eventId('api:altered'));
    world.posted.add(eventId('api:posted'));
    world.damaged.add(eventId('api:damaged'));
    expect([...(await world.run('api:posted', 'api:none', 'adj:none', 'api:damaged', 'api:altered'))]).toEqual(
      expect.arrayContaining([
        ['api:posted', 'already_posted'],
        ['api:none', 'unknown'],
        ['adj:none', 'unknown'],
        ['api:damaged', 'damaged'],
        ['api:altered', 'damaged'],
      ]),
    );
    expect(world.sent).toEqual([]);
    expect(world.attempts).toEqual([]);
  });
});
