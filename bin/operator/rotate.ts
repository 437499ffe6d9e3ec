import { randomBytes } from 'node:crypto';
import { epochMsOf, type Instant, instantOf } from '../../lambdas/domain/instant.ts';
import type { KeptSecret, SecretName } from './kept-secret.ts';
import { TOKEN_HOURS_MAX } from './mint-token.ts';
import { OperatorError } from './operator-error.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** 384 bits, more than HS256 and AES-256 can use; 64 characters, as many as the stack's generated ones have. */
const SECRET_BYTES = 48;

/** Functions trust what they have read for a minute (`CachedSecret`); clocks and slow callers get the rest. */
const CACHES_MS = 5 * MINUTE_MS;

/**
 * How long what is replaced stays valid at least: the next rotation ends it. Tokens live for hours; what is sealed is sealed
 * anew before each rotation, so that only the functions' caches count.
 */
export const overlapMs: Readonly<Record<SecretName, number>> = {
  jwt: TOKEN_HOURS_MAX * HOUR_MS + CACHES_MS,
  'webhook-seal': CACHES_MS,
};

/** From when on this secret may be rotated without ending something that is still in use; undefined: now. */
export function rotatableFrom(
  name: SecretName,
  { previous, rotatedAt }: KeptSecret,
  nowMs: number,
): Instant | undefined {
  if (previous === undefined) return undefined;
  // Whoever put the previous one there by hand has not said when: it may have been just now.
  const fromMs = (rotatedAt === undefined ? nowMs : epochMsOf(rotatedAt)) + overlapMs[name];
  return fromMs <= nowMs ? undefined : instantOf(fromMs);
}

/** Throws an `OperatorError` as long as the previous one is needed. */
export function refuseEarly(name: SecretName, secret: KeptSecret, nowMs: number): void {
  const from = rotatableFrom(name, secret, nowMs);
  if (from === undefined) return;
  const what = name === 'jwt' ? 'tokens signed with it may still be in use' : 'functions may still hold it alone';
  throw new OperatorError(
    secret.rotatedAt === undefined
      ? `The secret ${name} has a previous one of unknown age, and ${what}: add --force to end it now.`
      : `The secret ${name} was rotated at ${secret.rotatedAt}: until ${from} ${what}. Wait, or add --force.`,
  );
}

/** The secret after its rotation: a new current one, and what was current as the previous. */
export function rotated({ current }: KeptSecret, nowMs: number): KeptSecret {
  return { current: randomBytes(SECRET_BYTES).toString('base64url'), previous: current, rotatedAt: instantOf(nowMs) };
}
