import type { HttpRequest } from '../../lambdas/http/request.ts';
import { segmentsOf } from '../../lambdas/http/request.ts';

/** A request as the routers see it. */
export function httpRequest(
  method: string,
  path: string,
  options: { headers?: Record<string, string>; query?: Record<string, string>; body?: string | Uint8Array } = {},
): HttpRequest {
  const { headers = {}, query = {}, body = '' } = options;
  return {
    id: 'request-1',
    method,
    path,
    segments: segmentsOf(path),
    headers: new Map(Object.entries(headers)),
    query: new Map(Object.entries(query)),
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  };
}
