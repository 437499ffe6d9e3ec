import type { ApiDocument } from '../../../lambdas/docs/api-document.ts';
import { parseTenantId } from '../../../lambdas/domain/ids.ts';
import { RATE_WINDOW_SECONDS } from '../../../lambdas/http/limits.ts';
import { RateLimits } from '../../../lambdas/storage/rate-limits.ts';
import { developmentTokens, sign } from '../../../localstack/embedded/dev-tokens.ts';
import { engineClient } from '../../support/audit.ts';
import { daysFromNow } from '../../support/dates.ts';
import { must } from '../../support/events.ts';
import type { RunningStack } from '../../support/stack.ts';
import { ownHeaders } from '../../support/webhook-signer.ts';
import { Credentials, unixSeconds } from './credentials.ts';
import { send } from './exchange.ts';
import { FuzzRun } from './fuzz-run.ts';
import { monthFromNow } from './hints.ts';

const SPENT_TENANT = 'tenant_spent';
const SEEDED_EVENTS = 24;

/** A window's count far above any limit. */
const FAR_TOO_MANY = 1_000_000;

/** The fuzz may last longer than it should, and settling takes a while. */
const MARGIN_SECONDS = 300;

/** A fuzz of a started stack: credentials of its development world, and something to read. */
export async function openWorld(stack: RunningStack, seconds: number): Promise<FuzzRun> {
  const { alpha, beta, admin } = await developmentTokens();
  const spent = [SPENT_TENANT, await sign({ tenant_id: SPENT_TENANT })] as const;
  const credentials = new Credentials({ tenant_alpha: alpha, tenant_beta: beta }, admin, spent);
  const { json } = await send(stack.url, { method: 'GET', target: '/openapi.json', headers: [] });
  const run = new FuzzRun(stack.url, json as ApiDocument, credentials);
  await spendWindows(stack, seconds);
  await seedData(run);
  return run;
}

/** Uses up all requests of a tenant in every window the fuzz may see, for a 429 is an answer too. */
async function spendWindows(stack: RunningStack, seconds: number): Promise<void> {
  const client = engineClient(stack);
  const limits = new RateLimits(client, stack.table('RateLimits'));
  const tenant = must(parseTenantId(SPENT_TENANT));
  const first = Math.floor(unixSeconds() / RATE_WINDOW_SECONDS) * RATE_WINDOW_SECONDS;
  for (let start = first; start < first + seconds + MARGIN_SECONDS; start += RATE_WINDOW_SECONDS) {
    await limits.add(tenant, start, FAR_TOO_MANY);
  }
  client.destroy();
}

/** Usage by every channel, corrections, and a month that is closed. */
async function seedData(run: FuzzRun): Promise<void> {
  const { admin, tenants, signer } = run.credentials;
  const post = async (target: string, body: object, headers: Record<string, string>) => {
    const sent = { 'content-type': 'application/json', ...headers };
    await run.send(
      { method: 'POST', target, headers: Object.entries(sent), body: Buffer.from(JSON.stringify(body)) },
      true,
    );
  };
  for (const [tenant, token] of tenants) {
    const authorization = { authorization: `Bearer ${token}` };
    const events = Array.from({ length: SEEDED_EVENTS }, (_, at) => ({
      ...{ tenant, metric: at % 3 === 0 ? 'storage_gb_hour' : 'api_call', quantity: at + 1 },
      ...{ idempotency_key: `k${at}`, event_date: daysFromNow(-at * 3) },
    }));
    for (const event of events.slice(0, 4)) await post('/events', event, authorization);
    await post('/events/batch', events.slice(4), authorization);
    const credit = { tenant, amount_minor: -25, idempotency_key: `a-${tenant}`, reason: 'Goodwill' };
    await post('/adjustments', credit, { authorization: `Bearer ${admin}` });
  }
  const delivery = { event_id: 'd0', metric: 'api_call', quantity: 7 };
  await post('/webhooks/usage', delivery, ownHeaders(signer, JSON.stringify(delivery), unixSeconds()));
  const closed = { tenant: 'tenant_alpha', period: monthFromNow(-1) };
  await post('/periods/close', closed, { authorization: `Bearer ${admin}` });
}
