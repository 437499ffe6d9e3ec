import { createHash } from 'node:crypto';
import { refusal } from './errors.ts';

const DAY_MS = 86_400_000;

/** A bucket as it is set up; all have versions. */
export interface BucketSettings {
  readonly name: string;
  /** What every new version is locked by; undefined for a bucket without Object Lock. */
  readonly defaultRetention: { readonly mode: RetentionMode; readonly days: number } | undefined;
  /** Whether its policy denies every put that is not on the condition that its key is new (lib/anchor-bucket.ts). */
  readonly onlyUnderNewKeys?: boolean;
}

export type RetentionMode = 'GOVERNANCE' | 'COMPLIANCE';

interface Retention {
  readonly mode: RetentionMode;
  readonly untilMs: number;
}

/** One version of an object, or what hides the ones before it. Nothing ever changes one. */
export interface ObjectVersion {
  readonly key: string;
  readonly id: string;
  readonly isDeleteMarker: boolean;
  readonly bytes: Buffer;
  readonly etag: string;
  readonly contentType: string;
  readonly modifiedAtMs: number;
  readonly retention: Retention | undefined;
}

export interface Upload {
  readonly key: string;
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Asked for by name; otherwise the bucket's default. */
  readonly retention: Retention | undefined;
  readonly onlyIfAbsent: boolean;
}

const COUNT_DIGITS = 16;

/** One bucket with versions and, if it is set up so, Object Lock. */
export class SimulatedBucket {
  readonly settings: BucketSettings;
  readonly #nowMs: () => number;
  /** Newest last. */
  readonly #versions = new Map<string, ObjectVersion[]>();
  /** Of every version there is or was, sorted. */
  readonly #keys: string[] = [];
  #count = 0;

  constructor(settings: BucketSettings, nowMs: () => number) {
    this.settings = settings;
    this.#nowMs = nowMs;
  }

  /** Oldest first, delete markers among them. */
  versions(key: string): readonly ObjectVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** The newest version, unless it is a delete marker. */
  current(key: string): ObjectVersion | undefined {
    const newest = this.versions(key).at(-1);
    return newest?.isDeleteMarker ? undefined : newest;
  }

  /** The current versions behind a key, in the order of their keys' bytes. */
  *after(key: string | undefined): Generator<ObjectVersion> {
    const keys = this.#keys;
    for (let index = key === undefined ? 0 : firstAfter(keys, key); index < keys.length; index += 1) {
      const current = this.current(keys[index] ?? '');
      if (current !== undefined) yield current;
    }
  }

  /** Puts a version on top; throws `PreconditionFailed`. What is below it, locked or not, stays. */
  put({ onlyIfAbsent, ...upload }: Upload): ObjectVersion {
    if (onlyIfAbsent && this.current(upload.key) !== undefined) {
      throw refusal('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
    }
    const { defaultRetention: given } = this.settings;
    const untilMs = this.#nowMs() + (given?.days ?? 0) * DAY_MS;
    const retention = upload.retention ?? (given && { mode: given.mode, untilMs });
    const etag = `"${createHash('md5').update(upload.bytes).digest('hex')}"`;
    return this.#add({ ...upload, etag, retention, isDeleteMarker: false });
  }

  /** Hides an object behind a delete marker, as a delete does that names no version; a lock does not keep from it. */
  remove(key: string): void {
    const nothing = { bytes: Buffer.alloc(0), etag: '', contentType: '', retention: undefined };
    this.#add({ key, ...nothing, isDeleteMarker: true });
  }

  /** Deletes a version for good. Throws `AccessDenied` while it is locked. */
  removeVersion(key: string, id: string): void {
    const version = this.versions(key).find((one) => one.id === id);
    if (version === undefined) return;
    if (version.retention !== undefined && version.retention.untilMs > this.#nowMs()) {
      throw refusal('AccessDenied', 'Access Denied because object protected by object lock.');
    }
    const left = this.versions(key).filter((one) => one !== version);
    this.#versions.set(key, left);
  }

  #add(facts: Omit<ObjectVersion, 'id' | 'modifiedAtMs'>): ObjectVersion {
    this.#count += 1;
    const version = { ...facts, id: String(this.#count).padStart(COUNT_DIGITS, '0'), modifiedAtMs: this.#nowMs() };
    const older = this.#versions.get(facts.key);
    if (older === undefined) this.#keys.splice(firstAfter(this.#keys, facts.key), 0, facts.key);
    this.#versions.set(facts.key, [...(older ?? []), version]);
    return version;
  }
}

/** S3 lists in the order of the UTF-8 bytes, which is not always that of JavaScript. */
function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** The index of the first key behind one that need not be there. */
function firstAfter(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byBytes(keys[middle] ?? '', key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
