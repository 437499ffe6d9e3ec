import { describe, expect, it } from 'vitest';
import { parseWebhookKeyId } from '../../lambdas/domain/ids.ts';
import { UNKNOWN_KEYS_MAX } from '../../lambdas/http/limits.ts';
import { WebhookSecrets } from '../../lambdas/ingest/webhook-secrets.ts';
import { seal, sealKeys } from '../../lambdas/secrets/seal.ts';
import type { RotatingSecret } from '../../lambdas/secrets/secrets.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import type { WebhookKey } from '../../lambdas/storage/webhook-keys.ts';
import { alpha, instant, must, NOW, NOW_MS } from '../support/events.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const keyId = must(parseWebhookKeyId('whk_a'));
const SEAL: RotatingSecret = { current: 'seal' };
const CACHE_MS = 5_000;

function sealed(secret: string, place = 'whk_a', by = SEAL): string {
  return seal(secret, place, sealKeys(by));
}

class World {
  readonly clock = new VirtualClock(NOW_MS);
  readonly telemetry = new TelemetryLog();
  readonly calls: string[] = [];
  record: WebhookKey | undefined = { keyId, tenant: alpha, current: sealed('s1') };
  sealSecret = SEAL;
  tableFault: Error | undefined;
  readonly secrets = new WebhookSecrets({
    keys: {
      find: async (id) => {
        this.calls.push('key');
        if (this.tableFault !== undefined) throw this.tableFault;
        return id === keyId ? this.record : undefined;
      },
    },
    readSealSecret: async () => {
      this.calls.push('seal secret');
      return this.sealSecret;
    },
    clock: this.clock,
    telemetry: this.telemetry,
  });

  /** The key, and the calls it took. */
  async find(id: string) {
    this.calls.length = 0;
    const { caller, secrets } = await this.secrets.find(id);
    return { caller, secrets, calls: [...this.calls] };
  }
}

const caller = { tenant: alpha, keyId };

describe('webhook secrets', () => {
  it('are opened, and beside the only one stands one that nobody knows', async () => {
    const { caller: found, secrets } = await new World().find('whk_a');
    expect(found).toEqual(caller);
    expect(secrets[0]).toBe('s1');
    expect(secrets[1]).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['whk_unknown', '', 'a:b', '.', 'k'.repeat(65), '__proto__'])(
    'take the same calls and are as many for %j, which is no key',
    async (id) => {
      const [known, unknown] = [new World(), new World()];
      const [expected, found] = [await known.find('whk_a'), await unknown.find(id)];
      expect(found.calls).toEqual(expected.calls);
      expect(found.caller).toBeUndefined();
      expect(found.secrets).toEqual([found.secrets[1], found.secrets[1]]);
      expect([(await known.find('whk_a')).calls, (await unknown.find(id)).calls]).toEqual([[], []]);
      unknown.clock.advance(CACHE_MS);
      known.clock.advance(CACHE_MS);
      expect((await unknown.find(id)).calls).toEqual((await known.find('whk_a')).calls);
      expect(unknown.telemetry.errors).toEqual([]);
    },
  );

  it('of a process are other dummies than those of the next', async () => {
    const [first, second] = [await new World().find('none'), await new World().find('none')];
    expect(first.secrets[0]).not.toBe(second.secrets[0]);
  });

  it('stop within seconds of a revocation', async () => {
    const world = new World();
    await world.find('whk_a');
    world.record = { ...must(world.record), revokedAt: NOW };
    world.clock.advance(CACHE_MS - 1);
    expect((await world.find('whk_a')).caller).toEqual(caller);
    world.clock.advance(1);
    const revoked = await world.find('whk_a');
    expect(revoked.caller).toBeUndefined();
    expect(revoked.secrets).not.toContain('s1');
  });

  it('are two while they are being rotated, until the moment the old one ends', async () => {
    const world = new World();
    const until = instant('2026-03-15T12:00:10Z');
    world.record = {
      ...must(world.record),
      current: sealed('s2'),
      previous: { kept: sealed('s1'), validUntil: until },
    };
    expect((await world.find('whk_a')).secrets).toEqual(['s2', 's1']);
    world.clock.advance(9_999);
    expect((await world.find('whk_a')).secrets).toEqual(['s2', 's1']);
    world.clock.advance(1);
    const after = (await world.find('whk_a')).secrets;
    expect(after[0]).toBe('s2');
    expect(after[1]).not.toBe('s1');
  });

  it('open while the seal secret is rotated, also when that happened a moment ago', async () => {
    const world = new World();
    await world.find('whk_a');
    world.sealSecret = { current: 'seal-2', previous: SEAL.current };
    world.record = { ...must(world.record), current: sealed('s9', 'whk_a', world.sealSecret) };
    world.clock.advance(10_000);
    expect((await world.find('whk_a')).secrets[0]).toBe('s9');
    expect(world.telemetry.errors).toEqual([]);
  });

  it.each<[string, (world: World) => void]>([
    ['tampered with', (world) => tamper(world, `${sealed('s1').slice(0, -4)}AAAA`)],
    ["another key's", (world) => tamper(world, sealed('s1', 'whk_b'))],
    ['sealed by someone else', (world) => tamper(world, sealed('s1', 'whk_a', { current: 'x' }))],
    ['in the clear', (world) => tamper(world, 's1')],
  ])('are nobody’s when the record is %s, with a loud word to us and none to the caller', async (_, damage) => {
    const world = new World();
    damage(world);
    const { secrets } = await world.find('whk_a');
    expect(secrets).toEqual([secrets[1], secrets[1]]);
    expect(world.telemetry.counted('webhookKeysDamaged')).toBe(1);
    expect(world.telemetry.errors).toHaveLength(1);
  });

  it('are nobody’s when the record is no key at all', async () => {
    const world = new World();
    world.tableFault = new DamagedItemError('damaged');
    expect((await world.find('whk_a')).caller).toBeUndefined();
    expect(world.telemetry.counted('webhookKeysDamaged')).toBe(1);
  });

  it('fail alike for every id when the table does not answer', async () => {
    const world = new World();
    world.tableFault = new Error('no table');
    await expect(world.find('whk_a')).rejects.toThrow('no table');
    await expect(world.find('none')).rejects.toThrow('no table');
  });

  it('are found however many ids are made up', async () => {
    const world = new World();
    for (let index = 0; index <= UNKNOWN_KEYS_MAX; index += 1) await world.find(`made_up_${index}`);
    expect((await world.find('whk_a')).caller).toEqual(caller);
  });

  it('are opened with a seal secret of a second ago at the oldest, if an older one does not open them', async () => {
    const world = new World();
    await world.find('nobody');
    world.sealSecret = { current: 'seal-2' };
    world.record = { ...must(world.record), current: sealed('s1', 'whk_a', world.sealSecret) };
    world.clock.advance(1_000);
    expect((await world.find('whk_a')).secrets[0]).toBe('s1');
  });
});

function tamper(world: World, current: string): void {
  world.record = { ...must(world.record), current };
}
