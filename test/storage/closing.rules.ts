import { describe, expect, it } from 'vitest';
import { ALL_LANES } from '../../lambdas/domain/lane.ts';
import type { LaneKey } from '../../lambdas/domain/page.ts';
import { carryAfter, emptyCarry, nextSeal } from '../../lambdas/domain/seal.ts';
import { CloseNotes } from '../../lambdas/storage/close-notes.ts';
import { Closing } from '../../lambdas/storage/closing.ts';
import { Closures } from '../../lambdas/storage/closures.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import { carryKey, closureKey } from '../../lambdas/storage/keys.ts';
import { StandingScan } from '../../lambdas/storage/standing-scan.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { entry, lane, NOW, period } from '../support/events.ts';
import { LedgerTables, SHUT_AT } from '../support/ledger-tables.ts';

/** What every engine must do for closing months. */
export function closingRules(dynamodb: Dynamodb): void {
  describe('closing', () => {
    const tables = new LedgerTables(dynamodb, 'closing');
    const closing = () => new Closing(dynamodb.client(), TABLES.balances);
    const closures = () => new Closures(dynamodb.client(), TABLES.balances);
    const claim = (id: string) => ({ id, claimedAt: NOW, closedAt: NOW });

    /** A month with one entry in one lane, all lanes shut, claimed. */
    async function shutMonth(key: LaneKey, claimId: string) {
      await tables.post(key, [entry(`${key.period}`, 5n)]);
      await closing().claim(key.tenant, key.period, claim(claimId));
      for (const each of ALL_LANES) await closing().shut({ ...key, lane: each }, SHUT_AT);
      return tables.balances.heads(key.tenant, key.period);
    }

    it('gives a month to one claim, and to another only in place of the one that was seen', async () => {
      const { tenant, period: month } = tables.freshLane();
      expect(await closures().find(tenant, month)).toBeUndefined();
      expect(await closing().claim(tenant, month, claim('a'))).toBe(true);
      expect(await closing().claim(tenant, month, claim('b'))).toBe(false);
      expect(await closing().takeOver(tenant, month, claim('b'), claim('c'))).toBe(false);
      expect(await closing().takeOver(tenant, month, claim('a'), claim('c'))).toBe(true);
      expect(await closing().takeOver(tenant, month, claim('a'), claim('d'))).toBe(false);
      expect(await closures().find(tenant, month)).toEqual({ status: 'closing', claim: claim('c') });
      expect(await closing().claim(tenant, period('2026-04'), claim('a'))).toBe(true);
    });

    it('shuts a lane once, used or not, and touches nothing else of it', async () => {
      const key = tables.freshLane();
      await tables.post(key, [entry('a', 5n)]);
      const before = await tables.balances.head(key);
      for (const place of [key, { ...key, lane: lane(9) }]) {
        expect(await closing().shut(place, SHUT_AT)).toBe(true);
        expect(await closing().shut(place, NOW)).toBe(true);
      }
      expect(await tables.balances.head(key)).toEqual({ ...before, closedAt: SHUT_AT });
      expect(await tables.balances.head({ ...key, lane: lane(9) })).toMatchObject({ nextSeq: 1, closedAt: SHUT_AT });
    });

    it('puts a seal for the claim’s holder alone, and moves the carry with it', async () => {
      const key = tables.freshLane();
      const { tenant, period: march } = key;
      const facts = { period: march, closedAt: SHUT_AT, sealedAt: SHUT_AT, currency: 'USD' };
      const seal = nextSeal(emptyCarry(tenant), await shutMonth(key, 'mine'), facts);
      expect(await closing().seal(seal, emptyCarry(tenant), 'not mine')).toBe('claim_lost');
      expect(await closures().carry(tenant)).toEqual(emptyCarry(tenant));
      expect(await closing().seal(seal, emptyCarry(tenant), 'mine')).toBe('sealed');
      expect(await closures().find(tenant, march)).toEqual({ status: 'closed', claimId: 'mine', seal });
      expect(await closures().sealHash(tenant, march)).toBe(seal.hash);
      const carry = carryAfter(emptyCarry(tenant), seal);
      expect(await closures().carry(tenant)).toEqual(carry);
      expect(await closing().seal(seal, emptyCarry(tenant), 'mine')).toBe('claim_lost');
      expect(await closing().takeOver(tenant, march, claim('mine'), claim('later'))).toBe(false);

      const april = { ...key, period: period('2026-04') };
      const heads = await shutMonth(april, 'next');
      const stale = nextSeal(emptyCarry(tenant), heads, { ...facts, period: april.period });
      expect(await closing().seal(stale, emptyCarry(tenant), 'next')).toBe('carry_moved');
      const fresh = nextSeal(carry, heads, { ...facts, period: april.period });
      expect(await closing().seal(fresh, carry, 'next')).toBe('sealed');
      expect(await closing().seal(fresh, carry, 'next')).toBe('claim_lost');
      const months = [];
      for await (const { period: month, closure } of closures().all(tenant)) months.push([month, closure.status]);
      expect(months).toEqual([
        [march, 'closed'],
        [april.period, 'closed'],
      ]);
      expect(await tables.balances.standing(tenant)).toMatchObject({ totals: { receivable: 10n }, entryCount: 2 });
    });

    it('names a damaged closure or carry rather than reading it', async () => {
      const { tenant, period: month } = tables.freshLane();
      await tables.overwrite('balances', closureKey(tenant, month), { status: 'ajar' });
      await expect(closures().find(tenant, month)).rejects.toThrow(DamagedItemError);
      await tables.overwrite('balances', carryKey(tenant), { seal_count: -1 });
      await expect(closures().carry(tenant)).rejects.toThrow(`${carryKey(tenant).pk} / ${carryKey(tenant).sk}`);
      await expect(tables.balances.standing(tenant)).rejects.toThrow(DamagedItemError);
    });

    it('adds up a month’s heads over all tenants, unless that takes too long', async () => {
      const scan = new StandingScan(dynamodb.client(), TABLES.balances);
      const month = period('2031-07');
      for (const amount of [1n, 10n, 100n]) {
        await tables.post({ ...tables.freshLane(), period: month }, [entry('a', amount), entry('b', amount)]);
      }
      const sums = { receivable: 222n, revenue: -222n, adjustments: 0n };
      expect(await scan.sum(month, () => false)).toEqual({ totals: sums, entryCount: 6 });
      expect(await scan.sum(period('2031-08'), () => false)).toMatchObject({ entryCount: 0 });
      expect(await scan.sum(month, () => true)).toBeUndefined();
    });

    it('keeps a note until it is forgotten as it was read', async () => {
      const notes = new CloseNotes(dynamodb.client(), TABLES.operations);
      const { tenant, period: month } = tables.freshLane();
      const own = async () => (await notes.all()).filter((note) => note.tenant === tenant);
      const first = { tenant, period: month, notedAt: NOW };
      const second = { ...first, notedAt: SHUT_AT };
      await notes.note(first);
      await notes.note(second);
      await notes.forget(first);
      expect(await own()).toEqual([second]);
      await notes.forget(second);
      await notes.forget(second);
      expect(await own()).toEqual([]);
    });
  });
}
