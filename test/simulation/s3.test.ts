import { S3ServiceException } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANCHORS, LOCK_DAYS, LOCKED, S3World, UNLOCKED } from './s3-world.ts';

const DAY_MS = 86_400_000;
const RUNS = 200;

/** The status and name of what a call throws. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return error instanceof S3ServiceException ? `${error.$metadata.httpStatusCode} ${error.name}` : String(error);
  }
  return 'it was allowed';
}

describe('a simulated bucket that takes no liberty', () => {
  it('gives back what was put, in the moment it was done', async () => {
    const world = new S3World();
    world.nowMs = 1_000;
    const done = world.arrive('PutObject', { Key: 'k', Body: 'ü', ContentType: 'application/json' });
    expect(refusal(() => world.call('GetObject', { Key: 'k' }))).toBe('404 NoSuchKey');
    const put = done();
    expect(world.call('GetObject', { Key: 'k' })).toMatchObject({
      ...put,
      ETag: '"c03410a5204b21cd8229ff754688d743"',
      ContentLength: 2,
      ContentType: 'application/json',
      LastModified: new Date(1_000),
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date(1_000 + LOCK_DAYS * DAY_MS),
    });
    expect(await world.read('k')).toBe('ü');
  });

  it('lets a body be read once, as the SDK does, and resolves without anything happening', async () => {
    const world = new S3World();
    world.put('k', 'text');
    const { Body } = world.call('GetObject', { Key: 'k' }) as {
      Body: { transformToString(e?: string): Promise<string> };
    };
    let text = '';
    void Body.transformToString('utf-8').then((read) => {
      text = read;
    });
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    expect(text).toBe('text');
    await expect(Body.transformToString()).rejects.toThrow('already been transformed');
  });

  it('puts nothing where something is, when asked to', async () => {
    const world = new S3World();
    world.put('k', 'first', { IfNoneMatch: '*' });
    expect(refusal(() => world.put('k', 'second', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
    expect(await world.read('k')).toBe('first');
    world.s3.remove(LOCKED.name, 'k');
    world.put('k', 'third', { IfNoneMatch: '*' });
    expect(await world.read('k')).toBe('third');
  });

  it('lets nobody put without that condition, where its policy says so', () => {
    const world = new S3World();
    const Bucket = ANCHORS.name;
    expect(refusal(() => world.put('k', 'first', { Bucket }))).toBe('403 AccessDenied');
    world.put('k', 'second', { Bucket, IfNoneMatch: '*' });
    world.s3.overwrite(Bucket, 'k', 'third');
    expect(world.s3.versions(Bucket, 'k').map(({ bytes }) => String(bytes))).toEqual(['second', 'third']);
  });

  it('puts a new version in front of a locked one, which never changes and cannot be deleted', async () => {
    const world = new S3World();
    const { VersionId } = world.put('k', 'first') as { VersionId: string };
    world.s3.overwrite(LOCKED.name, 'k', 'second');
    expect(await world.read('k')).toBe('second');
    world.s3.remove(LOCKED.name, 'k');
    expect(refusal(() => world.call('GetObject', { Key: 'k' }))).toBe('404 NoSuchKey');
    expect(world.list().keys).toEqual([]);
    world.nowMs = LOCK_DAYS * DAY_MS - 1;
    expect(refusal(() => world.s3.removeVersion(LOCKED.name, 'k', VersionId))).toBe('403 AccessDenied');
    expect(await world.read('k', { VersionId })).toBe('first');
    expect(world.s3.versions(LOCKED.name, 'k').map(({ bytes }) => String(bytes))).toEqual(['first', 'second', '']);
    world.nowMs += 1;
    world.s3.removeVersion(LOCKED.name, 'k', VersionId);
    expect(refusal(() => world.call('GetObject', { Key: 'k', VersionId }))).toBe('404 NoSuchVersion');
  });

  it('locks a version as long as its put asks', () => {
    const world = new S3World();
    const lock = (ms: number) => ({ ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(ms) });
    world.put('k', 'v', lock(5_000));
    expect(world.s3.versions(LOCKED.name, 'k')).toMatchObject([{ retention: { mode: 'GOVERNANCE', untilMs: 5_000 } }]);
    expect(refusal(() => world.put('k', 'v', lock(0)))).toBe('400 InvalidArgument');
    expect(refusal(() => world.put('k', 'v', { ObjectLockMode: 'GOVERNANCE' }))).toBe('400 InvalidArgument');
    expect(refusal(() => world.put('k', 'v', { ...lock(5_000), Bucket: UNLOCKED.name }))).toBe('400 InvalidRequest');
  });

  it('compares a body with its checksum', () => {
    const world = new S3World();
    const ChecksumSHA256 = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
    expect(world.put('empty', '', { ChecksumAlgorithm: 'SHA256' })).toMatchObject({ ChecksumSHA256 });
    expect(refusal(() => world.put('k', 'content', { ChecksumSHA256 }))).toBe('400 BadDigest');
    expect(world.s3.objects(LOCKED.name).map(({ key }) => key)).toEqual(['empty']);
  });

  it('lists the current objects in the order of the bytes of their keys', () => {
    const world = new S3World();
    const keys = ['a', 'b/1', 'b/2', '\uff5e', '\u{1f600}'];
    for (const key of [...keys, 'gone'].toReversed()) world.put(key, '');
    world.s3.remove(LOCKED.name, 'gone');
    expect(world.list()).toEqual({ keys, next: undefined });
    expect(world.list({ StartAfter: 'b' }).keys).toEqual(keys.slice(1));
    expect(world.list({ StartAfter: 'b/1', Prefix: 'b/' }).keys).toEqual(['b/2']);
    const first = world.list({ MaxKeys: 2, StartAfter: 'a' });
    expect(first.keys).toEqual(['b/1', 'b/2']);
    expect(world.list({ ContinuationToken: first.next }).keys).toEqual(keys.slice(3));
    expect(world.list({ MaxKeys: 0 })).toEqual({ keys: [], next: undefined });
  });

  it('does not seem to do what it does not', () => {
    const world = new S3World();
    expect(refusal(() => world.put('k', '', { Bucket: 'nowhere' }))).toBe('404 NoSuchBucket');
    expect(() => world.call('CopyObject', {})).toThrow('knows no CopyObjectCommand');
    expect(() => world.put('k', '', { Tagging: 'a=b' })).toThrow('no Tagging');
    expect(() => world.put('k', '', { IfNoneMatch: '"etag"' })).toThrow('teach it');
  });
});

describe('each liberty that S3 may take', () => {
  it('refuses a call for its rate, with nothing done', () => {
    const world = new S3World({ throttle: 1 });
    expect(refusal(() => world.put('k', ''))).toBe('503 SlowDown');
    world.s3.calm();
    expect(world.list().keys).toEqual([]);
  });

  it('lists less than it could, and never nothing, so that whoever goes on finds all', () => {
    fc.assert(
      fc.property(fc.nat().map(String), fc.nat({ max: 20 }), (seed, count) => {
        const world = new S3World({ shortPage: 0.8 }, seed);
        const keys = Array.from({ length: count }, (_, index) => `k${String(index).padStart(2, '0')}`);
        for (const key of keys) world.put(key, '');
        const found: string[] = [];
        for (let next: string | undefined = ''; next !== undefined; ) {
          const page = world.list(next === '' ? {} : { ContinuationToken: next });
          expect(page.keys.length > 0).toBe(count > 0);
          found.push(...page.keys);
          next = page.next;
        }
        expect(found).toEqual(keys);
      }),
      { numRuns: RUNS },
    );
  });

  it('calls it a conflict when two put under one key at once, and only then', () => {
    const world = new S3World({ conflict: 1 });
    const put = (Body: string) => world.arrive('PutObject', { Key: 'k', Body, IfNoneMatch: '*' });
    const [first, second] = [put('first'), put('second')];
    first();
    expect(refusal(second)).toBe('409 ConditionalRequestConflict');
    expect(refusal(put('again'))).toBe('412 PreconditionFailed');
  });

  it('does the same again for the same seed', () => {
    const play = (seed: string) => {
      const world = new S3World({ throttle: 0.5 }, seed);
      const refused = Array.from({ length: 20 }, (_, index) => refusal(() => world.put(`k${index}`, '')));
      world.s3.calm();
      return { refused, objects: world.s3.objects(LOCKED.name) };
    };
    fc.assert(
      fc.property(fc.nat().map(String), (seed) => {
        expect(play(seed)).toEqual(play(seed));
      }),
      { numRuns: RUNS },
    );
  });
});
