import type { Credential } from './caller.ts';
import type { ClientClock } from './runtime.ts';

const MS_PER_SECOND = 1_000;

/** A webhook key, as it was issued. */
export interface WebhookSigner {
  readonly id: string;
  readonly secret: string;
}

/** Signs a body anew for each try, since the service takes no signature that is older than five minutes. */
export function signedBy({ id, secret }: WebhookSigner, clock: Pick<ClientClock, 'nowMs'>): Credential {
  return async (body) => {
    const timestamp = String(Math.floor(clock.nowMs() / MS_PER_SECOND));
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const encoder = new TextEncoder();
    const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
    const signature = await crypto.subtle.sign('HMAC', key, encoder.encode(`${timestamp}.${id}.${body}`));
    const hex = [...new Uint8Array(signature)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return { 'x-key-id': id, 'x-timestamp': timestamp, 'x-signature': hex };
  };
}
