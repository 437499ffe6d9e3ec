import { type Action, bucketOf, changeBy, type S3Request } from './action.ts';
import type { Bucket } from './bucket.ts';
import { checksumHeaders, hasDigest, verify } from './checksum.ts';
import { invalidArgument, notImplemented, S3Error } from './errors.ts';
import { parseRetention, type Retention } from './retention.ts';
import type { Version } from './version.ts';
import { document, textOf } from './xml.ts';

/** What a put may say of its content, to be said again by a get. */
const KEPT_HEADERS = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]);

const MODE = 'x-amz-object-lock-mode';
const RETAIN_UNTIL = 'x-amz-object-lock-retain-until-date';

export const putObject: Action = async (request) => {
  const { headers, body, key, now } = request;
  const bucket = bucketOf(request);
  const fields = { ...headers, ...body.trailers };
  const checksums = verify(body.bytes, fields);
  const retention = askedRetention(request, bucket);
  if ((retention ?? bucket.settings.defaultRetention) !== undefined && !hasDigest(fields, checksums)) {
    const message = 'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock';
    throw new S3Error(400, 'InvalidRequest', message);
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw notImplemented('If-None-Match with an entity tag');
  const upload = { key, body: body.bytes, checksums, headers: keptHeaders(headers), retention };
  const version = await bucket.put({ ...upload, onlyIfAbsent: ifNoneMatch !== undefined }, now);
  return { status: 200, headers: { ...identity(version, bucket), ...checksumHeaders(version.checksums) } };
};

export const getObject: Action = async (request) => {
  const bucket = bucketOf(request);
  const version = asked(request, bucket);
  return { status: 200, headers: factsOf(version, bucket, request), body: await bucket.read(version) };
};

export const headObject: Action = (request) => {
  const bucket = bucketOf(request);
  const version = asked(request, bucket);
  return { status: 200, headers: factsOf(version, bucket, request), length: version.size };
};

export const deleteObject: Action = async (request) => {
  const bucket = bucketOf(request);
  const id = request.query.get('versionId');
  const version =
    id === null
      ? await bucket.remove(request.key, request.now)
      : await bucket.removeVersion(request.key, id, changeBy(request));
  return {
    status: 204,
    headers: {
      ...(version?.isDeleteMarker && { 'x-amz-delete-marker': 'true' }),
      ...(version && { 'x-amz-version-id': version.id }),
    },
  };
};

export const getRetention: Action = (request) => {
  const { retention } = asked(request, lockingBucket(request));
  if (retention === undefined) {
    const message = 'The specified object does not have a ObjectLock configuration';
    throw new S3Error(404, 'NoSuchObjectLockConfiguration', message);
  }
  const { mode: Mode, until: RetainUntilDate } = retention;
  return { status: 200, body: document('Retention', { Mode, RetainUntilDate }) };
};

export const putRetention: Action = async (request) => {
  const bucket = lockingBucket(request);
  const { id } = asked(request, bucket);
  const xml = request.body.bytes.toString();
  const retention = parseRetention(textOf(xml, 'Mode'), textOf(xml, 'RetainUntilDate'), request.now);
  await bucket.retain(request.key, id, retention, changeBy(request));
  return { status: 200 };
};

/** The version a request names, or the current one. Throws the refusal S3 has for one that cannot be read. */
function asked({ key, query }: S3Request, bucket: Bucket): Version {
  const id = query.get('versionId');
  const version = id === null ? bucket.current(key) : bucket.version(key, id);
  if (version === undefined) {
    const isMarked = bucket.versionsOf(key).length > 0;
    const headers = isMarked ? { 'x-amz-delete-marker': 'true' } : {};
    throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.', headers);
  }
  if (!version.isDeleteMarker) return version;
  const message = 'The specified method is not allowed against this resource.';
  throw new S3Error(405, 'MethodNotAllowed', message, { 'x-amz-delete-marker': 'true' });
}

function askedRetention({ headers, now }: S3Request, bucket: Bucket): Retention | undefined {
  const [mode, until] = [headers[MODE], headers[RETAIN_UNTIL]];
  if (mode === undefined && until === undefined) return undefined;
  checkLocks(bucket);
  if (mode === undefined || until === undefined) {
    throw invalidArgument(`${RETAIN_UNTIL} and ${MODE} must both be supplied`);
  }
  return parseRetention(mode, until, now);
}

function lockingBucket(request: S3Request): Bucket {
  const bucket = bucketOf(request);
  checkLocks(bucket);
  return bucket;
}

function checkLocks({ settings }: Bucket): void {
  if (!settings.locksObjects) throw new S3Error(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration');
}

function keptHeaders(headers: S3Request['headers']): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => KEPT_HEADERS.has(name) || name.startsWith('x-amz-meta-'));
  const meant = kept.map(([name, value]) => [name, name === 'content-encoding' ? withoutChunks(value) : value]);
  return Object.fromEntries(meant.filter(([, value]) => value !== ''));
}

/** `aws-chunked` was the way the body came, and is no part of what it is. */
function withoutChunks(encoding: string): string {
  const encodings = encoding.split(',').map((one) => one.trim());
  return encodings.filter((one) => one !== 'aws-chunked').join(', ');
}

function factsOf(version: Version, bucket: Bucket, { headers }: S3Request): Record<string, string> {
  const { retention } = version;
  return {
    'content-type': 'binary/octet-stream',
    ...version.headers,
    ...identity(version, bucket),
    'last-modified': new Date(version.modifiedAt).toUTCString(),
    ...(headers['x-amz-checksum-mode'] === 'ENABLED' && checksumHeaders(version.checksums)),
    ...(retention && { [MODE]: retention.mode, [RETAIN_UNTIL]: retention.until }),
  };
}

function identity({ id, etag }: Version, { settings }: Bucket): Record<string, string> {
  return { etag: `"${etag}"`, ...(settings.isVersioned && { 'x-amz-version-id': id }) };
}
