import { describe, expect, it } from 'vitest';
import { CACHED_KEYS_MAX, KEY_CACHE_MS, UNKNOWN_KEYS_MAX } from '../../lambdas/http/limits.ts';
import { RecentKeys } from '../../lambdas/http/recent-keys.ts';

class World {
  nowMs = 0;
  readonly known = new Set(['mine']);
  readonly reads: string[] = [];
  readonly keys = new RecentKeys<string | undefined>(
    async (keyId) => {
      this.reads.push(keyId);
      return this.known.has(keyId) ? keyId : undefined;
    },
    (key) => key !== undefined,
    () => this.nowMs,
  );

  async guess(count: number, prefix = 'guess'): Promise<void> {
    for (let index = 0; index < count; index += 1) await this.keys.find(`${prefix}-${index}`);
  }
}

describe('recent keys', () => {
  it('are read once in five seconds, whether they are anybody’s or not', async () => {
    const world = new World();
    for (const id of ['mine', 'nobodys']) {
      const expected = id === 'mine' ? id : undefined;
      expect([await world.keys.find(id), await world.keys.find(id)]).toEqual([expected, expected]);
    }
    expect(world.reads).toEqual(['mine', 'nobodys']);
    world.nowMs = KEY_CACHE_MS - 1;
    await world.keys.find('mine');
    expect(world.reads).toHaveLength(2);
    world.nowMs = KEY_CACHE_MS;
    world.known.delete('mine');
    world.known.add('nobodys');
    expect([await world.keys.find('mine'), await world.keys.find('nobodys')]).toEqual([undefined, 'nobodys']);
  });

  it('are found by who was never seen here, however many guess', async () => {
    const world = new World();
    await world.guess(2 * UNKNOWN_KEYS_MAX);
    expect(await world.keys.find('mine')).toBe('mine');
    expect(await world.keys.find('one-more')).toBeUndefined();
  });

  it('are forgotten for no made-up one', async () => {
    const world = new World();
    await world.keys.find('mine');
    await world.guess(CACHED_KEYS_MAX);
    world.reads.length = 0;
    expect(await world.keys.find('mine')).toBe('mine');
    expect(world.reads).toEqual([]);
  });

  it('take no more memory than for so many', async () => {
    const world = new World();
    for (let index = 0; index <= CACHED_KEYS_MAX; index += 1) {
      world.known.add(`key-${index}`);
      await world.keys.find(`key-${index}`);
    }
    world.reads.length = 0;
    await world.keys.find(`key-${CACHED_KEYS_MAX}`);
    await world.keys.find('key-0');
    expect(world.reads).toEqual(['key-0']);
  });

  it('take no more memory than for so many that are nobody’s', async () => {
    const world = new World();
    await world.guess(UNKNOWN_KEYS_MAX + 1);
    world.reads.length = 0;
    await world.guess(1);
    await world.keys.find(`guess-${UNKNOWN_KEYS_MAX}`);
    expect(world.reads).toEqual(['guess-0']);
  });
});
