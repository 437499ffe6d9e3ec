import { ingestRoutes } from './ingest-routes.ts';

/** Which function answers which path: the API is built from this list and the handlers route by it. */
export const routes = {
  ...ingestRoutes,
  event: { path: '/events/{event_id}', owner: 'read' },
  balance: { path: '/balance', owner: 'read' },
  statement: { path: '/statement', owner: 'read' },
  usage: { path: '/usage', owner: 'read' },
  adjustments: { path: '/adjustments', owner: 'admin' },
  periodsClose: { path: '/periods/close', owner: 'admin' },
  trialBalance: { path: '/trial-balance', owner: 'admin' },
  tenants: { path: '/tenants', owner: 'admin' },
  prices: { path: '/prices', owner: 'admin' },
  webhookKeys: { path: '/webhook-keys', owner: 'admin' },
  webhookKey: { path: '/webhook-keys/{id}', owner: 'admin' },
  webhookKeyRotation: { path: '/webhook-keys/{id}/rotate', owner: 'admin' },
  apiKeys: { path: '/api-keys', owner: 'admin' },
  apiKey: { path: '/api-keys/{id}', owner: 'admin' },
  apiKeyRotation: { path: '/api-keys/{id}/rotate', owner: 'admin' },
  audit: { path: '/audit', owner: 'admin' },
  reconcile: { path: '/reconcile', owner: 'reconcile' },
  reconcileRun: { path: '/reconcile/{run_id}', owner: 'reconcile' },
  deadLetters: { path: '/dead-letters', owner: 'reconcile' },
  deadLettersRedrive: { path: '/dead-letters/redrive', owner: 'reconcile' },
  openapi: { path: '/openapi.json', owner: 'docs' },
  docs: { path: '/docs', owner: 'docs' },
  console: { path: '/console', owner: 'console' },
  consoleFile: { path: '/console/{file}', owner: 'console' },
  healthz: { path: '/healthz', owner: 'read' },
  readyz: { path: '/readyz', owner: 'read' },
} as const satisfies Record<string, { path: `/${string}`; owner: HttpFunction }>;

export type HttpFunction = 'ingest' | 'read' | 'admin' | 'reconcile' | 'docs' | 'console';

/** Whatever no route names ends here, so that the answer is our 404 and not the gateway's 403. */
export const fallbackOwner: HttpFunction = 'read';
