import { createHash } from 'node:crypto';
import type { GetObjectCommandInput, ListObjectsV2CommandInput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import { refuseUnknown } from '../input.ts';
import type { Random } from '../random.ts';
import type { Call, Service } from '../service.ts';
import { bytesOf, ObjectBody } from './body.ts';
import { type BucketSettings, type ObjectVersion, SimulatedBucket, type Upload } from './bucket.ts';
import { refusal } from './errors.ts';
import { EXACT_S3, type S3Nastiness } from './nastiness.ts';

/** Amazon S3 API Reference, `ListObjectsV2`: at most, and by default. */
const KEYS_MAX = 1_000;

/** What each call heeds; anything else must be taught first. */
const KNOWN = {
  put: new Set([
    ...['Bucket', 'Key', 'Body', 'ContentType', 'IfNoneMatch', 'ChecksumAlgorithm', 'ChecksumSHA256'],
    ...['ObjectLockMode', 'ObjectLockRetainUntilDate'],
  ]),
  get: new Set(['Bucket', 'Key', 'VersionId']),
  list: new Set(['Bucket', 'Prefix', 'StartAfter', 'ContinuationToken', 'MaxKeys']),
};

/** S3 with its buckets: what functions call, and what somebody with every right may do to an object. */
export class SimulatedS3 implements Service {
  readonly #nowMs: () => number;
  readonly #random: Random;
  readonly #buckets: ReadonlyMap<string, SimulatedBucket>;
  #nastiness: S3Nastiness;

  constructor(options: {
    readonly buckets: readonly BucketSettings[];
    readonly nowMs: () => number;
    readonly random: Random;
    readonly nastiness: S3Nastiness;
  }) {
    const { buckets, nowMs, random, nastiness } = options;
    this.#nowMs = nowMs;
    this.#random = random;
    this.#nastiness = nastiness;
    this.#buckets = new Map(buckets.map((settings) => [settings.name, new SimulatedBucket(settings, nowMs)]));
  }

  arrive({ command, input }: Call): () => object {
    const start = this.#commands[command];
    if (start === undefined) throw new Error(`The simulated S3 knows no ${command}: teach it.`);
    if (this.#random.chance(this.#nastiness.throttle)) throw refusal('SlowDown', 'Please reduce your request rate.');
    return start(input);
  }

  /** From here on no liberty is taken, so that what has begun can end. */
  calm(): void {
    this.#nastiness = EXACT_S3;
  }

  /** The current version of each object, in the order of their keys. */
  objects(bucketName: string): readonly ObjectVersion[] {
    return [...this.#bucket(bucketName).after(undefined)];
  }

  /** All versions of an object there ever were, oldest first, and the delete markers among them. */
  versions(bucketName: string, key: string): readonly ObjectVersion[] {
    return this.#bucket(bucketName).versions(key);
  }

  /** Puts other content in front of an object's. */
  overwrite(bucketName: string, key: string, content: string): void {
    const upload = { key, bytes: Buffer.from(content), contentType: 'application/json' };
    this.#bucket(bucketName).put({ ...upload, retention: undefined, onlyIfAbsent: false });
  }

  /** Hides an object. */
  remove(bucketName: string, key: string): void {
    this.#bucket(bucketName).remove(key);
  }

  /** Deletes a version; throws `AccessDenied` as long as it is locked. */
  removeVersion(bucketName: string, key: string, id: string): void {
    this.#bucket(bucketName).removeVersion(key, id);
  }

  readonly #commands: Readonly<Record<string, (input: object) => () => object>> = {
    PutObjectCommand: (input) => {
      refuseUnknown('S3', input, KNOWN.put);
      const put = input as PutObjectCommandInput;
      const bucket = this.#bucket(put.Bucket);
      const before = bucket.versions(put.Key ?? '').length;
      return () => this.#put(bucket, put, before);
    },
    GetObjectCommand: (input) => {
      refuseUnknown('S3', input, KNOWN.get);
      const { Bucket, Key = '', VersionId } = input as GetObjectCommandInput;
      const bucket = this.#bucket(Bucket);
      return () => found(bucket, Key, VersionId);
    },
    ListObjectsV2Command: (input) => {
      refuseUnknown('S3', input, KNOWN.list);
      const list = input as ListObjectsV2CommandInput;
      const bucket = this.#bucket(list.Bucket);
      return () => this.#list(bucket, list);
    },
  };

  #put(bucket: SimulatedBucket, put: PutObjectCommandInput, versionsBefore: number): object {
    const { Key: key = '', Body, IfNoneMatch, ContentType = 'binary/octet-stream' } = put;
    if (IfNoneMatch !== undefined && IfNoneMatch !== '*')
      throw new Error('If-None-Match with an entity tag: teach it.');
    if (IfNoneMatch === undefined && bucket.settings.onlyUnderNewKeys) {
      throw refusal(
        'AccessDenied',
        'Not authorized to perform s3:PutObject with an explicit deny in a resource policy',
      );
    }
    const bytes = bytesOf(Body);
    const checksum = createHash('sha256').update(bytes).digest('base64');
    if (put.ChecksumSHA256 !== undefined && put.ChecksumSHA256 !== checksum) {
      throw refusal('BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
    }
    const retention = this.#askedRetention(bucket, put);
    const hasChanged = bucket.versions(key).length !== versionsBefore;
    if (IfNoneMatch !== undefined && hasChanged && this.#random.chance(this.#nastiness.conflict)) {
      throw refusal('ConditionalRequestConflict', 'A conflicting operation occurred against this resource. Try again.');
    }
    const upload = { key, bytes, contentType: ContentType, retention, onlyIfAbsent: IfNoneMatch !== undefined };
    const { id, etag } = bucket.put(upload);
    const isAsked = put.ChecksumAlgorithm === 'SHA256' || put.ChecksumSHA256 !== undefined;
    return { ETag: etag, VersionId: id, ...(isAsked && { ChecksumSHA256: checksum, ChecksumType: 'FULL_OBJECT' }) };
  }

  #askedRetention(bucket: SimulatedBucket, put: PutObjectCommandInput): Upload['retention'] {
    const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = put;
    if (mode === undefined && until === undefined) return undefined;
    if (bucket.settings.defaultRetention === undefined) {
      throw refusal('InvalidRequest', 'Bucket is missing Object Lock Configuration');
    }
    if (mode === undefined || until === undefined) {
      throw refusal(
        'InvalidArgument',
        'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      );
    }
    if (until.getTime() <= this.#nowMs()) {
      throw refusal('InvalidArgument', 'The retain until date must be in the future!');
    }
    return { mode, untilMs: until.getTime() };
  }

  #list(bucket: SimulatedBucket, list: ListObjectsV2CommandInput): object {
    const { Prefix = '', StartAfter, ContinuationToken, MaxKeys = KEYS_MAX } = list;
    const after = ContinuationToken === undefined ? StartAfter : keyOf(ContinuationToken);
    const most = Math.min(MaxKeys, KEYS_MAX);
    const listed: ObjectVersion[] = [];
    for (const version of bucket.after(after)) {
      if (listed.length > most) break;
      if (version.key.startsWith(Prefix)) listed.push(version);
    }
    const full = Math.min(most, listed.length);
    const isShort = full > 1 && this.#random.chance(this.#nastiness.shortPage);
    const page = listed.slice(0, isShort ? this.#random.integer(1, full - 1) : full);
    const last = page.length < listed.length ? page.at(-1) : undefined;
    return {
      Name: bucket.settings.name,
      Prefix,
      MaxKeys,
      KeyCount: page.length,
      IsTruncated: last !== undefined,
      ContinuationToken,
      NextContinuationToken: last && tokenOf(last.key),
      StartAfter,
      ...(page.length > 0 && { Contents: page.map(entryOf) }),
    };
  }

  #bucket(name: string | undefined): SimulatedBucket {
    const bucket = this.#buckets.get(name ?? '');
    if (bucket === undefined) throw refusal('NoSuchBucket', 'The specified bucket does not exist');
    return bucket;
  }
}

function found(bucket: SimulatedBucket, key: string, id: string | undefined): object {
  const version = id === undefined ? bucket.current(key) : bucket.versions(key).find((one) => one.id === id);
  if (version === undefined && id !== undefined) {
    throw refusal('NoSuchVersion', 'The specified version does not exist.');
  }
  if (version === undefined) throw refusal('NoSuchKey', 'The specified key does not exist.');
  if (version.isDeleteMarker) {
    throw refusal('MethodNotAllowed', 'The specified method is not allowed against this resource.');
  }
  const { bytes, etag, contentType, modifiedAtMs, retention } = version;
  return {
    Body: new ObjectBody(bytes),
    ContentLength: bytes.length,
    ContentType: contentType,
    ETag: etag,
    LastModified: new Date(modifiedAtMs),
    VersionId: version.id,
    ...(retention && {
      ObjectLockMode: retention.mode,
      ObjectLockRetainUntilDate: new Date(retention.untilMs),
    }),
  };
}

function entryOf({ key, bytes, etag, modifiedAtMs }: ObjectVersion): object {
  const LastModified = new Date(modifiedAtMs);
  return { Key: key, LastModified, ETag: etag, Size: bytes.length, StorageClass: 'STANDARD' };
}

/** A token is nobody's business but S3's. */
function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function keyOf(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}
