import { describe, expect, it } from 'vitest';
import type { TenantId } from '../../lambdas/domain/ids.ts';
import { type Failure, refusalReasons } from '../../lambdas/domain/refusal.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { DeadLetters, deadLetterOf, type RefusalPlace } from '../../lambdas/storage/dead-letters.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import { NO_TENANT, refusalIndexKey, refusalKey } from '../../lambdas/storage/keys.ts';
import { SweepProgress } from '../../lambdas/storage/sweep-progress.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { entry, eventId, instant, must, NOW, tenantId, usageEvent } from '../support/events.ts';
import { LedgerTables } from '../support/ledger-tables.ts';

/** What every engine must do for the list of dead letters. */
export function deadLetterRules(dynamodb: Dynamodb): void {
  describe('the dead letters', () => {
    const tables = new LedgerTables(dynamodb, 'letters');
    const letters = () => new DeadLetters(dynamodb.client(), { ledger: TABLES.ledger, operations: TABLES.operations });

    const failure = (tenant: TenantId, key: string, second: number): Failure => ({
      ...{ tenant, eventId: eventId(`api:${key}`), payloadHash: payloadHash(usageEvent(key, { tenant })) },
      ...{ final: true, reason: refusalReasons.unpriced, deliveries: 1 },
      at: instant(`2026-03-15T12:00:${String(second).padStart(2, '0')}Z`),
    });

    async function all(tenant: TenantId | undefined, limit: number): Promise<RefusalPlace[]> {
      const places: RefusalPlace[] = [];
      let after: RefusalPlace | undefined;
      do {
        const slice = await letters().refusals(tenant, after, limit);
        expect(slice.items.length).toBeLessThanOrEqual(limit);
        places.push(...slice.items);
        after = slice.next;
      } while (after !== undefined);
      return places;
    }

    it('list a tenant’s refusals by their first failure, in slices of any size, and nobody else’s', async () => {
      const { tenant } = tables.freshLane();
      const other = tables.freshLane().tenant;
      for (const [key, second] of [
        ['late', 30],
        ['early', 1],
        ['middle', 20],
        ['#\uffff', 25],
      ] as const) {
        await tables.ledger.refuse(failure(tenant, key, second));
      }
      await tables.ledger.refuse(failure(other, 'theirs', 2));
      // A later failure moves nothing: the first one counts.
      await tables.ledger.refuse(failure(tenant, 'early', 59));
      const expected = ['api:early', 'api:middle', 'api:#\uffff', 'api:late'];
      for (const limit of [1, 2, 100]) {
        expect((await all(tenant, limit)).map(({ id }) => id)).toEqual(expected);
      }
      const everybody = (await all(undefined, 3)).map(({ tenant: whose, id }) => `${whose} ${id}`);
      expect(new Set(everybody).size).toBe(everybody.length);
      expect(everybody).toEqual(
        expect.arrayContaining([`${other} api:theirs`, ...expected.map((id) => `${tenant} ${id}`)]),
      );
    });

    it('come with what stands in the ledger: the refusal, and the payload posted under the id', async () => {
      const lane = tables.freshLane();
      const { tenant } = lane;
      await tables.ledger.refuse(failure(tenant, 'open', 1));
      await tables.ledger.refuse(failure(tenant, 'posted', 2));
      const page = await tables.post(lane, [entry('posted')]);
      const found = await letters().read(await all(tenant, 10));
      expect(found.map(({ place, postedHash }) => [place.id, postedHash])).toEqual([
        ['api:open', undefined],
        ['api:posted', (await tables.ledger.marker(tenant, must(page.entries[0]).eventId))?.payloadHash],
      ]);
      const [open] = found;
      expect(open && deadLetterOf(open.place, open.item)).toEqual(
        await tables.ledger.refusal(tenant, eventId('api:open')),
      );
      expect(await letters().read([{ tenant, firstAt: NOW, id: 'api:gone' }])).toEqual([]);
    });

    it('come once each, also while the index still names a place that a refusal has left', async () => {
      const { tenant } = tables.freshLane();
      await tables.ledger.refuse(failure(tenant, 'moved', 1));
      const [place] = await all(tenant, 10);
      const left = { ...must(place), firstAt: instant('2026-03-01T00:00:00Z') };
      expect(await letters().read([left, must(place)])).toHaveLength(1);
    });

    it('hold unreadable messages apart from every tenant', async () => {
      const message = { messageId: 'letters-1', kind: 'adjustment' as const, body: '?', receiveCount: 1, at: NOW };
      await tables.ledger.keepUnreadable(message);
      const place = must((await all(undefined, 50)).find(({ id }) => id === message.messageId));
      expect(place.tenant).toBe(NO_TENANT);
      const [found] = await letters().read([place]);
      const reason = 'not an adjustment message';
      const kept = { messageId: message.messageId, reason, firstAt: NOW, lastAt: NOW, attempts: 1 };
      expect(found && deadLetterOf(found.place, found.item)).toEqual(kept);
    });

    it('name a damaged refusal, and pass over what nobody of ours can have put into the index', async () => {
      const { tenant } = tables.freshLane();
      const id = eventId('api:damaged');
      await tables.overwrite('ledger', refusalKey(tenant, id), {
        ...refusalIndexKey(tenant, NOW, id),
        is_final: 'yes',
      });
      const forged = { pk: 'R#forged', sk: 'no event' };
      await tables.overwrite('ledger', forged, { ...refusalIndexKey(tenant, NOW, 'no event') });
      const { items } = await letters().refusals(tenant, undefined, 10);
      expect(items.map((place) => place.id)).toEqual([id]);
      const [found] = await letters().read(items);
      expect(() => found && deadLetterOf(found.place, found.item)).toThrow(DamagedItemError);
    });

    it('include what a sweep gave up, by intake and tenant, looking at so many attempts at a time', async () => {
      const [one, other] = [tenantId('letters_gave_up'), tenantId('letters_gave_up_2')];
      const progress = new SweepProgress(dynamodb.client(), TABLES.operations, 'usage');
      const attempt = (tenant: TenantId, key: string, gaveUp: boolean) => ({
        ...{ tenant, eventId: eventId(`api:${key}`), attempts: 8, firstAt: NOW, nextAt: NOW, gaveUp },
      });
      for (const key of ['a', 'b', 'c', 'd']) await progress.restart(attempt(one, key, key !== 'b'));
      await progress.restart(attempt(other, 'x', true));
      const ids: string[] = [];
      let after: Parameters<DeadLetters['givenUp']>[2];
      do {
        const slice = await letters().givenUp('usage', one, after, 2);
        ids.push(...slice.items.map(({ eventId: id }) => id));
        after = slice.next;
      } while (after !== undefined);
      expect(ids).toEqual(['api:a', 'api:c', 'api:d']);
      const everybody = await letters().givenUp('usage', undefined, undefined, 100);
      expect(everybody.items).toEqual(expect.arrayContaining([attempt(one, 'a', true), attempt(other, 'x', true)]));
      expect((await letters().givenUp('adjustment', one, undefined, 100)).items).toEqual([]);
    });
  });
}
