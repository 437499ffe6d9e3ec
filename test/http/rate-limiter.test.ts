import { describe, expect, it } from 'vitest';
import { RateLimiter, type RequestCounts } from '../../lambdas/http/rate-limiter.ts';
import { alpha, beta, NOW_MS } from '../support/events.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const WINDOW_MS = 10_000;

/** The table that all processes count in. */
class SharedCounts implements RequestCounts {
  readonly totals = new Map<string, number>();
  writes = 0;
  isDown = false;

  async add(tenant: string, windowStartSeconds: number, requests: number): Promise<number> {
    if (this.isDown) throw new Error('no table');
    this.writes += 1;
    const key = `${tenant}#${windowStartSeconds}`;
    const total = (this.totals.get(key) ?? 0) + requests;
    this.totals.set(key, total);
    return total;
  }
}

class World {
  readonly counts = new SharedCounts();
  readonly clock = new VirtualClock(NOW_MS);

  process(perWindow: number): RateLimiter {
    return new RateLimiter(this.counts, () => this.clock.nowMs(), perWindow);
  }
}

/** How many of so many requests are let through. */
async function letThrough(limiter: RateLimiter, requests: number, tenant = alpha): Promise<number> {
  let passed = 0;
  for (let sent = 0; sent < requests; sent += 1) {
    passed += await limiter.count(tenant).then(
      () => 1,
      () => 0,
    );
  }
  return passed;
}

describe('a rate limiter', () => {
  it.each([1, 39, 40, 41, 800, 1_003])('lets exactly %i requests of one process through', async (perWindow) => {
    const limiter = new World().process(perWindow);
    expect(await letThrough(limiter, perWindow)).toBe(perWindow);
    expect(await letThrough(limiter, 5)).toBe(0);
  });

  it('answers one too many with a 429 and the seconds until the window ends', async () => {
    const world = new World();
    const limiter = world.process(2);
    await letThrough(limiter, 2);
    await expect(limiter.count(alpha)).rejects.toMatchObject({ status: 429, hints: { retryAfterSeconds: 10 } });
    world.clock.advance(7_001);
    await expect(limiter.count(alpha)).rejects.toMatchObject({ status: 429, hints: { retryAfterSeconds: 3 } });
    world.clock.advance(2_998);
    await expect(limiter.count(alpha)).rejects.toMatchObject({ status: 429, hints: { retryAfterSeconds: 1 } });
    world.clock.advance(1);
    await limiter.count(alpha);
  });

  it('lets no more through in all processes together, and holds back little of it', async () => {
    const world = new World();
    const processes = Array.from({ length: 8 }, () => world.process(1_000));
    let passed = 0;
    for (let round = 0; round < 150; round += 1) {
      const answers = await Promise.all(processes.map((limiter) => letThrough(limiter, 1)));
      passed += answers.reduce((sum, answer) => sum + answer, 0);
    }
    expect(passed).toBe(1_000);
    expect(await letThrough(world.process(1_000), 10)).toBe(0);
  });

  it('holds back at most a fortieth of the limit for each idle process', async () => {
    const world = new World();
    const idle = Array.from({ length: 4 }, () => world.process(400));
    for (const limiter of idle) await limiter.count(alpha);
    expect(await letThrough(world.process(400), 400)).toBe(400 - 4 * 10);
  });

  it('counts a busy tenant once in twenty requests, and a spent one no more', async () => {
    const world = new World();
    const limiter = world.process(1_000);
    await letThrough(limiter, 1_000);
    expect(world.counts.writes).toBe(50);
    await letThrough(limiter, 1_000);
    expect(world.counts.writes).toBe(50);
  });

  it('never takes from one tenant for another', async () => {
    const limiter = new World().process(40);
    expect(await letThrough(limiter, 60, alpha)).toBe(40);
    expect(await letThrough(limiter, 60, beta)).toBe(40);
  });

  it('starts anew with each window, and carries nothing over', async () => {
    const world = new World();
    const limiter = world.process(800);
    expect(await letThrough(limiter, 5)).toBe(5);
    world.clock.advance(WINDOW_MS);
    expect(await letThrough(limiter, 900)).toBe(800);
    expect([...world.counts.totals.keys()]).toHaveLength(2);
  });

  it('lets nothing through when it cannot count, but for what it has counted already', async () => {
    const world = new World();
    const limiter = world.process(800);
    await limiter.count(alpha);
    world.counts.isDown = true;
    expect(await letThrough(limiter, 30)).toBe(19);
    await expect(limiter.count(alpha)).rejects.toThrow('no table');
    world.counts.isDown = false;
    expect(await letThrough(limiter, 1)).toBe(1);
  });

  it('shares a lease between requests that come at once', async () => {
    const world = new World();
    const limiter = world.process(800);
    await Promise.all(Array.from({ length: 40 }, () => limiter.count(alpha)));
    const left = 800 - [...world.counts.totals.values()].reduce((sum, total) => sum + total, 0);
    expect(await letThrough(limiter, 800)).toBeGreaterThanOrEqual(left);
  });
});
