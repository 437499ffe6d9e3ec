import { callerAuthentication } from '../caller-authentication.ts';
import { type EventId, parseEventId, type TenantId } from '../domain/ids.ts';
import type { EnvironmentOf } from '../environment.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { notFound } from '../http/problem.ts';
import { RateLimiter } from '../http/rate-limiter.ts';
import { createRouter, publicRoute, tenantRoute } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import { AdjustmentIntake } from '../storage/adjustment-intake.ts';
import { Balances } from '../storage/balances.ts';
import { Closures } from '../storage/closures.ts';
import { Config } from '../storage/config.ts';
import { Ledger } from '../storage/ledger.ts';
import { RateLimits } from '../storage/rate-limits.ts';
import { UsageIntake } from '../storage/usage-intake.ts';
import { UsageMeters } from '../storage/usage-meters.ts';
import { UsageQueue } from '../storage/usage-queue.ts';
import type { World } from '../world.ts';
import { balance } from './balance.ts';
import type { ReadPorts } from './ports.ts';
import { checkReadiness } from './readiness.ts';
import { receipt } from './receipt.ts';
import { proofQuery } from './receipt-query.ts';
import { statement } from './statement.ts';
import { usage } from './usage.ts';

/** The variables that the function reads. */
export const readVariables = [
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
] as const;

/** No tenant's event: readiness only wants an answer. */
const probe = { tenant: '-' as TenantId, eventId: 'api:readiness' as EventId };

type Needs = Pick<World, 'dynamodb' | 'sqs' | 'clock' | 'telemetry' | 'authenticate' | 'secrets'>;

/** Answers every read; it can write nothing. */
export function readFunction(world: Needs, environment: EnvironmentOf<typeof readVariables>) {
  const { dynamodb, sqs, clock, telemetry, secrets } = world;
  const nowMs = () => clock.nowMs();
  const queue = new UsageQueue(sqs, environment.USAGE_QUEUE_URL);
  const intake = new UsageIntake(dynamodb, environment.USAGE_INTAKE_TABLE);
  const adjustments = new AdjustmentIntake(dynamodb, environment.ADJUSTMENT_INTAKE_TABLE);
  const ledger = new Ledger(dynamodb, environment.LEDGER_TABLE);
  const balances = new Balances(dynamodb, environment.BALANCES_TABLE);
  const meters = new UsageMeters(dynamodb, environment.USAGE_TABLE);
  const closures = new Closures(dynamodb, environment.BALANCES_TABLE);
  const config = new Config(dynamodb, environment.CONFIG_TABLE, nowMs);
  const ports: ReadPorts = { intake, adjustments, ledger, balances, closures, meters, config, clock };

  const limiter = new RateLimiter(
    new RateLimits(dynamodb, environment.RATE_LIMITS_TABLE),
    nowMs,
    environment.REQUESTS_PER_WINDOW,
  );
  const router = createRouter(
    [
      tenantRoute('GET', routes.event.path, 'ledger:read', async ({ parameters, request }, { tenant }) => {
        const range = proofQuery(request.query);
        const eventId = parseEventId(parameters.get('event_id') ?? '');
        if (eventId === undefined) throw notFound();
        return { status: 200, body: await receipt(tenant, eventId, ports, range) };
      }),
      tenantRoute('GET', routes.balance.path, 'ledger:read', async (_, { tenant }) => {
        return { status: 200, body: await balance(tenant, ports) };
      }),
      tenantRoute('GET', routes.statement.path, 'ledger:read', async ({ request }, { tenant }) => {
        return { status: 200, body: await statement(tenant, request.query, ports) };
      }),
      tenantRoute('GET', routes.usage.path, 'ledger:read', async ({ request }, { tenant }) => {
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
          { clock, telemetry },
        );
        return { status: 200, body: { status: 'ready' } };
      }),
    ],
    callerAuthentication(world, environment.CONFIG_TABLE),
    telemetry,
    { corsOrigins: environment.CORS_ORIGINS, countRequest: (tenant) => limiter.count(tenant) },
  );

  return lambdaHandler(router, telemetry);
}
