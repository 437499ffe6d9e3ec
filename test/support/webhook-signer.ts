import { createHmac } from 'node:crypto';

export interface Signer {
  readonly keyId: string;
  readonly secret: string;
}

/** The development webhook key (contract, "Development seeds"). */
export const meterco: Signer = { keyId: 'whk_alpha_meterco', secret: 'whsec_dev_alpha_meterco_1' };

type Body = string | Uint8Array;

/** The headers of a delivery in our own form. */
export function ownHeaders(
  { keyId, secret }: Signer,
  body: Body,
  unixSeconds: number | string,
): Record<string, string> {
  const signature = hmac(secret, `${unixSeconds}.${keyId}.`, body).toString('hex');
  return { 'x-key-id': keyId, 'x-timestamp': String(unixSeconds), 'x-signature': signature };
}

/** The headers of a delivery in the form of Standard Webhooks, signed with each of these secrets. */
export function standardHeaders(
  { keyId, secret }: Signer,
  body: Body,
  unixSeconds: number | string,
  options: { id?: string; otherSecrets?: readonly string[] } = {},
): Record<string, string> {
  const { id = 'msg_1', otherSecrets = [] } = options;
  const signatures = [...otherSecrets, secret].map(
    (each) => `v1,${hmac(each, `${id}.${unixSeconds}.`, body).toString('base64')}`,
  );
  return {
    'x-key-id': keyId,
    'webhook-id': id,
    'webhook-timestamp': String(unixSeconds),
    'webhook-signature': signatures.join(' '),
  };
}

function hmac(secret: string, prefix: string, body: Body): Buffer {
  return createHmac('sha256', secret).update(prefix).update(body).digest();
}
