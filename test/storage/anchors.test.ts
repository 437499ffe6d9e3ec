import { PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Anchor, anchorHash, anchorText } from '../../lambdas/domain/anchor.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { Anchors } from '../../lambdas/storage/anchors.ts';
import { useBucketEngine } from '../localstack/bucket-engine.ts';
import { alpha, instant, laneKey, must, NOW, NOW_MS, period } from '../support/events.ts';
import { numberedLane } from '../support/lanes.ts';

const DAY_MS = 86_400_000;
const engine = useBucketEngine();
const { head } = numberedLane([1]);
const heads = [{ ...laneKey(), seq: 1, chain: head.chain }];

let bucket: string;
let anchors: Anchors;

beforeEach(async () => {
  bucket = await engine.createBucket(true);
  anchors = new Anchors(engine.s3, bucket);
});

function anchorAt(at = NOW, changes: Partial<Anchor> = {}): Anchor {
  return { kind: 'run', at, previous: null, heads, seals: [], intake: [], ...changes };
}

describe('the anchors’ adapter, on the bucket engine', () => {
  it('puts a run’s anchor once, and gives it back as it was put', async () => {
    const link = must(await anchors.putRun('run_1', 1, anchorAt()));
    expect(link).toEqual({ key: `runs/${NOW}-run_1-0001.json`, hash: anchorHash(anchorText(anchorAt())) });
    expect(await anchors.putRun('run_1', 1, anchorAt(NOW, { heads: [] }))).toBeUndefined();
    expect(await anchors.get(link.key)).toEqual({ status: 'found', anchor: anchorAt(), link });
    expect(await anchors.putRun('run_1', 2, anchorAt())).toBeDefined();
  });

  it('anchors a close once, however often it is resumed', async () => {
    const seal = { tenant: alpha, period: period('2026-02'), hash: 'ab'.repeat(32) };
    await anchors.putClose(seal, heads, NOW);
    await anchors.putClose(seal, heads, NOW);
    const keys = await anchors.keysAfter(undefined);
    expect(keys).toEqual([`closes/${NOW}-tenant_alpha-2026-02.json`]);
    const close = { kind: 'close', previous: null, heads, seals: [seal] };
    expect(await anchors.get(must(keys[0]))).toMatchObject({ status: 'found', anchor: close });
  });

  it('puts again what met another put of the same key, and gives up if that goes on', async () => {
    const conflict = Object.assign(new Error('Conflict'), { name: 'ConditionalRequestConflict' });
    let conflicts = 1;
    engine.s3.middlewareStack.add(
      (next) => async (args) => {
        if (conflicts === 0) return next(args);
        conflicts -= 1;
        throw conflict;
      },
      { step: 'initialize', name: 'conflicts' },
    );
    try {
      const link = must(await anchors.putRun('run_1', 1, anchorAt()));
      expect(await anchors.get(link.key)).toMatchObject({ status: 'found' });
      conflicts = Number.POSITIVE_INFINITY;
      await expect(anchors.putRun('run_1', 2, anchorAt())).rejects.toBe(conflict);
    } finally {
      engine.s3.middlewareStack.remove('conflicts');
    }
  });

  it('tells what is gone from what is damaged', async () => {
    expect(await anchors.get('runs/never.json')).toEqual({ status: 'missing' });
    await engine.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'runs/odd.json', Body: '{"version":1}' }));
    expect(await anchors.get('runs/odd.json')).toMatchObject({
      status: 'damaged',
      link: { key: 'runs/odd.json', hash: anchorHash('{"version":1}') },
    });
  });

  it('lists by time, each kind for itself, from a key on', async () => {
    const moments = [2, 0, 1].map((days) => instantOf(NOW_MS + days * DAY_MS));
    for (const at of moments) await anchors.putRun('run_1', 1, anchorAt(at));
    await anchors.putClose({ tenant: alpha, period: period('2026-02'), hash: 'ab'.repeat(32) }, heads, NOW);
    const keys = await anchors.keysAfter(undefined);
    expect(keys.map((key) => key.split('/')[0])).toEqual(['closes', 'runs', 'runs', 'runs']);
    expect(keys).toEqual([...keys].sort());
    expect(await anchors.keysAfter(keys[2])).toEqual(keys.slice(3));
    expect(await anchors.keysAfter(keys[3])).toEqual([]);
  });

  it.each([
    ['an hour', 3_600_000],
    ['a week', 7 * DAY_MS],
    ['ten years', 3_653 * DAY_MS],
  ])('knows the last anchor of a run %s later', async (_, laterMs) => {
    await anchors.putClose({ tenant: alpha, period: period('2026-02'), hash: 'ab'.repeat(32) }, heads, NOW);
    const now = instantOf(NOW_MS + laterMs);
    expect(await anchors.lastRunKey(now)).toBeUndefined();
    await anchors.putRun('run_1', 1, anchorAt(instant('2026-03-15T11:00:00Z')));
    const last = must(await anchors.putRun('run_2', 1, anchorAt()));
    expect(await anchors.lastRunKey(now)).toBe(last.key);
  });
});
