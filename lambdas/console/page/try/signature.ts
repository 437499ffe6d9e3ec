import { hex } from '../session/fresh-id.ts';
import type { Scheme } from './forms.ts';

/** What a delivery is signed with. */
export interface SigningKey {
  readonly keyId: string;
  readonly secret: string;
}

/** A delivery's headers, and the text they are the signature of. */
export interface Signature {
  readonly headers: Readonly<Record<string, string>>;
  readonly signedText: string;
}

/** Whether the browser lets this page sign: Web Crypto is there only where nobody can have changed the page on its way. */
export function canSign(): boolean {
  return window.isSecureContext && crypto.subtle !== undefined;
}

/**
 * Signs a delivery in the service's own form or as Standard Webhooks has it (contract, "Webhook key").
 *
 * @param id of the message, which the latter signs with the body
 */
export async function sign(
  { keyId, secret }: SigningKey,
  scheme: Scheme,
  { body, unixSeconds, id }: { readonly body: string; readonly unixSeconds: number; readonly id: string },
): Promise<Signature> {
  if (scheme === 'own') {
    const signedText = `${unixSeconds}.${keyId}.${body}`;
    const signature = hex(await hmac(secret, signedText));
    return { headers: { 'x-key-id': keyId, 'x-timestamp': `${unixSeconds}`, 'x-signature': signature }, signedText };
  }
  const signedText = `${id}.${unixSeconds}.${body}`;
  const signature = `v1,${btoa(String.fromCharCode(...(await hmac(secret, signedText))))}`;
  const headers = { 'x-key-id': keyId, 'webhook-id': id, 'webhook-timestamp': `${unixSeconds}` };
  return { headers: { ...headers, 'webhook-signature': signature }, signedText };
}

/** The same signature with one character changed, so that it still looks like one. */
export function garbled({ headers, signedText }: Signature): Signature {
  const changed = Object.entries(headers).map(([name, value]) => [name, isSignature(name) ? changedAt3(value) : value]);
  return { headers: Object.fromEntries(changed), signedText };
}

function isSignature(name: string): boolean {
  return name === 'x-signature' || name === 'webhook-signature';
}

/** Past `v1,`, and far from the end, where base64 has bits that mean nothing. */
function changedAt3(value: string): string {
  return `${value.slice(0, 3)}${value[3] === 'a' ? 'b' : 'a'}${value.slice(4)}`;
}

/** HMAC-SHA256 (RFC 2104) with the secret's UTF-8 bytes as its key. */
async function hmac(secret: string, text: string): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)));
}
