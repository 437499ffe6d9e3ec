import { malformed, Problem } from './problem.ts';
import type { HttpRequest } from './request.ts';

/**
 * The JSON object in a request's body, whatever its Content-Type says. Bytes that are not UTF-8 are refused rather than
 * replaced: what we keep must be what was sent. A compressed body is a 415.
 */
export function jsonObject(request: HttpRequest): Record<string, unknown> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') {
    throw new Problem('unsupported_media', 'Send the body uncompressed, without Content-Encoding.');
  }
  const value = parse(request.body);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw malformed([{ field: 'body', message: 'must be a JSON object' }]);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw malformed([{ field: 'body', message: 'must be JSON in UTF-8' }]);
  }
}
