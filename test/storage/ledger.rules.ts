import { describe, expect, it } from 'vitest';
import type { TenantId } from '../../lambdas/domain/ids.ts';
import { usageEntry } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { type Failure, refusalReasons } from '../../lambdas/domain/refusal.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import { headKey, markerKey, pageKey, refusalKey, unreadableMessageKey } from '../../lambdas/storage/keys.ts';
import { pageItem } from '../../lambdas/storage/page-item.ts';
import type { Dynamodb } from '../support/dynamodb.ts';
import { beta, entry, eventId, lane, laneKey, metric, NOW, period, tenantId, usageEvent } from '../support/events.ts';
import { itemBytes } from '../support/item-size.ts';
import { laneOfPages } from '../support/lanes.ts';
import { LedgerTables, SHUT_AT } from '../support/ledger-tables.ts';

/** What every engine must do for the ledger’s adapters. */
export function ledgerRules(dynamodb: Dynamodb): void {
  describe('the ledger’s adapters', () => {
    const tables = new LedgerTables(dynamodb, 'ledger');

    it('reads a range of pages in order, both ends included, whatever the size of one read', async () => {
      const key = tables.freshLane();
      const neighbour = { ...key, lane: lane(4) };
      for (let index = 0; index < 11; index += 1) await tables.post(key, [entry(`k${index}`)]);
      await tables.post(neighbour, [entry('elsewhere')]);
      const seqs = async (from: number, to: number, perRead?: number) => {
        const found: number[] = [];
        for await (const page of tables.ledger.pages(key, from, to, perRead)) found.push(page.seq);
        return found;
      };
      expect(await seqs(1, 11)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
      expect(await seqs(9, 11, 1)).toEqual([9, 10, 11]);
      expect(await seqs(2, 4, 2)).toEqual([2, 3, 4]);
      expect(await seqs(5, 5)).toEqual([5]);
      expect(await seqs(5, 4)).toEqual([]);
      expect(await seqs(11, 99)).toEqual([11]);
    });

    it('reads on where one answer of DynamoDB ends, at a megabyte', async () => {
      const key = tables.freshLane();
      const wide = (page: number) =>
        Array.from({ length: 90 }, (_, index) => {
          const event = usageEvent(`${page}-${index}-${'x'.repeat(190)}`, { metric: metric('m'.repeat(64)) });
          return usageEntry(event, amountMinor(1n));
        });
      const { pages } = laneOfPages(
        Array.from({ length: 26 }, (_, page) => wide(page)),
        key,
      );
      expect(pages.reduce((sum, page) => sum + itemBytes(pageItem(page)), 0)).toBeGreaterThan(1024 * 1024);
      for (const page of pages) await tables.overwrite('ledger', pageKey(key, page.seq), pageItem(page));
      const found: string[] = [];
      for await (const page of tables.ledger.pages(key, 1, 26)) found.push(page.hash);
      expect(found).toEqual(pages.map(({ hash }) => hash));
    });

    it('reads the heads of a tenant, or of one of its months, and nobody else’s', async () => {
      const key = tables.freshLane();
      const april = { ...key, period: period('2026-04') };
      const places = [key, { ...key, lane: lane(0) }, { ...key, lane: lane(16) }, april];
      for (const [index, place] of places.entries()) await tables.post(place, [entry(`k${index}`)]);
      await tables.shut({ ...key, lane: lane(7) });
      await tables.post(laneKey({ tenant: tenantId(`${key.tenant}0`) }), [entry('other')]);
      const places2 = async (month?: typeof key.period) =>
        (await tables.balances.heads(key.tenant, month)).map((head) => `${head.period}/${head.lane}`);
      expect(await places2()).toEqual(['2026-03/0', '2026-03/3', '2026-03/7', '2026-03/16', '2026-04/3']);
      expect(await places2(april.period)).toEqual(['2026-04/3']);
      const [gate] = (await tables.balances.heads(key.tenant)).filter((head) => head.lane === 7);
      expect(gate).toMatchObject({ nextSeq: 1, entryCount: 0, closedAt: SHUT_AT, lastPostedAt: undefined });
    });

    it('finds which of many events are posted', async () => {
      const key = tables.freshLane();
      await tables.post(key, [entry('a'), entry('c')]);
      const names = ['a', 'b', 'c'].map((id) => ({ tenant: key.tenant, eventId: eventId(`api:${id}`) }));
      expect(await tables.ledger.postedAmong(names)).toEqual(new Set([names[0], names[2]]));
      expect(await tables.ledger.postedAmong(names.map((name) => ({ ...name, tenant: beta })))).toEqual(new Set());
    });

    it('tells them too when one is named twice, as by a second intake item that somebody has planted', async () => {
      const key = tables.freshLane();
      await tables.post(key, [entry('a')]);
      const twice = ['a', 'a'].map((id) => ({ tenant: key.tenant, eventId: eventId(`api:${id}`) }));
      expect(await tables.ledger.postedAmong(twice)).toEqual(new Set(twice));
    });

    const failed = (tenant: TenantId, changes: Partial<Failure> = {}): Failure => ({
      ...{ tenant, eventId: eventId('api:k'), payloadHash: payloadHash(usageEvent('k')), at: NOW, deliveries: 5 },
      ...{ final: false, reason: refusalReasons.undelivered, ...changes },
    });

    it('lets a final refusal replace a provisional one, and nothing replace a final one', async () => {
      const { tenant } = tables.freshLane();
      const id = eventId('api:k');
      const final = { final: true, deliveries: 1, reason: refusalReasons.conflict, at: SHUT_AT };
      expect(await tables.ledger.refusal(tenant, id)).toBeUndefined();
      await tables.ledger.refuse(failed(tenant));
      const first = { tenant, eventId: id, payloadHash: failed(tenant).payloadHash, firstAt: NOW };
      const provisional = { final: false, reason: refusalReasons.undelivered, lastAt: NOW, attempts: 5 };
      expect(await tables.ledger.refusal(tenant, id)).toEqual({ ...first, ...provisional });
      await tables.ledger.refuse(failed(tenant, final));
      const second = { ...first, final: true, reason: refusalReasons.conflict, lastAt: SHUT_AT };
      expect(await tables.ledger.refusal(tenant, id)).toEqual({ ...second, attempts: 6 });
      await tables.ledger.refuse(failed(tenant, { ...final, reason: refusalReasons.unpriced }));
      await tables.ledger.refuse(failed(tenant));
      await tables.ledger.refuse(failed(tenant, { ...final, payloadHash: payloadHash(usageEvent('another')) }));
      expect(await tables.ledger.refusal(tenant, id)).toEqual({ ...second, attempts: 12 });
    });

    it('counts every failure, also those of consumers that meet', async () => {
      const { tenant } = tables.freshLane();
      await Promise.all([1, 2, 3].map((deliveries) => tables.ledger.refuse(failed(tenant, { deliveries }))));
      expect(await tables.ledger.refusal(tenant, eventId('api:k'))).toMatchObject({ attempts: 6 });
    });

    it('keeps an unreadable message once, cut where no character breaks', async () => {
      const body = `${'x'.repeat(4_095)}💶 and more`;
      const message = { messageId: 'm-1', kind: 'usage' as const, body, receiveCount: 2, at: NOW };
      await tables.ledger.keepUnreadable(message);
      await tables.ledger.keepUnreadable({ ...message, body: 'another', at: SHUT_AT });
      const kept = await tables.rawItem('ledger', unreadableMessageKey('m-1'));
      expect(kept).toMatchObject({ first_at: NOW, attempts: 2n, reason: 'not a usage message' });
      expect(String(kept?.['body']).slice(0, 4_095)).toBe('x'.repeat(4_095));
    });

    it('names a damaged item rather than reading it', async () => {
      const key = tables.freshLane();
      await tables.post(key, [entry('a')]);
      const good = {
        next_seq: 2,
        chain: 'a'.repeat(64),
        totals: { receivable: 1, revenue: -1, adjustments: 0 },
        entry_count: 1,
        last_posted_at: NOW,
      };
      for (const damaged of [
        { ...good, next_seq: 1.5 },
        { ...good, next_seq: '2' },
        { ...good, chain: 'x' },
        { ...good, totals: {} },
        { ...good, last_posted_at: 'now' },
      ]) {
        await tables.overwrite('balances', headKey(key), damaged);
        await expect(tables.balances.head(key)).rejects.toThrow(DamagedItemError);
        await expect(tables.balances.heads(key.tenant)).rejects.toThrow(`${headKey(key).pk} / ${headKey(key).sk}`);
      }
      await tables.overwrite('ledger', markerKey(key.tenant, eventId('api:a')), { seq: 1 });
      await expect(tables.ledger.marker(key.tenant, eventId('api:a'))).rejects.toThrow(DamagedItemError);
      await tables.overwrite('ledger', pageKey(key, 1), { seq: 1, entries: 'none' });
      await expect(tables.ledger.page(key, 1)).rejects.toThrow(`${pageKey(key, 1).pk} / ${pageKey(key, 1).sk}`);
      await tables.overwrite('ledger', refusalKey(key.tenant, eventId('api:z')), { is_final: 'yes' });
      await expect(tables.ledger.refusal(key.tenant, eventId('api:z'))).rejects.toThrow(/is_final/);
    });
  });
}
