import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Bucket, type Settings } from './bucket.ts';
import { makeFolderDurably } from './durable-file.ts';
import { S3Error } from './errors.ts';

/** Amazon S3 User Guide, "Bucket naming rules", as far as they concern a folder's name too. */
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Every bucket of the engine, each a folder in one folder. */
export class Buckets {
  readonly #folder: string;
  readonly #buckets = new Map<string, Bucket>();

  /** Throws when a bucket's folder holds what is no intact part of it. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) this.#buckets.set(name, Bucket.open(join(folder, name)));
  }

  get names(): string[] {
    return [...this.#buckets.keys()].toSorted();
  }

  /** Throws `InvalidBucketName`, `BucketAlreadyOwnedByYou`. */
  async create(name: string, settings: Settings): Promise<void> {
    if (!BUCKET_NAME.test(name) || name.includes('..')) {
      throw new S3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.');
    }
    if (this.#buckets.has(name)) {
      throw new S3Error(409, 'BucketAlreadyOwnedByYou', 'The bucket you tried to create exists, and you own it.');
    }
    await makeFolderDurably(join(this.#folder, name));
    const bucket = Bucket.open(join(this.#folder, name));
    this.#buckets.set(name, bucket);
    await bucket.configure(settings);
  }

  /** Throws `NoSuchBucket`. */
  named(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
    return bucket;
  }
}
