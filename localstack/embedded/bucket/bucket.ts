import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Checksums } from './checksum.ts';
import { DRAFT_ENDING, removeDurably, writeDurably } from './durable-file.ts';
import { S3Error } from './errors.ts';
import { checkChange, defaultRetentionSchema, type Retention, retentionFrom } from './retention.ts';
import { countOf, decode, encode, type Version, versionId } from './version.ts';

const settingsSchema = z.object({
  isVersioned: z.boolean(),
  locksObjects: z.boolean(),
  defaultRetention: defaultRetentionSchema.optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

export interface Upload {
  readonly key: string;
  readonly body: Buffer;
  readonly checksums: Checksums;
  readonly headers: Readonly<Record<string, string>>;
  /** Asked for by name; otherwise the bucket's default. */
  readonly retention: Retention | undefined;
  /** Refuse to be a second version (`If-None-Match: *`). */
  readonly onlyIfAbsent: boolean;
}

/** Who changes a version, and when. */
export interface Change {
  readonly now: Date;
  readonly bypassesGovernance: boolean;
}

const SETTINGS_FILE = 'settings.json';
const OBJECT_ENDING = '.object';

/**
 * One bucket in a folder of its own: a file for each version, and an index of them in memory. Changes happen one after
 * another, each on the disk before it is answered or seen.
 */
export class Bucket {
  readonly #folder: string;
  readonly #versions = new Map<string, Version[]>();
  #settings: Settings = { isVersioned: false, locksObjects: false };
  #sortedKeys: readonly string[] | undefined;
  #count = 0;
  #lastChange: Promise<unknown> = Promise.resolve();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens a bucket's folder, or makes it. Throws, naming the file, when one in it is damaged. */
  static open(folder: string): Bucket {
    const bucket = new Bucket(folder);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder).toSorted()) {
      if (name.endsWith(DRAFT_ENDING)) continue;
      try {
        bucket.#load(name, readFileSync(join(folder, name)));
      } catch {
        throw new Error(`${join(folder, name)} is damaged`);
      }
    }
    return bucket;
  }

  get settings(): Settings {
    return this.#settings;
  }

  configure(change: Partial<Settings>): Promise<void> {
    return this.#change(async () => {
      const settings = { ...this.#settings, ...change };
      await writeDurably(join(this.#folder, SETTINGS_FILE), JSON.stringify(settings));
      this.#settings = settings;
    });
  }

  /** Keys of which there is any version, in the order of their UTF-8 bytes, as S3 lists them. */
  get keys(): readonly string[] {
    this.#sortedKeys ??= [...this.#versions.keys()].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return this.#sortedKeys;
  }

  /** Newest first. */
  versionsOf(key: string): readonly Version[] {
    return this.#versions.get(key) ?? [];
  }

  /** The newest version, unless it is a delete marker. */
  current(key: string): Version | undefined {
    const newest = this.versionsOf(key)[0];
    return newest?.isDeleteMarker ? undefined : newest;
  }

  /** Throws `NoSuchVersion`. */
  version(key: string, id: string): Version {
    const version = this.versionsOf(key).find((one) => one.id === id);
    if (version !== undefined) return version;
    throw new S3Error(404, 'NoSuchVersion', 'The specified version does not exist.');
  }

  async read(version: Version): Promise<Buffer> {
    return decode(await readFile(this.#file(version.id))).body;
  }

  put(upload: Upload, now: Date): Promise<Version> {
    return this.#change(async () => {
      if (upload.onlyIfAbsent && this.current(upload.key) !== undefined) {
        const message = 'At least one of the pre-conditions you specified did not hold';
        throw new S3Error(412, 'PreconditionFailed', message);
      }
      const { defaultRetention } = this.#settings;
      const retention = upload.retention ?? (defaultRetention && retentionFrom(defaultRetention, now));
      const { key, body, checksums, headers } = upload;
      const etag = createHash('md5').update(body).digest('hex');
      const facts = { key, isDeleteMarker: false, size: body.length, etag, checksums, headers };
      return this.#write({ ...facts, ...(retention && { retention }) }, body, now);
    });
  }

  /** Deletes a key without naming a version: a marker hides what stays, or, in a bucket without versions, nothing stays. */
  remove(key: string, now: Date): Promise<Version | undefined> {
    return this.#change(async () => {
      if (!this.#settings.isVersioned) {
        for (const version of [...this.versionsOf(key)]) await this.#erase(version);
        return undefined;
      }
      const facts = { key, isDeleteMarker: true, size: 0, etag: '', checksums: {}, headers: {} };
      return this.#write(facts, Buffer.alloc(0), now);
    });
  }

  /** Deletes one version for good; gives it, if it was there. Throws `AccessDenied` under retention. */
  removeVersion(key: string, id: string, change: Change): Promise<Version | undefined> {
    return this.#change(async () => {
      const version = this.versionsOf(key).find((one) => one.id === id);
      if (version === undefined) return undefined;
      checkChange(version.retention, undefined, change);
      await this.#erase(version);
      return version;
    });
  }

  /** Gives a version another retention. Throws `AccessDenied` for a weaker one. */
  retain(key: string, id: string, retention: Retention, change: Change): Promise<void> {
    return this.#change(async () => {
      const version = this.version(key, id);
      checkChange(version.retention, retention, change);
      const changed = { ...version, retention };
      await writeDurably(this.#file(id), encode(changed, await this.read(version)));
      this.#versions.set(
        key,
        this.versionsOf(key).map((one) => (one === version ? changed : one)),
      );
    });
  }

  #load(name: string, content: Buffer): void {
    if (name === SETTINGS_FILE) this.#settings = settingsSchema.parse(JSON.parse(content.toString()));
    else this.#add(decode(content).version);
  }

  async #write(facts: Omit<Version, 'id' | 'modifiedAt'>, body: Buffer, now: Date): Promise<Version> {
    const version = { ...facts, id: versionId(this.#count + 1), modifiedAt: now.toISOString() };
    await writeDurably(this.#file(version.id), encode(version, body));
    const replaced = this.#settings.isVersioned ? [] : [...this.versionsOf(facts.key)];
    this.#add(version);
    for (const old of replaced) await this.#erase(old);
    return version;
  }

  async #erase(version: Version): Promise<void> {
    await removeDurably(this.#file(version.id));
    const left = this.versionsOf(version.key).filter((one) => one !== version);
    if (left.length > 0) {
      this.#versions.set(version.key, left);
      return;
    }
    this.#versions.delete(version.key);
    this.#sortedKeys = undefined;
  }

  #add(version: Version): void {
    const older = this.#versions.get(version.key);
    if (older === undefined) this.#sortedKeys = undefined;
    this.#versions.set(version.key, [version, ...(older ?? [])]);
    this.#count = Math.max(this.#count, countOf(version.id));
  }

  #file(id: string): string {
    return join(this.#folder, id + OBJECT_ENDING);
  }

  #change<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.#lastChange.then(change);
    this.#lastChange = result.catch(() => undefined);
    return result;
  }
}
