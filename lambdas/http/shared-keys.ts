import type { webcrypto } from 'node:crypto';
import type { Secrets } from '../secrets/secrets.ts';

/** How long secrets are trusted without another look: after a rotation the old one stays `previous` for far longer. */
const CACHE_MS = 60_000;

/** Whoever sends bad tokens makes us look again at most this often. */
const RECHECK_MS = 10_000;

export type Keys = readonly webcrypto.CryptoKey[];

/** The keys of the token secret, the current one first, in the form jose verifies with. */
export class SharedKeys {
  readonly #secrets: Secrets;
  readonly #nowMs: () => number;
  #read: { readonly keys: Keys; readonly atMs: number } | undefined;

  constructor(secrets: Secrets, nowMs: () => number) {
    this.#secrets = secrets;
    this.#nowMs = nowMs;
  }

  /** At most a minute old. Throws when they were never read and the store does not answer. */
  cached(): Promise<Keys> {
    return this.#within(CACHE_MS);
  }

  /** At most ten seconds old. */
  recent(): Promise<Keys> {
    return this.#within(RECHECK_MS);
  }

  async #within(maxAgeMs: number): Promise<Keys> {
    if (this.#read !== undefined && this.#nowMs() - this.#read.atMs < maxAgeMs) return this.#read.keys;
    const { current, previous } = await this.#secrets.jwt();
    const secrets = [current, previous].filter((secret) => secret !== undefined);
    this.#read = { keys: await Promise.all(secrets.map(imported)), atMs: this.#nowMs() };
    return this.#read.keys;
  }
}

/** Any other form jose would convert again for every token. */
function imported(secret: string): Promise<webcrypto.CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['verify']);
}
