import { describe, expect, it } from 'vitest';
import { type SweepAttempt, SweepProgress } from '../../lambdas/storage/sweep-progress.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { alpha, beta, eventId, instant, NOW } from '../support/events.ts';

/** What every engine must do for the sweep’s memory. */
export function sweepProgressRules(dynamodb: Dynamodb): void {
  describe('the sweep’s memory', () => {
    const progress = () => new SweepProgress(dynamodb.client(), TABLES.operations);

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
      await progress().record(first);
      await progress().record(second);
      expect(await attempts()).toEqual([first, second]);
      await progress().record({ ...first, attempts: 8, gaveUp: true });
      await progress().forget(second);
      await progress().forget(second);
      expect(await attempts()).toEqual([{ ...first, attempts: 8, gaveUp: true }]);
    });
  });
}
