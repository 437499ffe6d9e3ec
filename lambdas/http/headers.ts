/** Two years, the least that browsers' preload lists ask for. */
const HSTS_SECONDS = 63_072_000;

export const REQUEST_ID_HEADER = 'x-request-id';

/** On every response, the gateway's own included: nothing here may be sniffed, cached or fetched in the clear. */
export const securityHeaders = {
  'strict-transport-security': `max-age=${HSTS_SECONDS}; includeSubDomains`,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;
