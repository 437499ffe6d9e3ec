import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { systemClock } from '../clock.ts';
import { authenticationVariables, readEnvironment } from '../environment.ts';
import { bearerAuthentication } from '../http/authenticate.ts';
import type { AuditTrail } from '../http/call-log.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { createRouter, type Route } from '../http/router.ts';
import { secretsFrom } from '../secrets/from-environment.ts';
import { AdjustmentIntake } from '../storage/adjustment-intake.ts';
import { AdjustmentQueue } from '../storage/adjustment-queue.ts';
import { Anchors, anchorClient } from '../storage/anchors.ts';
import { AuditLog } from '../storage/audit-log.ts';
import { Balances } from '../storage/balances.ts';
import { CloseNotes } from '../storage/close-notes.ts';
import { Closing } from '../storage/closing.ts';
import { Closures } from '../storage/closures.ts';
import { Config } from '../storage/config.ts';
import { documentClient } from '../storage/dynamo.ts';
import { StandingScan } from '../storage/standing-scan.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import type { AdjustmentPorts } from './accept-adjustment.ts';
import { adjustmentRoutes } from './adjustment-routes.ts';
import { closeRoute } from './close-period.ts';
import type { ClosePorts } from './close-ports.ts';
import { auditRoute } from './read-audit.ts';
import { RESUME_CLOSES, resumeCloses } from './resume-closes.ts';
import { trialBalanceRoute } from './trial-balance.ts';

/** The longest a close takes, and a reserve to say how it went: none is begun in a function about to be ended. */
const STOP_RESERVE_MS = 15_000;

const environment = readEnvironment([
  'ADJUSTMENT_INTAKE_TABLE',
  'BALANCES_TABLE',
  'CONFIG_TABLE',
  'OPERATIONS_TABLE',
  'ADJUSTMENT_QUEUE_URL',
  'ANCHORS_BUCKET',
  'CLOSE_CLAIM_MAX_AGE_MS',
  'CORS_ORIGINS',
  ...authenticationVariables,
]);
const client = documentClient();
const telemetry = powertoolsTelemetry();
const config = new Config(client, environment.CONFIG_TABLE, systemClock.nowMs);
const auditLog = new AuditLog(client, environment.OPERATIONS_TABLE);
const trail: AuditTrail = { append: (facts) => auditLog.append('admin', facts, systemClock), telemetry };
const balances = new Balances(client, environment.BALANCES_TABLE);
const closePorts: ClosePorts = {
  config,
  balances,
  closures: new Closures(client, environment.BALANCES_TABLE),
  closing: new Closing(client, environment.BALANCES_TABLE),
  notes: new CloseNotes(client, environment.OPERATIONS_TABLE),
  anchors: new Anchors(anchorClient(), environment.ANCHORS_BUCKET),
  clock: systemClock,
  telemetry,
  newClaimId: randomUUID,
  claimMaxAgeMs: environment.CLOSE_CLAIM_MAX_AGE_MS,
};
const adjustments: AdjustmentPorts = {
  intake: new AdjustmentIntake(client, environment.ADJUSTMENT_INTAKE_TABLE),
  queue: new AdjustmentQueue(environment.ADJUSTMENT_QUEUE_URL),
  tenants: config,
  clock: systemClock,
  telemetry,
};

const scan = new StandingScan(client, environment.BALANCES_TABLE);
const routes: Route[] = [
  ...adjustmentRoutes(trail, adjustments),
  closeRoute(trail, closePorts),
  trialBalanceRoute(trail, { balances, scan, config, clock: systemClock }),
  auditRoute(trail, { log: auditLog, clock: systemClock }),
];
const browsers = { corsOrigins: environment.CORS_ORIGINS };
const tokens = { algorithm: environment.JWT_ALGORITHM, jwksUrl: environment.JWT_JWKS_URL };
const authenticate = bearerAuthentication(tokens, secretsFrom(environment), systemClock.nowMs);
const answer = lambdaHandler(createRouter(routes, authenticate, telemetry, browsers), telemetry);

/**
 * Answers administrators, and finishes what they began when its schedule says so: the only function that may write
 * adjustments, shut lanes and seal periods.
 */
export async function handler(
  event: APIGatewayProxyEvent | { readonly task: string },
  context: Context,
): Promise<APIGatewayProxyResult | object> {
  if ('httpMethod' in event) return answer(event);
  if (event.task !== RESUME_CLOSES)
    throw new Error(`There is no task ${event.task}: the only one is ${RESUME_CLOSES}.`);
  const deadlineMs = systemClock.nowMs() + context.getRemainingTimeInMillis() - STOP_RESERVE_MS;
  try {
    await config.checkLayout();
    const report = await resumeCloses(closePorts, trail, { requestId: context.awsRequestId, deadlineMs });
    telemetry.info('A task is done.', { task: event.task, ...report });
    return report;
  } finally {
    telemetry.flush();
  }
}
