import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import {
  type Anchor,
  type AnchoredHead,
  type AnchoredSeal,
  type AnchorLink,
  anchorHash,
  anchorText,
} from '../domain/anchor.ts';
import { epochMsOf, type Instant, instantOf } from '../domain/instant.ts';
import { anchorOf, DamagedAnchorError } from './anchor-document.ts';
import { closeAnchorKey, RUN_ANCHOR_PREFIX, runAnchorKey } from './anchor-keys.ts';

/** A bucket's answer takes tens of milliseconds; one this late is asked for again. */
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECTION_TIMEOUT_MS = 1_000;
const MAX_ATTEMPTS = 3;

/** Puts of one key that meet are two at most: a close and whoever resumes it. */
const PUT_ATTEMPTS = 3;

/** What a list may return at once (Amazon S3 API Reference, ListObjectsV2). */
const KEYS_PER_LIST = 1_000;

const MS_PER_DAY = 86_400_000;

/** Far enough for any ledger; the look back grows tenfold at a time. */
const LOOK_BACK_DAYS_MAX = 100_000;

/** What an anchor's key holds. */
export type FoundAnchor =
  | { readonly status: 'found'; readonly anchor: Anchor; readonly link: AnchorLink }
  | { readonly status: 'missing' }
  | { readonly status: 'damaged'; readonly detail: string; readonly link: AnchorLink };

/** The write-once bucket. Whether anyone may read it depends on the function: a close can only put. */
export class Anchors {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /**
   * Puts a run's anchor and gives its link; undefined when the run has an anchor of this moment and part already, which then
   * stays as it is.
   */
  async putRun(runId: string, part: number, anchor: Anchor): Promise<AnchorLink | undefined> {
    const key = runAnchorKey(anchor.at, runId, part);
    const text = anchorText(anchor);
    return (await this.#put(key, text)) ? { key, hash: anchorHash(text) } : undefined;
  }

  /**
   * Anchors a close: the heads it shut and the seal it put. Doing it again, as a resumed close does, changes nothing.
   * @param at when the seal says the period was closed, so that every try has the same key
   */
  async putClose(seal: AnchoredSeal, heads: readonly AnchoredHead[], at: Instant): Promise<void> {
    const anchor: Anchor = { kind: 'close', at, previous: null, heads, seals: [seal], intake: [] };
    await this.#put(closeAnchorKey(seal, at), anchorText(anchor));
  }

  /** Up to a thousand keys after one, or from the first on: closes, then runs, each kind in order of time. */
  async keysAfter(key: string | undefined): Promise<string[]> {
    const list = new ListObjectsV2Command({ Bucket: this.#bucket, StartAfter: key, MaxKeys: KEYS_PER_LIST });
    const { Contents = [] } = await this.#client.send(list);
    return Contents.map((object) => object.Key ?? '');
  }

  async get(key: string): Promise<FoundAnchor> {
    const text = await this.#text(key);
    if (text === undefined) return { status: 'missing' };
    const link = { key, hash: anchorHash(text) };
    try {
      return { status: 'found', anchor: anchorOf(text), link };
    } catch (error) {
      if (!(error instanceof DamagedAnchorError)) throw error;
      return { status: 'damaged', detail: error.message, link };
    }
  }

  /** The key of the last anchor any run put before now; undefined when none ever did. */
  async lastRunKey(now: Instant): Promise<string | undefined> {
    // A list goes forward only: look at the last day first, then further and further back.
    for (let days = 1; days <= LOOK_BACK_DAYS_MAX; days *= 10) {
      const from = instantOf(Math.max(0, epochMsOf(now) - days * MS_PER_DAY));
      let last: string | undefined;
      let keys = await this.keysAfter(`${RUN_ANCHOR_PREFIX}${from}`);
      for (; keys.length > 0; keys = await this.keysAfter(last)) last = keys.at(-1);
      if (last?.startsWith(RUN_ANCHOR_PREFIX)) return last;
    }
    return undefined;
  }

  /** Under a key nobody used; false when one stands there already. */
  async #put(key: string, text: string): Promise<boolean> {
    const put = new PutObjectCommand({
      ...{ Bucket: this.#bucket, Key: key, Body: text, ContentType: 'application/json' },
      ...{ IfNoneMatch: '*', ChecksumAlgorithm: 'SHA256' },
    });
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#client.send(put);
        return true;
      } catch (error) {
        const { name } = error instanceof Error ? error : { name: '' };
        if (name === 'PreconditionFailed') return false;
        // Somebody is putting it right now: only the next try tells whether it came to be (Amazon S3 API Reference, PutObject).
        if (name !== 'ConditionalRequestConflict' || attempt === PUT_ATTEMPTS) throw error;
      }
    }
  }

  async #text(key: string): Promise<string | undefined> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return (await Body?.transformToString('utf-8')) ?? '';
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  }
}

/** The one S3 client of a function; the region and, on this machine, the endpoint come from its environment. */
export function anchorClient(overrides: S3ClientConfig = {}): S3Client {
  const requestHandler = { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS };
  return new S3Client({ forcePathStyle: true, maxAttempts: MAX_ATTEMPTS, requestHandler, ...overrides });
}
