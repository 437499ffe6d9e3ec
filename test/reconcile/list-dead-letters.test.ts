import { describe, expect, it } from 'vitest';
import type { EventId } from '../../lambdas/domain/ids.ts';
import { afterFailure, type Refusal, refusalReasons } from '../../lambdas/domain/refusal.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { type ListPorts, listDeadLetters } from '../../lambdas/reconcile/dead-letters/list.ts';
import { deadLetterQuery } from '../../lambdas/reconcile/dead-letters/query.ts';
import type { RefusalPlace } from '../../lambdas/storage/dead-letters.ts';
import { refusalItem } from '../../lambdas/storage/refusal-item.ts';
import type { SweepAttempt } from '../../lambdas/storage/sweep-progress.ts';
import { alpha, eventId, must, NOW, usageEvent } from '../support/events.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';

interface Page {
  readonly dead_letters: readonly Record<string, unknown>[];
  readonly next_cursor?: string;
}

class ListWorld {
  readonly refusals: Refusal[] = [];
  readonly posted = new Set<EventId>();
  readonly givenUp: SweepAttempt[] = [];
  reads = 0;

  refuse(key: string, final: boolean): void {
    const event = usageEvent(key);
    const how = { final, reason: final ? refusalReasons.unpriced : refusalReasons.undelivered, at: NOW, deliveries: 1 };
    const { tenant, eventId: id } = event;
    const failure = { tenant, eventId: id, payloadHash: payloadHash(event), ...how };
    this.refusals.push(must(afterFailure(undefined, failure)));
  }

  giveUp(key: string): void {
    const id = eventId(`api:${key}`);
    this.givenUp.push({ tenant: alpha, eventId: id, attempts: 8, firstAt: NOW, nextAt: NOW, gaveUp: true });
  }

  async page(parameters: Record<string, string> = {}): Promise<Page> {
    return (await listDeadLetters(deadLetterQuery(new Map(Object.entries(parameters))), this.#ports())) as Page;
  }

  ids(page: Page): string[] {
    return page.dead_letters.map(({ event_id: id, status }) => `${id} ${status}`);
  }

  #ports(): ListPorts {
    const attempt = async (_: unknown, id: EventId) => this.givenUp.find((each) => each.eventId === id);
    return {
      deadLetters: {
        refusals: async (_, after, limit) => {
          this.reads += 1;
          const start = after === undefined ? 0 : this.refusals.findIndex(({ eventId: id }) => id === after.id) + 1;
          const items = this.refusals.slice(start, start + limit).map((refusal): RefusalPlace => {
            return { tenant: refusal.tenant, firstAt: refusal.firstAt, id: refusal.eventId };
          });
          return { items, next: start + limit < this.refusals.length ? items.at(-1) : undefined };
        },
        read: async (places) =>
          places.map((place) => {
            const refusal = must(this.refusals.find(({ eventId: id }) => id === place.id));
            const item = { ...refusalItem(refusal), attempts: BigInt(refusal.attempts) };
            const postedHash = this.posted.has(refusal.eventId) ? refusal.payloadHash : undefined;
            return { place, item, postedHash };
          }),
        givenUp: async (kind) => ({ items: kind === 'usage' ? this.givenUp : [], next: undefined }),
      },
      ledger: {
        marker: async (_, id) => (this.posted.has(id) ? {} : undefined),
        refusal: async (_, id) => this.refusals.find((refusal) => refusal.eventId === id),
      },
      attempts: { usage: { attempt }, adjustment: { attempt: async () => undefined } },
      telemetry: new TelemetryLog(),
    };
  }
}

describe('the list of dead letters', () => {
  it('names each event once, by where it stands: refused, undelivered, given up', async () => {
    const world = new ListWorld();
    world.refuse('refused', true);
    world.refuse('undelivered', false);
    world.refuse('gave-up', false);
    world.giveUp('gave-up');
    world.giveUp('lost');
    world.giveUp('posted-after-all');
    world.posted.add(eventId('api:posted-after-all'));
    const page = await world.page();
    expect(world.ids(page)).toEqual([
      'api:refused refused',
      'api:undelivered undelivered',
      'api:gave-up given_up',
      'api:lost given_up',
    ]);
    expect(page.next_cursor).toBeUndefined();
  });

  it('reads so much and no more for one page, however many have been posted since', async () => {
    const world = new ListWorld();
    for (let index = 0; index < 100; index += 1) {
      world.refuse(`k${index}`, false);
      world.posted.add(eventId(`api:k${index}`));
    }
    world.refuse('open', false);
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      world.reads = 0;
      const page = await world.page({ limit: '10', ...(cursor !== undefined && { cursor }) });
      expect(world.reads).toBeLessThanOrEqual(5);
      found.push(...world.ids(page));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(found).toEqual(['api:open undelivered']);
  });
});
