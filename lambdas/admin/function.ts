import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { callerAuthentication } from '../caller-authentication.ts';
import type { EnvironmentOf } from '../environment.ts';
import type { AuditTrail } from '../http/call-log.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { createRouter, type Route } from '../http/router.ts';
import { AdjustmentIntake } from '../storage/adjustment-intake.ts';
import { AdjustmentQueue } from '../storage/adjustment-queue.ts';
import { Anchors } from '../storage/anchors.ts';
import { AuditLog } from '../storage/audit-log.ts';
import { Balances } from '../storage/balances.ts';
import { CloseNotes } from '../storage/close-notes.ts';
import { Closing } from '../storage/closing.ts';
import { Closures } from '../storage/closures.ts';
import { Config } from '../storage/config.ts';
import { ConfigWriter } from '../storage/config-writer.ts';
import { StandingScan } from '../storage/standing-scan.ts';
import { Tenants } from '../storage/tenants.ts';
import type { World } from '../world.ts';
import type { AdjustmentPorts } from './accept-adjustment.ts';
import { adjustmentRoutes } from './adjustment-routes.ts';
import { closeRoute } from './close-period.ts';
import type { ClosePorts } from './close-ports.ts';
import { apiKeyKind } from './keys/api-key-kind.ts';
import { apiKeyRequestSchema, webhookKeyRequestSchema } from './keys/key-request.ts';
import { apiKeyPaths, keyRoutes, webhookKeyPaths } from './keys/key-routes.ts';
import { webhookKeyKind } from './keys/webhook-key-kind.ts';
import { priceRoutes } from './prices/price-routes.ts';
import { auditRoute } from './read-audit.ts';
import { RESUME_CLOSES, resumeCloses } from './resume-closes.ts';
import { tenantRoutes } from './tenants/tenant-routes.ts';
import { trialBalanceRoute } from './trial-balance.ts';

/** The longest a close takes, and a reserve to say how it went: none is begun in a function about to be ended. */
const STOP_RESERVE_MS = 15_000;

/** The variables that the function reads. */
export const adminVariables = [
  'ADJUSTMENT_INTAKE_TABLE',
  'BALANCES_TABLE',
  'CONFIG_TABLE',
  'OPERATIONS_TABLE',
  'ADJUSTMENT_QUEUE_URL',
  'ANCHORS_BUCKET',
  'CLOSE_CLAIM_MAX_AGE_MS',
  'CORS_ORIGINS',
] as const;

type Needs = Pick<
  World,
  'dynamodb' | 'sqs' | 's3' | 'clock' | 'telemetry' | 'authenticate' | 'newId' | 'newSecret' | 'readSealSecret'
>;

/**
 * Answers administrators, and finishes what they began when its schedule says so: the only function that may write
 * adjustments, shut lanes, seal periods, and change tenants, prices and keys.
 */
export function adminFunction(world: Needs, environment: EnvironmentOf<typeof adminVariables>) {
  const { dynamodb, sqs, s3, clock, telemetry, newId } = world;
  const config = new Config(dynamodb, environment.CONFIG_TABLE, () => clock.nowMs());
  const auditLog = new AuditLog(dynamodb, environment.OPERATIONS_TABLE);
  const trail: AuditTrail = { append: (facts) => auditLog.append('admin', facts, clock), telemetry };
  const balances = new Balances(dynamodb, environment.BALANCES_TABLE);
  const closePorts: ClosePorts = {
    config,
    balances,
    closures: new Closures(dynamodb, environment.BALANCES_TABLE),
    closing: new Closing(dynamodb, environment.BALANCES_TABLE),
    notes: new CloseNotes(dynamodb, environment.OPERATIONS_TABLE),
    anchors: new Anchors(s3, environment.ANCHORS_BUCKET),
    clock,
    telemetry,
    newClaimId: newId,
    claimMaxAgeMs: environment.CLOSE_CLAIM_MAX_AGE_MS,
  };
  const adjustments: AdjustmentPorts = {
    intake: new AdjustmentIntake(dynamodb, environment.ADJUSTMENT_INTAKE_TABLE),
    queue: new AdjustmentQueue(sqs, environment.ADJUSTMENT_QUEUE_URL),
    tenants: config,
    clock,
    telemetry,
  };

  const writer = new ConfigWriter(dynamodb, environment.CONFIG_TABLE);
  const scan = new StandingScan(dynamodb, environment.BALANCES_TABLE);
  const keyPorts = { tenants: config, clock, newId };
  const routes: Route[] = [
    ...adjustmentRoutes(trail, adjustments),
    closeRoute(trail, closePorts),
    trialBalanceRoute(trail, { balances, scan, config, clock }),
    ...tenantRoutes(trail, { tenants: new Tenants(dynamodb, environment.CONFIG_TABLE), writer }),
    ...priceRoutes(trail, { config, writer, clock }),
    ...keyRoutes(trail, webhookKeyPaths, {
      kind: webhookKeyKind(world, environment.CONFIG_TABLE),
      ...{ schema: webhookKeyRequestSchema, ports: keyPorts },
    }),
    ...keyRoutes(trail, apiKeyPaths, {
      kind: apiKeyKind(world, environment.CONFIG_TABLE),
      ...{ schema: apiKeyRequestSchema, ports: keyPorts },
    }),
    auditRoute(trail, { log: auditLog, clock }),
  ];
  const authenticate = callerAuthentication(world, environment.CONFIG_TABLE);
  const browsers = { corsOrigins: environment.CORS_ORIGINS };
  const answer = lambdaHandler(createRouter(routes, authenticate, telemetry, browsers), telemetry);

  return async (
    event: APIGatewayProxyEvent | { readonly task: string },
    context: Context,
  ): Promise<APIGatewayProxyResult | object> => {
    if ('httpMethod' in event) return answer(event);
    const { task } = event;
    if (task !== RESUME_CLOSES) throw new Error(`There is no task ${task}: the only one is ${RESUME_CLOSES}.`);
    const deadlineMs = clock.nowMs() + context.getRemainingTimeInMillis() - STOP_RESERVE_MS;
    try {
      await config.checkLayout();
      const report = await resumeCloses(closePorts, trail, { requestId: context.awsRequestId, deadlineMs });
      telemetry.info('A task is done.', { task, ...report });
      return report;
    } finally {
      telemetry.flush();
    }
  };
}
