import { describe, expect, it } from 'vitest';
import { headAfter, nextPage } from '../../lambdas/domain/page.ts';
import { headKey } from '../../lambdas/storage/keys.ts';
import { Posting } from '../../lambdas/storage/posting.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { beta, entry, eventId, NOW } from '../support/events.ts';
import { hashesFor } from '../support/hashes.ts';
import { LedgerTables, SHUT_AT } from '../support/ledger-tables.ts';

/** What every engine must do for commits. */
export function commitRules(dynamodb: Dynamodb): void {
  describe('a commit', () => {
    const tables = new LedgerTables(dynamodb, 'commit');

    it('gives back a committed page, its markers and its head exactly as they were', async () => {
      const key = tables.freshLane();
      const before = await tables.balances.head(key);
      const entries = [
        entry('a', 3n),
        { ...entry('b\uffff💶'), metric: null, quantity: null, priceVersion: null, kind: 'adjustment' as const },
      ];
      const page = await tables.post(key, entries);
      expect(await tables.ledger.page(key, 1)).toEqual(page);
      expect(await tables.balances.head(key)).toEqual(headAfter(before, page));
      const hashes = hashesFor(page);
      for (const [index, one] of entries.entries()) {
        expect(await tables.ledger.marker(key.tenant, one.eventId)).toEqual({
          ...key,
          seq: 1,
          index,
          payloadHash: hashes[index],
          postedAt: page.postedAt,
        });
      }
      expect(await tables.ledger.marker(beta, entries[0]?.eventId ?? eventId('api:a'))).toBeUndefined();
      expect(await tables.ledger.page(key, 2)).toBeUndefined();
    });

    it('keeps amounts far beyond 2^53 to the last digit', async () => {
      const key = tables.freshLane();
      const amount = 12_345_678_901_234_567_890_123_456_789_012_345_678n;
      const page = await tables.post(key, [entry('large', amount), entry('small', 1n)]);
      expect((await tables.balances.head(key)).totals).toEqual({
        receivable: amount + 1n,
        revenue: -amount - 1n,
        adjustments: 0n,
      });
      expect(await tables.ledger.page(key, 1)).toEqual(page);
      const round = tables.freshLane();
      await tables.post(round, [entry('round', 10n ** 37n)]);
      expect((await tables.balances.head(round)).totals.receivable).toBe(10n ** 37n);
    });

    it('refuses as invalid what has more digits than DynamoDB keeps', async () => {
      const key = tables.freshLane();
      const head = await tables.balances.head(key);
      const outcome = await tables.commit(head, nextPage(head, [entry('ok'), entry('k', 10n ** 38n + 1n)], NOW));
      expect(outcome.status).toBe('invalid');
      expect(await tables.balances.head(key)).toEqual(head);
      expect(await tables.ledger.marker(key.tenant, eventId('api:ok'))).toBeUndefined();
    });

    it('reports every marker that is taken, by index and with what it holds', async () => {
      const key = tables.freshLane();
      await tables.post(key, [entry('a'), entry('b')]);
      const head = await tables.balances.head(key);
      const outcome = await tables.commit(
        head,
        nextPage(head, [entry('new'), entry('b'), entry('newer'), entry('a')], NOW),
      );
      expect(outcome).toMatchObject({ status: 'cancelled', head: undefined, pageExists: false, invalid: [] });
      if (outcome.status !== 'cancelled') throw new Error('not cancelled');
      expect([...outcome.taken].map(([at, marker]) => [at, marker?.seq, marker?.index])).toEqual([
        [1, 1, 1],
        [3, 1, 0],
      ]);
      expect(await tables.balances.head(key)).toEqual(head);
      expect(await tables.ledger.marker(key.tenant, eventId('api:new'))).toBeUndefined();
    });

    it('reports a head that moved, as it stands now', async () => {
      const key = tables.freshLane();
      const stale = await tables.balances.head(key);
      await tables.post(key, [entry('a')]);
      const outcome = await tables.commit(stale, nextPage(stale, [entry('b')], NOW));
      expect(outcome).toEqual({
        status: 'cancelled',
        taken: new Map(),
        head: await tables.balances.head(key),
        pageExists: true,
        invalid: [],
      });
      const second = await tables.balances.head(key);
      await tables.post(key, [entry('c')]);
      expect(await tables.commit(second, nextPage(second, [entry('d')], NOW))).toMatchObject({
        head: { nextSeq: 3 },
        pageExists: true,
      });
    });

    it.each([0, 1])('posts nothing into a lane that was shut after %i pages, and reports the gate', async (pages) => {
      const key = tables.freshLane();
      if (pages > 0) await tables.post(key, [entry('a')]);
      const head = await tables.balances.head(key);
      await tables.shut(key);
      const outcome = await tables.commit(head, nextPage(head, [entry('b')], NOW));
      expect(outcome).toMatchObject({ status: 'cancelled', head: { ...head, closedAt: SHUT_AT }, pageExists: false });
      expect(await tables.balances.head(key)).toEqual({ ...head, closedAt: SHUT_AT });
      expect(await tables.ledger.marker(key.tenant, eventId('api:b'))).toBeUndefined();
    });

    it('reports a page that stands where the head has not come to, and leaves both alone', async () => {
      const key = tables.freshLane();
      const empty = await tables.balances.head(key);
      const page = await tables.post(key, [entry('a')]);
      await tables.overwrite('balances', headKey(key), {});
      const outcome = await tables.commit(empty, nextPage(empty, [entry('b')], NOW));
      expect(outcome).toEqual({
        status: 'cancelled',
        taken: new Map(),
        head: undefined,
        pageExists: true,
        invalid: [],
      });
      expect(await tables.ledger.page(key, 1)).toEqual(page);
    });

    it('says it does not know when nobody answers', async () => {
      const key = tables.freshLane();
      const head = await tables.balances.head(key);
      const elsewhere = new Posting(dynamodb.client(), { ledger: 'no_such_table', balances: TABLES.balances });
      const page = nextPage(head, [entry('a')], NOW);
      expect(await elsewhere.commit(head, page, hashesFor(page))).toMatchObject({ status: 'unknown' });
    });

    it('commits a full page of 90', async () => {
      const key = tables.freshLane();
      const page = await tables.post(
        key,
        Array.from({ length: 90 }, (_, index) => entry(`k${index}`)),
      );
      expect((await tables.ledger.page(key, 1))?.entries).toEqual(page.entries);
    });
  });
}
