import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
  PutObjectLockConfigurationCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useBucketEngine } from '../localstack/bucket-engine.ts';
import { LOCK_DAYS, LOCKED, S3World } from './s3-world.ts';

/** The engine answers for nothing that is not on the disk, so that each takes some tenths of a second. */
const RUNS = 40;

const HOUR_MS = 3_600_000;
const WRONG_SHA256 = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

const engine = useBucketEngine();

const key = fc.constantFrom('a', 'b/1', 'b/2 &?', '\uff5e', '\u{1f600}');

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('put'),
      key,
      body: fc.constantFrom('x', '{"a":1}', 'ü'),
      onlyIfAbsent: fc.boolean(),
      isWrong: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      lockedForMs: fc.option(fc.constantFrom(HOUR_MS, -HOUR_MS), { freq: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('get'), key, version: fc.option(fc.nat({ max: 5 })) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('list'),
      prefix: fc.option(fc.constantFrom('', 'b/', 'none')),
      after: fc.option(fc.oneof(key, fc.constant('b'))),
      max: fc.option(fc.nat({ max: 3 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hide'), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), key, version: fc.nat({ max: 5 }) }) },
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** What both can do. */
interface Subject {
  put(input: Omit<PutObjectCommandInput, 'Bucket'>): Promise<PutObjectCommandOutput>;
  get(input: { Key: string; VersionId?: string | undefined }): Promise<GetObjectCommandOutput>;
  list(input: ListInput): Promise<ListObjectsV2CommandOutput>;
  hide(key: string): Promise<unknown>;
  removeVersion(key: string, id: string): Promise<unknown>;
}

interface ListInput {
  readonly Prefix?: string | undefined;
  readonly StartAfter?: string | undefined;
  readonly MaxKeys?: number | undefined;
  readonly ContinuationToken?: string | undefined;
}

it('does what the bucket engine of this machine does, as long as it takes no liberty', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25, size: 'max' }), async (steps) => {
      const nowMs = Date.now();
      const [simulated, real] = [new Player(simulation(nowMs), nowMs), new Player(await theEngine(), nowMs)];
      for (const one of steps) expect(await simulated.play(one)).toEqual(await real.play(one));
    }),
    { numRuns: RUNS },
  );
});

/** Plays steps on one subject, and gives what is seen of each. */
class Player {
  readonly #subject: Subject;
  readonly #nowMs: number;
  /** The ids of the versions that were put, by their keys; the two have ids of their own. */
  readonly #ids: [key: string, id: string][] = [];

  constructor(subject: Subject, nowMs: number) {
    this.#subject = subject;
    this.#nowMs = nowMs;
  }

  async play(step: Step): Promise<unknown> {
    try {
      return await this.#outcome(step);
    } catch (error) {
      if (error instanceof S3ServiceException) return `${error.$metadata.httpStatusCode} ${error.name}`;
      throw error;
    }
  }

  async #outcome(step: Step): Promise<unknown> {
    if ('body' in step) return this.#put(step);
    if ('prefix' in step) return this.#list(step);
    if (step.kind === 'hide') return void (await this.#subject.hide(step.key));
    if (!('version' in step)) return undefined;
    const id = step.version === null ? undefined : this.#idOf(step.key, step.version);
    if (step.kind === 'get') return this.#get(step.key, id);
    return id === undefined ? undefined : void (await this.#subject.removeVersion(step.key, id));
  }

  async #put({ key: Key, body: Body, onlyIfAbsent, isWrong, lockedForMs }: Extract<Step, { body: string }>) {
    const {
      VersionId = '',
      ETag,
      ChecksumSHA256,
    } = await this.#subject.put({
      ...{ Key, Body, ContentType: 'application/json', ChecksumAlgorithm: 'SHA256' },
      ...(onlyIfAbsent && { IfNoneMatch: '*' }),
      ...(isWrong && { ChecksumSHA256: WRONG_SHA256 }),
      ...(lockedForMs !== null && {
        ObjectLockMode: 'GOVERNANCE',
        ObjectLockRetainUntilDate: new Date(this.#nowMs + lockedForMs),
      }),
    });
    this.#ids.push([Key, VersionId]);
    return { ETag, ChecksumSHA256 };
  }

  async #get(Key: string, VersionId: string | undefined) {
    const got = await this.#subject.get({ Key, ...(VersionId !== undefined && { VersionId }) });
    const { ETag, ContentType, ContentLength, ObjectLockMode } = got;
    const version = this.#ids.findIndex(([, id]) => id === got.VersionId);
    return { text: await got.Body?.transformToString(), version, ETag, ContentType, ContentLength, ObjectLockMode };
  }

  /** A whole list, page by page; of no keys at a time there is one page. */
  async #list({ prefix, after, max }: Extract<Step, { prefix: string | null }>) {
    const input: ListInput = {
      ...(prefix !== null && { Prefix: prefix }),
      ...(after !== null && { StartAfter: after }),
      ...(max !== null && { MaxKeys: max }),
    };
    const pages: unknown[] = [];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const list = await this.#subject.list({ ...input, ...(next !== '' && { ContinuationToken: next }) });
      const { Contents = [], KeyCount, MaxKeys, IsTruncated } = list;
      pages.push({
        objects: Contents.map(({ Key, ETag, Size }) => ({ Key, ETag, Size })),
        KeyCount,
        MaxKeys,
        IsTruncated,
      });
      next = list.NextContinuationToken;
    }
    return pages;
  }

  #idOf(key: string, version: number): string | undefined {
    const ids = this.#ids.filter(([one]) => one === key);
    return ids[version % Math.max(1, ids.length)]?.[1];
  }
}

function simulation(nowMs: number): Subject {
  const world = new S3World();
  world.nowMs = nowMs;
  return {
    put: async (input) => world.call('PutObject', input) as PutObjectCommandOutput,
    get: async (input) => world.call('GetObject', input) as GetObjectCommandOutput,
    list: async (input) => world.call('ListObjectsV2', input) as ListObjectsV2CommandOutput,
    hide: async (key) => world.s3.remove(LOCKED.name, key),
    removeVersion: async (key, id) => world.s3.removeVersion(LOCKED.name, key, id),
  };
}

async function theEngine(): Promise<Subject> {
  const { s3 } = engine;
  const Bucket = await engine.createBucket(true);
  const Rule = { DefaultRetention: { Mode: 'COMPLIANCE', Days: LOCK_DAYS } } as const;
  const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule } as const;
  await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  return {
    put: (input) => s3.send(new PutObjectCommand({ Bucket, ...input })),
    get: (input) => s3.send(new GetObjectCommand({ Bucket, ...input })),
    list: (input) => s3.send(new ListObjectsV2Command({ Bucket, ...input })),
    hide: (Key) => s3.send(new DeleteObjectCommand({ Bucket, Key })),
    removeVersion: (Key, VersionId) => s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId })),
  };
}
