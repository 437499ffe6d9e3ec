import { type Action, bucketOf, type S3Request } from './action.ts';
import { invalidArgument } from './errors.ts';
import type { Version } from './version.ts';
import { document } from './xml.ts';

/** Amazon S3 API Reference, `ListObjectsV2`: at most, and by default. */
const MOST_KEYS = 1_000;

/** What both lists say of a version. */
function entry({ key: Key, modifiedAt: LastModified, etag, size: Size }: Version) {
  return { Key, LastModified, ETag: `"${etag}"`, Size, StorageClass: 'STANDARD' };
}

/** The current versions, in the order of their keys' bytes. */
export const listObjects: Action = (request) => {
  const { query, bucketName: Name } = request;
  const bucket = bucketOf(request);
  const token = query.get('continuation-token');
  const after = token === null ? query.get('start-after') : Buffer.from(token, 'base64url').toString();
  const found = keysOf(request, after).flatMap((key) => bucket.current(key) ?? []);
  const MaxKeys = maxKeysOf(query);
  const page = found.slice(0, MaxKeys);
  const IsTruncated = page.length < found.length && MaxKeys > 0;
  const last = page.at(-1);
  return {
    status: 200,
    body: document('ListBucketResult', {
      Name,
      Prefix: query.get('prefix') ?? '',
      MaxKeys,
      KeyCount: page.length,
      IsTruncated,
      ContinuationToken: token ?? undefined,
      NextContinuationToken: IsTruncated && last ? Buffer.from(last.key).toString('base64url') : undefined,
      StartAfter: query.get('start-after') ?? undefined,
      Contents: page.map(entry),
    }),
  };
};

/** All versions and delete markers: by key, and of each key the newest first. */
export const listVersions: Action = (request) => {
  const { query, bucketName: Name } = request;
  const bucket = bucketOf(request);
  const [keyMarker, idMarker] = [query.get('key-marker'), query.get('version-id-marker')];
  const rest = idMarker === null ? [] : bucket.versionsOf(keyMarker ?? '').filter(({ id }) => id < idMarker);
  const found = [...rest, ...keysOf(request, keyMarker).flatMap((key) => bucket.versionsOf(key))];
  const MaxKeys = maxKeysOf(query);
  const page = found.slice(0, MaxKeys);
  const IsTruncated = page.length < found.length && MaxKeys > 0;
  const last = IsTruncated ? page.at(-1) : undefined;
  const say = (version: Version) => ({
    ...entry(version),
    VersionId: version.id,
    IsLatest: bucket.versionsOf(version.key)[0] === version,
  });
  return {
    status: 200,
    body: document('ListVersionsResult', {
      Name,
      Prefix: query.get('prefix') ?? '',
      KeyMarker: keyMarker ?? '',
      VersionIdMarker: idMarker ?? '',
      MaxKeys,
      IsTruncated,
      NextKeyMarker: last?.key,
      NextVersionIdMarker: last?.id,
      Version: page.filter(({ isDeleteMarker }) => !isDeleteMarker).map(say),
      DeleteMarker: page
        .filter(({ isDeleteMarker }) => isDeleteMarker)
        .map(say)
        .map(({ Key, LastModified, VersionId, IsLatest }) => ({ Key, LastModified, VersionId, IsLatest })),
    }),
  };
};

function keysOf(request: S3Request, after: string | null): readonly string[] {
  const prefix = request.query.get('prefix') ?? '';
  const mark = after === null ? undefined : Buffer.from(after);
  const isAfter = (key: string) => mark === undefined || Buffer.compare(Buffer.from(key), mark) > 0;
  return bucketOf(request).keys.filter((key) => key.startsWith(prefix) && isAfter(key));
}

function maxKeysOf(query: URLSearchParams): number {
  const text = query.get('max-keys') ?? String(MOST_KEYS);
  if (!/^\d+$/.test(text)) throw invalidArgument('Provided max-keys not an integer or within integer range');
  return Math.min(MOST_KEYS, Number(text));
}
