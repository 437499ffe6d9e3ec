import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { RotatingSecret } from './secrets.ts';

/** A secret encrypted for one place: readable only with the seal secret, and only as that place's. */
export type SealedSecret = string;

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;

/** 96 bits, GCM's own (NIST SP 800-38D, 8.2): at random, since a seal secret seals thousands of values, not billions. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Sets this key apart from whatever else may ever be derived from the same secret. */
const KEY_PURPOSE = 'zerosum/webhook-seal/1';
const VERSION = 'v1.';

/** The keys derived from a seal secret, the current one first. */
export type SealKeys = readonly Uint8Array[];

export function sealKeys({ current, previous }: RotatingSecret): SealKeys {
  const secrets = [current, previous].filter((secret) => secret !== undefined);
  return secrets.map((secret) => new Uint8Array(hkdfSync('sha256', secret, '', KEY_PURPOSE, KEY_BYTES)));
}

/** Encrypts a secret with the current key. @param place whose secret it is; it can be opened as nobody else's */
export function seal(secret: string, place: string, [key]: SealKeys): SealedSecret {
  if (key === undefined) throw new RangeError('A seal needs a key.');
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  cipher.setAAD(Buffer.from(place));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return VERSION + Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
}

/** The secret, or undefined when it was sealed with none of these keys, for another place, or was tampered with. */
export function unseal(sealed: SealedSecret, place: string, keys: SealKeys): string | undefined {
  if (!sealed.startsWith(VERSION)) return undefined;
  const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
  if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
  for (const key of keys) {
    const secret = opened(bytes, place, key);
    if (secret !== undefined) return secret;
  }
  return undefined;
}

function opened(bytes: Buffer, place: string, key: Uint8Array): string | undefined {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    // GCM's tag does not match: another key, another place, or other bytes.
    return undefined;
  }
}
