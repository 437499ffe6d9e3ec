/** The ingest function's routes, apart from the others so that they alone are in its bundle. */
export const ingestRoutes = {
  events: { path: '/events', owner: 'ingest' },
  eventsBatch: { path: '/events/batch', owner: 'ingest' },
  webhookUsage: { path: '/webhooks/usage', owner: 'ingest' },
} as const;
