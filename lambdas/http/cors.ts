import { REQUEST_ID_HEADER } from './headers.ts';
import { PREFLIGHT_MAX_AGE_SECONDS } from './limits.ts';
import type { HttpRequest } from './request.ts';
import { WEBHOOK_HEADERS } from './webhook-headers.ts';

/** What a page may send besides the headers that browsers always allow. */
const ALLOWED_HEADERS = ['authorization', 'content-type', 'if-match', 'if-none-match', ...WEBHOOK_HEADERS].join(', ');

/** What a page may read besides the headers that browsers always show. */
const EXPOSED_HEADERS = [REQUEST_ID_HEADER, 'retry-after', 'etag'].join(', ');

/** Whose pages may call the API from a browser: nobody's, unless origins are listed. No cookies, so no credentials. */
export class Cors {
  readonly #origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Headers of every answer to this request, refusals included. */
  headers(request: HttpRequest): Record<string, string> {
    // With no list, what is answered does not depend on the origin, and a cache need not know of it.
    if (this.#origins.size === 0) return {};
    const origin = this.#allowed(request);
    if (origin === undefined) return { vary: 'Origin' };
    return {
      vary: 'Origin',
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED_HEADERS,
    };
  }

  /** What a preflight for a path with these methods is answered; undefined when the request is none we answer. */
  preflight(request: HttpRequest, methods: readonly string[]): Record<string, string> | undefined {
    const isPreflight = request.method === 'OPTIONS' && request.headers.has('access-control-request-method');
    if (!isPreflight || this.#allowed(request) === undefined) return undefined;
    return {
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': ALLOWED_HEADERS,
      'access-control-max-age': String(PREFLIGHT_MAX_AGE_SECONDS),
    };
  }

  #allowed(request: HttpRequest): string | undefined {
    const origin = request.headers.get('origin');
    return origin !== undefined && this.#origins.has(origin) ? origin : undefined;
  }
}
