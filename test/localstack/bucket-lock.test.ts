import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { lambda, restApi, writeAssembly } from '../support/handwritten-assembly.ts';
import { startStack, temporaryFolder } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';
import { killEngine, refusal, runBucketEngine, s3Client, startBucketEngine, useBucketEngine } from './bucket-engine.ts';

const engine = useBucketEngine();
const { createBucket, put, read } = engine;

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

describe('versions', () => {
  test('stay when a key is overwritten or deleted, until each is deleted by name', async () => {
    const Bucket = await createBucket();
    const Status = { VersioningConfiguration: { Status: 'Enabled' as const } };
    await engine.s3.send(new PutBucketVersioningCommand({ Bucket, ...Status }));
    expect((await engine.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const one = await put(Bucket, 'k', 'one');
    const two = await put(Bucket, 'k', 'two');
    const marker = await engine.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(marker).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
    expect(await refusal(read(Bucket, 'k'))).toBe('404 NoSuchKey');
    expect(await read(Bucket, 'k', { VersionId: one.VersionId })).toBe('one');
    expect(await refusal(read(Bucket, 'k', { VersionId: marker.VersionId }))).toBe('405 MethodNotAllowed');
    const list = await engine.s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(list.DeleteMarkers).toMatchObject([{ VersionId: marker.VersionId, IsLatest: true }]);
    expect(list.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [two.VersionId, false],
      [one.VersionId, false],
    ]);
    // A key whose newest version is a marker counts as absent.
    const three = await put(Bucket, 'k', 'three', { IfNoneMatch: '*' });
    for (const { VersionId } of [three, marker, two]) {
      await engine.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId }));
    }
    expect(await read(Bucket, 'k')).toBe('one');
    expect(await refusal(read(Bucket, 'k', { VersionId: two.VersionId }))).toBe('404 NoSuchVersion');
  });
});

describe('Object Lock', () => {
  const retain = (Bucket: string, mode: 'COMPLIANCE' | 'GOVERNANCE', until: Date, more: object = {}) =>
    engine.s3.send(
      new PutObjectRetentionCommand({
        ...{ Bucket, Key: 'k', Retention: { Mode: mode, RetainUntilDate: until } },
        ...more,
      }),
    );

  async function locked(Mode: 'COMPLIANCE' | 'GOVERNANCE') {
    const Bucket = await createBucket(true);
    const DefaultRetention = { Mode, Days: 30 };
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled' as const, Rule: { DefaultRetention } };
    await engine.s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
    const { ObjectLockConfiguration: said } = await engine.s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(said).toEqual(ObjectLockConfiguration);
    const { VersionId } = await put(Bucket, 'k', 'one');
    const remove = (more: object = {}) =>
      engine.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId, ...more }));
    return { Bucket, VersionId, remove };
  }

  test('keeps a version in COMPLIANCE from everybody', async () => {
    const { Bucket, VersionId, remove } = await locked('COMPLIANCE');
    const { Retention } = await engine.s3.send(new GetObjectRetentionCommand({ Bucket, Key: 'k' }));
    expect(Retention?.Mode).toBe('COMPLIANCE');
    expect(Math.abs(Number(Retention?.RetainUntilDate) - Number(inDays(30)))).toBeLessThan(60_000);
    expect(await engine.s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).toMatchObject({
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: Retention?.RetainUntilDate,
    });
    const bypass = { BypassGovernanceRetention: true };
    expect(await refusal(remove())).toBe('403 AccessDenied');
    expect(await refusal(remove(bypass))).toBe('403 AccessDenied');
    expect(await refusal(retain(Bucket, 'COMPLIANCE', inDays(29), bypass))).toBe('403 AccessDenied');
    expect(await refusal(retain(Bucket, 'GOVERNANCE', inDays(40), bypass))).toBe('403 AccessDenied');
    await retain(Bucket, 'COMPLIANCE', inDays(31));
    expect(await refusal(retain(Bucket, 'COMPLIANCE', inDays(30)))).toBe('403 AccessDenied');

    // Overwriting and deleting hide it, and leave it where it is.
    await put(Bucket, 'k', 'two');
    await engine.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(await read(Bucket, 'k', { VersionId })).toBe('one');
  });

  test('keeps a version in GOVERNANCE from who does not bypass it', async () => {
    const { Bucket, remove } = await locked('GOVERNANCE');
    expect(await refusal(remove())).toBe('403 AccessDenied');
    expect(await refusal(retain(Bucket, 'GOVERNANCE', inDays(29)))).toBe('403 AccessDenied');
    await retain(Bucket, 'GOVERNANCE', inDays(31));
    await retain(Bucket, 'GOVERNANCE', inDays(1), { BypassGovernanceRetention: true });
    await remove({ BypassGovernanceRetention: true });
    expect(await refusal(read(Bucket, 'k'))).toBe('404 NoSuchKey');
  });

  test('lets go when the time has come', async () => {
    const Bucket = await createBucket(true);
    const ObjectLockRetainUntilDate = new Date(Date.now() + 1_500);
    const { VersionId } = await put(Bucket, 'k', 'x', { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate });
    const remove = () => refusal(engine.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId })));
    expect(await remove()).toBe('403 AccessDenied');
    await waitFor('the retention to end', async () => (await remove()) === 'it was allowed');
    expect(Date.now()).toBeGreaterThanOrEqual(ObjectLockRetainUntilDate.getTime());
  });

  test('takes no retention that makes no sense, and none without a checksum', async () => {
    const Bucket = await createBucket(true);
    const lock = (ObjectLockMode?: 'COMPLIANCE', ObjectLockRetainUntilDate?: Date) =>
      put(Bucket, 'k', 'x', { ObjectLockMode, ObjectLockRetainUntilDate });
    expect(await refusal(lock('COMPLIANCE'))).toBe('400 InvalidArgument');
    expect(await refusal(lock(undefined, inDays(1)))).toBe('400 InvalidArgument');
    expect(await refusal(lock('COMPLIANCE', inDays(-1)))).toBe('400 InvalidArgument');
    const headers = {
      'x-amz-object-lock-mode': 'COMPLIANCE',
      'x-amz-object-lock-retain-until-date': inDays(1).toISOString(),
    };
    const bare = await fetch(`${engine.url}/${Bucket}/k`, { method: 'PUT', body: 'x', headers });
    expect(await bare.text()).toContain('<Code>InvalidRequest</Code>');
    const unlocked = await createBucket();
    await put(unlocked, 'k', 'x');
    expect(await refusal(retain(unlocked, 'COMPLIANCE', inDays(1)))).toBe('400 InvalidRequest');
    expect(await refusal(engine.s3.send(new GetObjectLockConfigurationCommand({ Bucket: unlocked })))).toBe(
      '404 ObjectLockConfigurationNotFoundError',
    );
    expect(await refusal(engine.s3.send(new GetObjectRetentionCommand({ Bucket, Key: 'none' })))).toBe('404 NoSuchKey');
  });
});

