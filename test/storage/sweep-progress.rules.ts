import { describe, expect, it } from 'vitest';
import type { EntryKind } from '../../lambdas/domain/journal.ts';
import { type SweepAttempt, SweepProgress } from '../../lambdas/storage/sweep-progress.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { alpha, beta, eventId, instant, NOW } from '../support/events.ts';

/** What every engine must do for the sweep’s memory. */
export function sweepProgressRules(dynamodb: Dynamodb): void {
  describe('the sweep’s memory', () => {
    const progress = (kind: EntryKind = 'usage') => new SweepProgress(dynamodb.client(), TABLES.operations, kind);

    async function attempts(): Promise<SweepAttempt[]> {
      const found: SweepAttempt[] = [];
      for await (const attempt of progress().attempts()) found.push(attempt);
      return found;
    }

    it('moves its watermark forward only', async () => {
      expect(await progress().watermark()).toBeUndefined();
      const [early, late] = [instant('2026-03-01T00:00:00Z'), instant('2026-03-02T00:00:00Z')];
      for (const [reached, expected] of [
        [early, early],
        [late, late],
        [early, late],
        [late, late],
      ] as const) {
        await progress().advance(reached);
        expect(await progress().watermark()).toBe(expected);
      }
    });

    it('remembers, changes and forgets attempts, one for each event of each tenant', async () => {
      const first = {
        tenant: alpha,
        eventId: eventId('api:k#\uffff'),
        attempts: 1,
        firstAt: NOW,
        nextAt: NOW,
        gaveUp: false,
      };
      const second = { ...first, tenant: beta };
      expect(await progress().record(first, undefined)).toBe(true);
      expect(await progress().record(second, undefined)).toBe(true);
      expect(await attempts()).toEqual([first, second]);
      expect(await progress().record({ ...first, attempts: 8, gaveUp: true }, first)).toBe(true);
      expect(await progress().attempt(alpha, first.eventId)).toMatchObject({ attempts: 8, gaveUp: true });
      await progress().forget(second);
      await progress().forget(second);
      expect(await attempts()).toEqual([{ ...first, attempts: 8, gaveUp: true }]);
      expect(await progress().attempt(beta, second.eventId)).toBeUndefined();
    });

    it('lets of two who read the same attempt one record the next, and a redrive begin anew', async () => {
      const first = {
        ...{ tenant: alpha, eventId: eventId('api:contended'), attempts: 1 },
        ...{ firstAt: NOW, nextAt: NOW, gaveUp: false },
      };
      expect(await progress().record(first, undefined)).toBe(true);
      expect(await progress().record(first, undefined)).toBe(false);
      const second = { ...first, attempts: 2 };
      expect(await progress().record(second, first)).toBe(true);
      expect(await progress().record(second, first)).toBe(false);
      const anew = { ...first, firstAt: instant('2026-03-16T00:00:00Z') };
      await progress().restart(anew);
      expect(await progress().record({ ...second, gaveUp: true }, second)).toBe(false);
      expect(await progress().attempt(alpha, first.eventId)).toEqual(anew);
    });

    it('keeps the intakes apart', async () => {
      const own = { tenant: alpha, eventId: eventId('adj:k'), attempts: 1, firstAt: NOW, nextAt: NOW, gaveUp: false };
      await progress('adjustment').record(own, undefined);
      await progress('adjustment').advance(instant('2027-01-01T00:00:00Z'));
      expect(await progress('usage').attempt(alpha, own.eventId)).toBeUndefined();
      expect(await progress('usage').watermark()).toBe('2026-03-02T00:00:00.000Z');
      expect(await progress('adjustment').attempt(alpha, own.eventId)).toEqual(own);
    });
  });
}
