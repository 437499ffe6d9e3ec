import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { refusal, s3Client, useBucketEngine } from './bucket-engine.ts';

const engine = useBucketEngine();
const { createBucket, put, read } = engine;

describe('objects', () => {
  test('come back as they were put', async () => {
    const Bucket = await createBucket();
    const headers = { ContentType: 'application/json', CacheControl: 'no-store', Metadata: { kind: 'anchor' } };
    const { ETag, ChecksumCRC32 } = await put(Bucket, 'a/b ü?&.json', '{"a":"ü"}', headers);
    const object = await engine.s3.send(new GetObjectCommand({ Bucket, Key: 'a/b ü?&.json' }));
    expect(await object.Body?.transformToString()).toBe('{"a":"ü"}');
    expect(object).toMatchObject({ ...headers, ETag, ChecksumCRC32, ContentLength: 10 });
    expect(ETag).toBe(`"${createHash('md5').update('{"a":"ü"}').digest('hex')}"`);
    const head = await engine.s3.send(new HeadObjectCommand({ Bucket, Key: 'a/b ü?&.json' }));
    expect(head).toMatchObject({ ...headers, ETag, ContentLength: 10 });
    expect(head.LastModified?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  test('may be empty, and have keys that look like paths upwards', async () => {
    const Bucket = await createBucket();
    await put(Bucket, '../../a//b/./c', '');
    expect(await read(Bucket, '../../a//b/./c')).toBe('');
  });

  test('may come in chunks with the checksum behind them, as the SDK sends a stream', async () => {
    const Bucket = await createBucket();
    const Body = Readable.from([Buffer.alloc(70_000, 'a'), Buffer.alloc(70_000, 'b')]);
    await engine.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body, ContentLength: 140_000 }));
    expect(await read(Bucket, 'k')).toBe('a'.repeat(70_000) + 'b'.repeat(70_000));
    expect((await engine.s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).ContentEncoding).toBeUndefined();
  });

  const crc32Of = { content: '/sUwqQ==', other: 'AAAAAA==' };

  test.each([
    ['whole', `7\r\ncontent\r\n0\r\nx-amz-checksum-crc32:${crc32Of.content}\r\n\r\n`, '7', /^$/],
    ['with another checksum', `7\r\ncontent\r\n0\r\nx-amz-checksum-crc32:${crc32Of.other}\r\n\r\n`, '7', /BadDigest/],
    ['cut off within a chunk', '7\r\ncont', '7', /IncompleteBody/],
    ['cut off between chunks', '7\r\ncontent\r\n', '7', /IncompleteBody/],
    ['shorter than it says', '7\r\ncontent\r\n0\r\n\r\n', '8', /IncompleteBody/],
  ])('in chunks, %s', async (_name, body, length, answer) => {
    const url = `${engine.url}/${await createBucket()}/k`;
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': length };
    expect(await (await fetch(url, { method: 'PUT', body, headers })).text()).toMatch(answer);
    expect(await (await fetch(url)).text()).toMatch(answer.test('') ? /^content$/ : /NoSuchKey/);
  });

  test.each([
    ['ContentMD5', '1B2M2Y8AsgTpgAmY7PhCfg==', '400 BadDigest'],
    ['ContentMD5', 'AAAA', '400 InvalidDigest'],
    ['ChecksumCRC32', 'AAAAAA==', '400 BadDigest'],
    ['ChecksumSHA256', '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', '400 BadDigest'],
    ['ChecksumCRC32C', 'AAAAAA==', '501 NotImplemented'],
  ])('with a wrong %s are refused and not kept', async (name, digest, expected) => {
    const Bucket = await createBucket();
    expect(await refusal(put(Bucket, 'k', 'content', { [name]: digest }))).toBe(expected);
    expect(await refusal(read(Bucket, 'k'))).toBe('404 NoSuchKey');
  });

  test.each(['CRC32', 'SHA1', 'SHA256'] as const)('are kept with a right %s', async (ChecksumAlgorithm) => {
    const Bucket = await createBucket();
    await put(Bucket, 'k', 'content', { ChecksumAlgorithm });
    // The SDK compares what it receives with the checksum that comes with it.
    const object = await engine.s3.send(new GetObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }));
    expect(await object.Body?.transformToString()).toBe('content');
    expect(object[`Checksum${ChecksumAlgorithm}`]).toEqual(expect.any(String));
  });

  test('are put once under If-None-Match, however many try at once', async () => {
    const Bucket = await createBucket();
    const puts = Array.from({ length: 10 }, (_, at) => put(Bucket, 'k', String(at), { IfNoneMatch: '*' }));
    const outcomes = await Promise.all(puts.map(refusal));
    expect(outcomes.toSorted()).toEqual([...Array(9).fill('412 PreconditionFailed'), 'it was allowed']);
    expect(await read(Bucket, 'k')).toBe(String(outcomes.indexOf('it was allowed')));
  });

  test('in a bucket without versions are replaced, and gone once deleted', async () => {
    const Bucket = await createBucket();
    await put(Bucket, 'k', 'one');
    expect((await put(Bucket, 'k', 'two')).VersionId).toBeUndefined();
    expect(await read(Bucket, 'k')).toBe('two');
    await engine.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect((await engine.s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toBeUndefined();
    await engine.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  });

  test('that are not there, or in no bucket, are refused by name', async () => {
    const Bucket = await createBucket();
    expect(await refusal(read(Bucket, 'k'))).toBe('404 NoSuchKey');
    expect(await refusal(engine.s3.send(new HeadObjectCommand({ Bucket, Key: 'k' })))).toBe('404 NotFound');
    expect(await refusal(put('no-such-bucket', 'k', ''))).toBe('404 NoSuchBucket');
    expect(await refusal(put(Bucket, 'k'.repeat(1_025), ''))).toBe('400 KeyTooLongError');
    expect(await refusal(engine.s3.send(new CreateBucketCommand({ Bucket })))).toBe('409 BucketAlreadyOwnedByYou');
    expect(await refusal(engine.s3.send(new CreateBucketCommand({ Bucket: 'No_Name' })))).toMatch(
      /^400 InvalidBucketName/,
    );
    await engine.s3.send(new HeadBucketCommand({ Bucket }));
    const { Buckets = [] } = await engine.s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toContain(Bucket);
  });

  test('asked for in a way this engine has not are refused, not half served', async () => {
    const Bucket = await createBucket();
    await put(Bucket, 'k', 'content');
    expect(await refusal(read(Bucket, 'k', { Range: 'bytes=0-1' }))).toBe('501 NotImplemented');
    expect(await refusal(engine.s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' })))).toBe(
      '501 NotImplemented',
    );
    expect(await refusal(put(Bucket, 'k', '', { IfMatch: '"etag"' }))).toBe('501 NotImplemented');
    expect(await refusal(put(Bucket, 'k', '', { ObjectLockLegalHoldStatus: 'ON' }))).toBe('501 NotImplemented');
  });

  test('are reached without path style too, for the endpoint is an address', async () => {
    const Bucket = await createBucket();
    const plain = s3Client(engine.url, { forcePathStyle: false });
    await plain.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'content' }));
    plain.destroy();
    expect(await read(Bucket, 'k')).toBe('content');
  });
});

