/** Which function answers which path: the API is built from this list and the handlers route by it. */
export const routes = {
  events: { path: '/events', owner: 'ingest' },
  event: { path: '/events/{event_id}', owner: 'read' },
  balance: { path: '/balance', owner: 'read' },
  statement: { path: '/statement', owner: 'read' },
  healthz: { path: '/healthz', owner: 'read' },
  readyz: { path: '/readyz', owner: 'read' },
} as const satisfies Record<string, { path: `/${string}`; owner: HttpFunction }>;

export type HttpFunction = 'ingest' | 'read';

/** Whatever no route names ends here, so that the answer is our 404 and not the gateway's 403. */
export const fallbackOwner: HttpFunction = 'read';
