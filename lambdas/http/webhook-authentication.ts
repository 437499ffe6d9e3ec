import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TenantId, WebhookKeyId } from '../domain/ids.ts';
import { WEBHOOK_SIGNATURES_MAX, WEBHOOK_TOLERANCE_SECONDS } from './limits.ts';
import { Problem } from './problem.ts';
import type { HttpRequest } from './request.ts';
import {
  KEY_ID_HEADER,
  SIGNATURE_HEADER,
  STANDARD_ID_HEADER,
  STANDARD_SIGNATURE_HEADER,
  STANDARD_TIMESTAMP_HEADER,
  TIMESTAMP_HEADER,
} from './webhook-headers.ts';

/** Whom a signed delivery speaks for. */
export interface WebhookCaller {
  readonly keyId: WebhookKeyId;
  readonly tenant: TenantId;
}

/** What the id of a key stands for: secrets in any case, a caller only if there is such a key. */
export interface SigningKey {
  readonly caller: WebhookCaller | undefined;
  /** Always as many, so that each id costs the same: what has no secret has one that nobody knows. */
  readonly secrets: readonly [current: string, previous: string];
}

/** Finds whose delivery a request is; throws the one 401 there is, whatever is wrong with it. */
export type AuthenticateWebhook = (request: HttpRequest) => Promise<WebhookCaller>;

/** What a request says of its signature; what it lacks is empty and verifies as nothing. */
interface Claim {
  readonly keyId: string;
  readonly timestamp: string;
  /** What is signed before the raw body. */
  readonly prefix: string;
  readonly signatures: readonly Uint8Array[];
}

const MAC_BYTES = 32;
const MS_PER_SECOND = 1_000;
const UNIX_SECONDS = /^\d{1,12}$/;
const HEX_MAC = /^[0-9a-f]{64}$/;
const STANDARD_MAC = /^v1,([A-Za-z0-9+/]{43}=)$/;

/** Compared with when no signature was sent; no HMAC is ever all zeros. */
const NO_SIGNATURE = new Uint8Array(MAC_BYTES);

/**
 * Verifies deliveries over the raw bytes of the body, before anything of it is understood. Each request takes the same
 * steps, whatever is wrong with it, so that neither answer nor time tells a caller which keys there are.
 */
export function webhookAuthentication(
  findKey: (keyId: string) => Promise<SigningKey>,
  nowMs: () => number,
): AuthenticateWebhook {
  return async ({ headers, body }) => {
    const claim =
      headers.has(STANDARD_SIGNATURE_HEADER) && !headers.has(SIGNATURE_HEADER) ? standard(headers) : own(headers);
    const { caller, secrets } = await findKey(claim.keyId);
    const isSigned = isSignedWithAny(secrets, claim, body);
    const isTimely = isWithinTolerance(claim.timestamp, nowMs());
    if (!isSigned || !isTimely || caller === undefined) throw badSignature();
    return caller;
  };
}

type Headers = HttpRequest['headers'];

/** `X-Signature`: the HMAC of `{timestamp}.{key_id}.{raw_body}` in lowercase hex. */
function own(headers: Headers): Claim {
  const keyId = headers.get(KEY_ID_HEADER) ?? '';
  const timestamp = headers.get(TIMESTAMP_HEADER) ?? '';
  const signature = headers.get(SIGNATURE_HEADER) ?? '';
  const signatures = HEX_MAC.test(signature) ? [Buffer.from(signature, 'hex')] : [];
  return { keyId, timestamp, prefix: `${timestamp}.${keyId}.`, signatures };
}

/** Standard Webhooks: any of several HMACs of `{id}.{timestamp}.{raw_body}` in base64; unknown versions are ignored. */
function standard(headers: Headers): Claim {
  const id = headers.get(STANDARD_ID_HEADER) ?? '';
  const timestamp = headers.get(STANDARD_TIMESTAMP_HEADER) ?? '';
  const sent = (headers.get(STANDARD_SIGNATURE_HEADER) ?? '').split(' ').slice(0, WEBHOOK_SIGNATURES_MAX);
  const macs = sent.map((text) => STANDARD_MAC.exec(text)?.[1]).filter((mac) => mac !== undefined);
  return {
    ...{ keyId: headers.get(KEY_ID_HEADER) ?? '', timestamp, prefix: `${id}.${timestamp}.` },
    // Without an id nothing is signed in this form.
    signatures: id === '' ? [] : macs.map((mac) => Buffer.from(mac, 'base64')),
  };
}

function isSignedWithAny(secrets: readonly string[], { prefix, signatures }: Claim, body: Uint8Array): boolean {
  const sent = signatures.length > 0 ? signatures : [NO_SIGNATURE];
  let isSigned = false;
  for (const secret of secrets) {
    const mac = createHmac('sha256', secret).update(prefix, 'utf8').update(body).digest();
    // Every comparison is made, also after one that fits.
    for (const signature of sent) isSigned = timingSafeEqual(mac, signature) || isSigned;
  }
  return isSigned;
}

function isWithinTolerance(timestamp: string, nowMs: number): boolean {
  const sentMs = UNIX_SECONDS.test(timestamp) ? Number(timestamp) * MS_PER_SECOND : Number.NaN;
  return Math.abs(nowMs - sentMs) <= WEBHOOK_TOLERANCE_SECONDS * MS_PER_SECOND;
}

function badSignature(): Problem {
  return new Problem(
    'unauthenticated',
    `Sign the raw body with a valid key's secret and the time of sending, at most ${WEBHOOK_TOLERANCE_SECONDS} seconds off ours.`,
  );
}