describe('lists', () => {
  async function keys(Bucket: string, more: Partial<ListObjectsV2CommandInput> = {}): Promise<unknown[]> {
    const { Contents = [] } = await engine.s3.send(new ListObjectsV2Command({ Bucket, ...more }));
    return Contents.map(({ Key }) => Key);
  }

  test('are in the order of bytes, by prefix, from a key on, and page by page', async () => {
    const Bucket = await createBucket();
    const ordered = ['A', 'a', 'a/1', 'a/2', 'a/3', 'a<&>', 'b', 'ü', '\uffee', '😀'];
    for (const key of ordered.toReversed()) await put(Bucket, key, key);
    expect(await keys(Bucket)).toEqual(ordered);
    expect(await keys(Bucket, { Prefix: 'a/' })).toEqual(['a/1', 'a/2', 'a/3']);
    expect(await keys(Bucket, { StartAfter: 'a/2' })).toEqual(ordered.slice(4));
    expect(await keys(Bucket, { Prefix: 'a/', StartAfter: 'a/1', MaxKeys: 1 })).toEqual(['a/2']);

    const paged: unknown[] = [];
    let ContinuationToken: string | undefined;
    do {
      const input = { Bucket, MaxKeys: 3, ContinuationToken, StartAfter: 'A' };
      const page = await engine.s3.send(new ListObjectsV2Command(input));
      expect(page.KeyCount).toBe(page.Contents?.length);
      paged.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    } while (ContinuationToken !== undefined);
    expect(paged).toEqual(ordered.slice(1));
  });

  test('say what is in a bucket, and leave deleted keys out', async () => {
    const Bucket = await createBucket(true);
    const { ETag } = await put(Bucket, 'kept', 'content');
    await put(Bucket, 'deleted', 'content');
    await engine.s3.send(new DeleteObjectCommand({ Bucket, Key: 'deleted' }));
    const { Contents, KeyCount, IsTruncated, Name } = await engine.s3.send(new ListObjectsV2Command({ Bucket }));
    expect({ KeyCount, IsTruncated, Name }).toEqual({ KeyCount: 1, IsTruncated: false, Name: Bucket });
    expect(Contents).toEqual([
      { Key: 'kept', ETag, Size: 7, StorageClass: 'STANDARD', LastModified: expect.any(Date) },
    ]);
  });

  test('of versions have the newest first, and page by page', async () => {
    const Bucket = await createBucket(true);
    const ids: unknown[] = [];
    for (const key of ['a', 'b', 'b', 'b', 'c']) ids.push((await put(Bucket, key, 'x')).VersionId);
    const [a, b1, b2, b3, c] = ids;
    const paged: unknown[] = [];
    let marks = {};
    for (let isTruncated = true; isTruncated; ) {
      const page = await engine.s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...marks }));
      paged.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId));
      marks = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      isTruncated = page.IsTruncated ?? false;
    }
    expect(paged).toEqual([a, b3, b2, b1, c]);
  });
});