describe('the disk', () => {
  test('has everything that was answered for, after kill -9', async () => {
    const own = temporaryFolder();
    let mine = await startBucketEngine(own);
    let client = s3Client(mine.url);
    const Bucket = 'durable';
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    const acknowledged: string[] = [];
    const write = async (Key: string) => {
      await client.send(
        new PutObjectCommand({
          ...{ Bucket, Key, Body: Key.repeat(1_000) },
          ...{ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: inDays(1) },
        }),
      );
      acknowledged.push(Key);
    };
    // Killed amid writes: what was not answered may be there or not.
    const writes = Promise.allSettled(Array.from({ length: 200 }, (_, at) => write(`key-${at}`)));
    await waitFor('some writes', () => acknowledged.length >= 20);
    await killEngine(mine);
    await writes;
    client.destroy();

    mine = await startBucketEngine(own);
    client = s3Client(mine.url);
    for (const Key of acknowledged) {
      const { Body, VersionId } = await client.send(new GetObjectCommand({ Bucket, Key }));
      expect(await Body?.transformToString()).toBe(Key.repeat(1_000));
      expect(await refusal(client.send(new DeleteObjectCommand({ Bucket, Key, VersionId })))).toBe('403 AccessDenied');
    }
    client.destroy();
    await killEngine(mine);
  });

  test('with a damaged object is refused rather than served without it', async () => {
    const own = temporaryFolder();
    const mine = await startBucketEngine(own);
    const client = s3Client(mine.url);
    await client.send(new CreateBucketCommand({ Bucket: 'damaged' }));
    await client.send(new PutObjectCommand({ Bucket: 'damaged', Key: 'k', Body: 'content' }));
    client.destroy();
    await killEngine(mine);
    const file = readdirSync(join(own, 'damaged')).find((name) => name.endsWith('.object')) ?? '';
    truncateSync(join(own, 'damaged', file), 10);
    const { status, stderr } = runBucketEngine(own);
    expect(stderr).toBe(`bucket engine: ${join(own, 'damaged', file)} is damaged\n`);
    expect(status).toBe(1);
  });
});

test('a bucket of a template is there with its lock for a function that knows only its name, and stays', async () => {
  const app = writeAssembly(
    {
      app: {
        Resources: {
          Anchors: {
            Type: 'AWS::S3::Bucket',
            Properties: {
              ObjectLockEnabled: true,
              ObjectLockConfiguration: {
                ObjectLockEnabled: 'Enabled',
                Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Years: 1 } },
              },
              VersioningConfiguration: { Status: 'Enabled' },
            },
          },
          Function: lambda('putter', { Environment: { Variables: { BUCKET: { Ref: 'Anchors' } } } }),
          ...restApi({ '/': { ANY: 'Function' } }),
        },
      },
    },
    {
      putter: `
        export const handler = async ({ key }) => {
          const url = process.env.AWS_ENDPOINT_URL_S3 + '/' + process.env.BUCKET + '/' + key;
          const md5 = (await import('node:crypto')).createHash('md5').update(key).digest('base64');
          return (await fetch(url, { method: 'PUT', body: key, headers: { 'content-md5': md5 } })).status;
        };`,
    },
  );
  const data = temporaryFolder();
  const stack = await startStack({ data, env: { ZEROSUM_ASSEMBLY: app } });
  expect(await stack.invoke('Function', { key: 'first' })).toEqual({ kind: 'result', payload: 200 });
  await stack.kill();

  const again = await startStack({ data, env: { ZEROSUM_ASSEMBLY: app } });
  expect(await again.invoke('Function', { key: 'second' })).toEqual({ kind: 'result', payload: 200 });
  const client = s3Client(again.engineEndpoint('s3'));
  const Bucket = again.bucket('Anchors');
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions.map(({ Key }) => Key)).toEqual(['first', 'second']);
  for (const { Key, VersionId } of Versions) {
    expect(await refusal(client.send(new DeleteObjectCommand({ Bucket, Key, VersionId })))).toBe('403 AccessDenied');
  }
  client.destroy();
  expect(await again.stop()).toBe(0);
});
