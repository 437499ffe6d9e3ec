import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPeriod, type Period } from '../../lambdas/domain/period.ts';
import { balance } from '../../lambdas/read/balance.ts';
import { statement } from '../../lambdas/read/statement.ts';
import { CLAIM_MAX_AGE_MS, CloseWorld } from '../support/close-world.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import { watched } from '../support/engine-watch.ts';
import { entry, lane, period, priceBook } from '../support/events.ts';
import { ReadWorld } from '../support/read-world.ts';

const RUNS = 12;

const MONTHS = ['2025-11', '2025-12', '2026-01', '2026-02', '2026-03'].map(period);

/** Posts here and there, closes months in any order, and begins closes that die before the seal. */
const stories = fc.array(
  fc.record({
    action: fc.constantFrom('post', 'post', 'post', 'close', 'dieClosing'),
    month: fc.constantFrom(...MONTHS),
    lane: fc.constantFrom(0, 7, 16),
    amount: fc.bigInt({ min: -50n, max: 2n ** 70n }),
  }),
  { minLength: 4, maxLength: 14 },
);
type Step = typeof stories extends fc.Arbitrary<(infer One)[]> ? One : never;

describe.skipIf(!dynoxide.available)('with closed months', () => {
  const dynamodb = useDynamodb(dynoxide);
  let worlds = 0;

  function newWorld() {
    worlds += 1;
    const world = new CloseWorld(dynamodb, `months${worlds}t`);
    const read = new ReadWorld();
    const { ledger, balances } = world.tables;
    const ports = { ...read.ports, ledger, balances, closures: world.closures, clock: world.clock };
    const { tenant } = world.tables.freshLane();
    let posted = 0;
    const post = (month: Period, to: number, amount: bigint) => {
      posted += 1;
      return world.post({ tenant, period: month, lane: lane(to) }, [entry(`k${posted}`, amount)]);
    };
    /** Does one step; gives what it added to the balance. */
    const take = async (step: Step): Promise<bigint> => {
      if (step.action === 'post') return (await post(step.month, step.lane, step.amount)) ? step.amount : 0n;
      world.clock.advance(CLAIM_MAX_AGE_MS + 1);
      const { closing } = world.ports();
      const dies = step.action === 'dieClosing' && { seal: () => Promise.reject(new Error('died')) };
      const steps = {
        claim: closing.claim.bind(closing),
        takeOver: closing.takeOver.bind(closing),
        shut: closing.shut.bind(closing),
        seal: closing.seal.bind(closing),
        ...dies,
      };
      await world.close(tenant, step.month, { closing: steps }).catch(() => undefined);
      return 0n;
    };
    return { world, tenant, read, ports, post, take };
  }

  it('a balance is the sum of what was posted, in whatever order months are closed, and while they are closing', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const { ports, tenant, take } = newWorld();
        let sum = 0n;
        for (const step of story) {
          sum += await take(step);
          expect(await balance(tenant, ports)).toMatchObject({ balance_minor: sum.toString() });
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('a balance counts a month once when its seal is put between the two reads', async () => {
    const { world, tenant, ports, post } = newWorld();
    for (const month of MONTHS) await post(month, 3, 10n);
    await world.close(tenant, period('2025-12'));
    let closes = 0;
    const between = async (command: string) => {
      if (!command.startsWith('Get') || closes > 0) return;
      closes += 1;
      await world.close(tenant, period('2026-01'));
      await post(period('2026-02'), 3, 1n);
    };
    let answer: unknown;
    await watched(dynamodb.client(), async () => (answer = await balance(tenant, ports)), between);
    expect(closes).toBe(1);
    expect(answer).toMatchObject({ balance_minor: '51' });
    expect(await balance(tenant, ports)).toMatchObject({ balance_minor: '51' });
  });

  it('a balance reads no more after sixty closed months than after one', async () => {
    const { world, tenant, ports, post } = newWorld();
    const read = () => watched(dynamodb.client(), () => balance(tenant, ports));
    let month = period('2021-04');
    await post(month, 0, 1n);
    await world.close(tenant, month);
    await post(period('2026-04'), 0, 1n);
    const afterOne = await read();
    for (let count = 1; count < 60; count += 1) {
      month = nextPeriod(month);
      await post(month, 0, 1n);
      await world.close(tenant, month);
    }
    const afterSixty = await read();
    expect(afterSixty).toEqual(afterOne);
    expect(afterSixty).toMatchObject({ calls: { length: 3 }, itemsRead: 2 });
    expect(await balance(tenant, ports)).toMatchObject({ balance_minor: '61' });
  });

  it('a closed month’s statement is the same to the byte whatever happens later', async () => {
    await fc.assert(
      fc.asyncProperty(stories, stories, async (before, after) => {
        const { world, tenant, ports, read, take, post } = newWorld();
        for (const step of before) await take(step);
        await post(period('2026-01'), 2, 4n);
        world.clock.advance(CLAIM_MAX_AGE_MS + 1);
        await world.close(tenant, period('2026-01')).catch(() => undefined);
        const bytes = async (query: Record<string, string> = {}) =>
          JSON.stringify(await statement(tenant, new Map(Object.entries({ period: '2026-01', ...query })), ports));
        const whole = await bytes();
        const first = JSON.parse(await bytes({ limit: '1' })) as { next_cursor?: string };
        const rest = first.next_cursor && (await bytes({ limit: '1', cursor: first.next_cursor }));
        expect(JSON.parse(whole)).toMatchObject({ status: 'closed', currency: 'USD' });
        for (const step of after) await take(step);
        read.books = [priceBook(7, { currency: 'EUR' })];
        expect(await bytes()).toBe(whole);
        if (first.next_cursor) expect(await bytes({ limit: '1', cursor: first.next_cursor })).toBe(rest);
      }),
      { numRuns: RUNS },
    );
  });
});
