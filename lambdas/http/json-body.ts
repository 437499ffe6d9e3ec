import { malformed, Problem } from './problem.ts';
import type { HttpRequest } from './request.ts';

/** The JSON object in a request's body, whatever its Content-Type says. Throws a 400 for anything else. */
export function jsonObject(request: HttpRequest): Record<string, unknown> {
  const value = jsonValue(bodyText(request));
  if (isJsonObject(value)) return value;
  throw malformed([{ field: 'body', message: 'must be a JSON object' }]);
}

/** The body as text. Bytes that are not UTF-8 are refused rather than replaced: what we keep must be what was sent. */
export function bodyText(request: HttpRequest): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(request.body);
  } catch {
    throw malformed([{ field: 'body', message: 'must be UTF-8' }]);
  }
}

/** The value in a whole body's text. Throws a 400 when it is no JSON. */
export function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed([{ field: 'body', message: 'must be JSON' }]);
  }
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Methods whose requests have content. */
const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Throws a 415 for a compressed body: its size is the one the limits are about, and a bomb's would not be. */
export function refuseEncoded(request: HttpRequest): void {
  if (!METHODS_WITH_BODY.has(request.method)) return;
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return;
  throw new Problem('unsupported_media', 'Send the body uncompressed, without Content-Encoding.');
}
