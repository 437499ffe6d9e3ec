import { describe, expect, it } from 'vitest';
import { EXPIRES_AT } from '../../lambdas/storage/keys.ts';
import { RateLimits } from '../../lambdas/storage/rate-limits.ts';
import { scan } from '../support/audit.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { alpha, beta } from '../support/events.ts';

const WINDOW = 1_773_576_000;

/** What every engine must do for the request counts. */
export function rateLimitRules(dynamodb: Dynamodb): void {
  describe('the request counts', () => {
    it('add up per tenant and window, whoever counts at once, and expire by themselves', async () => {
      const limits = new RateLimits(dynamodb.client(), TABLES.rateLimits);
      const totals = await Promise.all(Array.from({ length: 10 }, () => limits.add(alpha, WINDOW, 20)));
      expect(totals.sort((left, right) => left - right)).toEqual(Array.from({ length: 10 }, (_, n) => 20 * (n + 1)));
      expect(await limits.add(beta, WINDOW, 1)).toBe(1);
      expect(await limits.add(alpha, WINDOW + 10, 3)).toBe(3);
      const items = await scan(dynamodb.client(), TABLES.rateLimits);
      expect(items).toHaveLength(3);
      for (const item of items) expect(Number(item[EXPIRES_AT])).toBeGreaterThan(WINDOW + 10);
    });
  });
}
