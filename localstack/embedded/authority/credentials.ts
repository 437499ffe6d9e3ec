import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a function signs its requests with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Made anew at every start and told nobody else: it is what shows that a request comes from its function. */
  readonly sessionToken: string;
}

const TOKEN_BYTES = 24;

/** Credentials of a function, whose name is their key's id, so that a log can be read. */
export function newCredentials(functionName: string): Credentials {
  return {
    accessKeyId: functionName,
    secretAccessKey: 'local',
    sessionToken: randomBytes(TOKEN_BYTES).toString('base64url'),
  };
}

/** The key's id in a request's SigV4 header; undefined for a request without one. */
export function accessKeyIdOf({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  return /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(authorization)?.[1];
}

/** Whether a request shows the token that belongs to its key. Signatures are not checked: the token is as hard to guess. */
export function showsToken({ sessionToken }: Credentials, headers: IncomingHttpHeaders): boolean {
  const shown = Buffer.from(String(headers['x-amz-security-token'] ?? ''));
  const expected = Buffer.from(sessionToken);
  return shown.length === expected.length && timingSafeEqual(shown, expected);
}
