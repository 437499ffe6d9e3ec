import { describe, expect, it } from 'vitest';
import { nextPage } from '../../lambdas/domain/page.ts';
import { balance } from '../../lambdas/read/balance.ts';
import { checkReadiness } from '../../lambdas/read/readiness.ts';
import { alpha, beta, entry, instant, lane, laneKey, NOW, NOW_MS, period, priceBook } from '../support/events.ts';
import { hashesFor } from '../support/hashes.ts';
import { ReadWorld } from '../support/read-world.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

async function worldWith(charges: readonly (readonly [key: Partial<ReturnType<typeof laneKey>>, amount: bigint])[]) {
  const world = new ReadWorld();
  for (const [index, [key, amount]] of charges.entries()) {
    const head = await world.ledger.head(laneKey(key));
    const page = nextPage(head, [entry(`k${index}`, amount)], NOW);
    await world.ledger.commit(head, page, hashesFor(page));
  }
  return world;
}

describe('a balance', () => {
  it('is the sum over all lanes and months, closed ones too, beyond what a JavaScript number holds', async () => {
    const huge = 2n ** 80n;
    const world = await worldWith([
      [{}, huge],
      [{ lane: lane(9) }, 1n],
      [{ period: period('2025-12') }, 10n],
      [{ lane: lane(16) }, -4n],
      [{ tenant: beta }, 99n],
    ]);
    world.ledger.close(laneKey(), NOW);
    world.ledger.close(laneKey({ lane: lane(11) }), NOW);
    expect(await balance(alpha, world.ports)).toEqual({ balance_minor: (huge + 7n).toString(), currency: 'USD' });
    expect(await balance(beta, world.ports)).toEqual({ balance_minor: '99', currency: 'USD' });
  });

  it('of a tenant nobody charged is zero', async () => {
    expect(await balance(alpha, (await worldWith([])).ports)).toEqual({ balance_minor: '0', currency: 'USD' });
  });

  it('is a 503 while no price book is in force', async () => {
    const world = await worldWith([]);
    world.books = [priceBook(1, { effectiveAt: instant('2027-01-01T00:00:00Z') })];
    await expect(balance(alpha, world.ports)).rejects.toMatchObject({ status: 503 });
    // The first one has been added a moment ago, and the cache does not know.
    world.freshBooks = [priceBook()];
    expect(await balance(alpha, world.ports)).toMatchObject({ currency: 'USD' });
  });
});

describe('readiness', () => {
  const ready = async () => undefined;
  /** A clock whose sleeps end once everything that was due before has happened. */
  const clock = Object.assign(new VirtualClock(NOW_MS), {
    sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
  });

  it('is there when every dependency answers', async () => {
    const telemetry = new TelemetryLog();
    await checkReadiness({ ledger: ready, queue: ready }, { clock, telemetry });
    expect(telemetry.warnings).toEqual([]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('10.0.0.7 refused'))],
    ['does not answer', () => new Promise<void>(() => {})],
  ])('is a 503 that names nothing inside when one %s', async (_, ledger) => {
    const refused = checkReadiness({ ledger, queue: ready }, { clock, telemetry: new TelemetryLog() });
    await expect(refused).rejects.toMatchObject({ status: 503, message: expect.not.stringMatching(/ledger|10\.0/) });
  });
});
