import { callerAuthentication } from '../caller-authentication.ts';
import { parseRequestId } from '../domain/ids.ts';
import type { EnvironmentOf } from '../environment.ts';
import { ingestRoutes } from '../http/ingest-routes.ts';
import { jsonObject } from '../http/json-body.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { BATCH_BODY_MAX_BYTES } from '../http/limits.ts';
import { RateLimiter } from '../http/rate-limiter.ts';
import { createRouter, route, tenantRoute } from '../http/router.ts';
import { webhookAuthentication } from '../http/webhook-authentication.ts';
import { Config } from '../storage/config.ts';
import { RateLimits } from '../storage/rate-limits.ts';
import { UsageIntake } from '../storage/usage-intake.ts';
import { UsageQueue } from '../storage/usage-queue.ts';
import { WebhookKeys } from '../storage/webhook-keys.ts';
import type { World } from '../world.ts';
import { acceptItems, type BatchPorts } from './accept-batch.ts';
import { acceptUsage, type IngestPorts } from './accept-usage.ts';
import { batchAnswer } from './batch-answer.ts';
import { batchItemsOf } from './batch-request.ts';
import { deliveredPayloadOf, usagePayloadOf } from './usage-request.ts';
import { WebhookSecrets } from './webhook-secrets.ts';

/** The variables that the function reads. */
export const ingestVariables = [
  'USAGE_INTAKE_TABLE',
  'CONFIG_TABLE',
  'USAGE_QUEUE_URL',
  'RATE_LIMITS_TABLE',
  'REQUESTS_PER_WINDOW',
  'CORS_ORIGINS',
] as const;

type Needs = Pick<World, 'dynamodb' | 'sqs' | 'clock' | 'telemetry' | 'authenticate' | 'readSealSecret'>;

/** Takes usage in: the only function that may write the usage intake. */
export function ingestFunction(world: Needs, environment: EnvironmentOf<typeof ingestVariables>) {
  const { dynamodb, sqs, clock, telemetry, readSealSecret } = world;
  const nowMs = () => clock.nowMs();
  const ports: IngestPorts & BatchPorts = {
    intake: new UsageIntake(dynamodb, environment.USAGE_INTAKE_TABLE),
    queue: new UsageQueue(sqs, environment.USAGE_QUEUE_URL),
    prices: new Config(dynamodb, environment.CONFIG_TABLE, nowMs),
    clock,
    telemetry,
  };
  const limiter = new RateLimiter(
    new RateLimits(dynamodb, environment.RATE_LIMITS_TABLE),
    nowMs,
    environment.REQUESTS_PER_WINDOW,
  );
  const webhookSecrets = new WebhookSecrets({
    keys: new WebhookKeys(dynamodb, environment.CONFIG_TABLE),
    readSealSecret,
    clock,
    telemetry,
  });
  const authenticateDelivery = webhookAuthentication((keyId) => webhookSecrets.find(keyId), nowMs);

  const postEvent = tenantRoute('POST', ingestRoutes.events.path, 'usage:write', async ({ request }, { tenant }) => {
    const payload = usagePayloadOf(jsonObject(request), tenant);
    await acceptUsage(payload, ports, parseRequestId(request.id));
    return { status: 202, body: { accepted: true, event_id: payload.eventId } };
  });

  const postBatch = tenantRoute(
    'POST',
    ingestRoutes.eventsBatch.path,
    'usage:write',
    async ({ request }, { tenant }) => {
      const items = batchItemsOf(request, tenant);
      const verdicts = await acceptItems(items, ports, parseRequestId(request.id));
      return batchAnswer(items, verdicts, request.id);
    },
    { bodyMaxBytes: BATCH_BODY_MAX_BYTES },
  );

  const postDelivery = route('POST', ingestRoutes.webhookUsage.path, async ({ request }, { countRequest }) => {
    const caller = await authenticateDelivery(request);
    await countRequest(caller.tenant);
    return async () => {
      const payload = deliveredPayloadOf(jsonObject(request), caller);
      await acceptUsage(payload, ports, parseRequestId(request.id));
      return { status: 202, body: { accepted: true, event_id: payload.eventId } };
    };
  });

  const authenticate = callerAuthentication(world, environment.CONFIG_TABLE);
  const router = createRouter([postEvent, postBatch, postDelivery], authenticate, telemetry, {
    corsOrigins: environment.CORS_ORIGINS,
    countRequest: (tenant) => limiter.count(tenant),
  });

  return lambdaHandler(router, telemetry);
}
