import { systemClock } from '../clock.ts';
import { type EventId, parseEventId, type TenantId } from '../domain/ids.ts';
import { authenticationVariables, readEnvironment } from '../environment.ts';
import { bearerAuthentication } from '../http/authenticate.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { notFound } from '../http/problem.ts';
import { RateLimiter } from '../http/rate-limiter.ts';
import { createRouter, publicRoute, tenantRoute } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import { secretsFrom } from '../secrets/from-environment.ts';
import { AdjustmentIntake } from '../storage/adjustment-intake.ts';
import { Balances } from '../storage/balances.ts';
import { Closures } from '../storage/closures.ts';
import { Config } from '../storage/config.ts';
import { documentClient } from '../storage/dynamo.ts';
import { Ledger } from '../storage/ledger.ts';
import { RateLimits } from '../storage/rate-limits.ts';
import { UsageIntake } from '../storage/usage-intake.ts';
import { UsageMeters } from '../storage/usage-meters.ts';
import { UsageQueue } from '../storage/usage-queue.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { balance } from './balance.ts';
import type { ReadPorts } from './ports.ts';
import { checkReadiness } from './readiness.ts';
import { receipt } from './receipt.ts';
import { proofQuery } from './receipt-query.ts';
import { statement } from './statement.ts';
import { usage } from './usage.ts';

const environment = readEnvironment([
  'USAGE_INTAKE_TABLE',
  'ADJUSTMENT_INTAKE_TABLE',
  'LEDGER_TABLE',
  'BALANCES_TABLE',
  'USAGE_TABLE',
  'CONFIG_TABLE',
  'USAGE_QUEUE_URL',
  'RATE_LIMITS_TABLE',
  'REQUESTS_PER_WINDOW',
  'CORS_ORIGINS',
  ...authenticationVariables,
]);
const client = documentClient();
const telemetry = powertoolsTelemetry();
const secrets = secretsFrom(environment);
const queue = new UsageQueue(environment.USAGE_QUEUE_URL);
const intake = new UsageIntake(client, environment.USAGE_INTAKE_TABLE);
const adjustments = new AdjustmentIntake(client, environment.ADJUSTMENT_INTAKE_TABLE);
const ledger = new Ledger(client, environment.LEDGER_TABLE);
const balances = new Balances(client, environment.BALANCES_TABLE);
const meters = new UsageMeters(client, environment.USAGE_TABLE);
const closures = new Closures(client, environment.BALANCES_TABLE);
const config = new Config(client, environment.CONFIG_TABLE, systemClock.nowMs);
const ports: ReadPorts = { intake, adjustments, ledger, balances, closures, meters, config, clock: systemClock };

/** No tenant's event: readiness only wants an answer. */
const probe = { tenant: '-' as TenantId, eventId: 'api:readiness' as EventId };

const limiter = new RateLimiter(
  new RateLimits(client, environment.RATE_LIMITS_TABLE),
  systemClock.nowMs,
  environment.REQUESTS_PER_WINDOW,
);
const tokens = { algorithm: environment.JWT_ALGORITHM, jwksUrl: environment.JWT_JWKS_URL };
const router = createRouter(
  [
    tenantRoute('GET', routes.event.path, async ({ parameters, request }, { tenant }) => {
      const range = proofQuery(request.query);
      const eventId = parseEventId(parameters.get('event_id') ?? '');
      if (eventId === undefined) throw notFound();
      return { status: 200, body: await receipt(tenant, eventId, ports, range) };
    }),
    tenantRoute('GET', routes.balance.path, async (_, { tenant }) => {
      return { status: 200, body: await balance(tenant, ports) };
    }),
    tenantRoute('GET', routes.statement.path, async ({ request }, { tenant }) => {
      return { status: 200, body: await statement(tenant, request.query, ports) };
    }),
    tenantRoute('GET', routes.usage.path, async ({ request }, { tenant }) => {
      return { status: 200, body: await usage(tenant, request.query, ports) };
    }),
    publicRoute('GET', routes.healthz.path, async () => ({ status: 200, body: { status: 'alive' } })),
    publicRoute('GET', routes.readyz.path, async () => {
      await checkReadiness(
        {
          config: () => config.checkLayout(),
          intake: () => intake.find(probe.tenant, probe.eventId),
          adjustments: () => adjustments.find(probe.tenant, probe.eventId),
          ledger: () => ledger.marker(probe.tenant, probe.eventId),
          balances: () => balances.standing(probe.tenant),
          queue: () => queue.depth(),
          secrets: () => secrets.jwt(),
        },
        { clock: systemClock, telemetry },
      );
      return { status: 200, body: { status: 'ready' } };
    }),
  ],
  bearerAuthentication(tokens, secrets, systemClock.nowMs),
  telemetry,
  { corsOrigins: environment.CORS_ORIGINS, countRequest: (tenant) => limiter.count(tenant) },
);

/** Answers every read; it can write nothing. */
export const handler = lambdaHandler(router, telemetry);
