import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { systemClock } from '../clock.ts';
import { authenticationVariables, readEnvironment } from '../environment.ts';
import { bearerAuthentication } from '../http/authenticate.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { createRouter } from '../http/router.ts';
import { secretsFrom } from '../secrets/from-environment.ts';
import { Config } from '../storage/config.ts';
import { documentClient } from '../storage/dynamo.ts';
import { Ledger } from '../storage/ledger.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { adjustmentChannel, usageChannel } from './channels.ts';
import type { UnsettledFinding } from './ports.ts';
import { sweepBoth } from './sweep-both.ts';

/** Left for the step under way to end before Lambda ends the function. */
const STOP_RESERVE_MS = 5_000;

const environment = readEnvironment([
  'USAGE_INTAKE_TABLE',
  'ADJUSTMENT_INTAKE_TABLE',
  'LEDGER_TABLE',
  'OPERATIONS_TABLE',
  'CONFIG_TABLE',
  'USAGE_QUEUE_URL',
  'ADJUSTMENT_QUEUE_URL',
  'SWEEP_MIN_AGE_MS',
  'CORS_ORIGINS',
  ...authenticationVariables,
]);
const client = documentClient();
const telemetry = powertoolsTelemetry();
const config = new Config(client, environment.CONFIG_TABLE, systemClock.nowMs);
const operationsTable = environment.OPERATIONS_TABLE;
const usage = usageChannel(client, {
  ...{ operationsTable, intakeTable: environment.USAGE_INTAKE_TABLE, queueUrl: environment.USAGE_QUEUE_URL },
});
const adjustment = adjustmentChannel(client, {
  ...{ operationsTable, intakeTable: environment.ADJUSTMENT_INTAKE_TABLE, queueUrl: environment.ADJUSTMENT_QUEUE_URL },
});
const sweepPorts = {
  ledger: new Ledger(client, environment.LEDGER_TABLE),
  findings: { report: async (finding: UnsettledFinding) => telemetry.warn('A finding.', { ...finding }) },
  clock: systemClock,
  telemetry,
};
const sweeps = { usage: { ...usage, ...sweepPorts }, adjustment: { ...adjustment, ...sweepPorts } };

const browsers = { corsOrigins: environment.CORS_ORIGINS };
const tokens = { algorithm: environment.JWT_ALGORITHM, jwksUrl: environment.JWT_JWKS_URL };
const authenticate = bearerAuthentication(tokens, secretsFrom(environment), systemClock.nowMs);
const answer = lambdaHandler(createRouter([], authenticate, telemetry, browsers), telemetry);

/** What a schedule asks for, by its name; each must be done by the deadline and gives a report for the log. */
const tasks = {
  sweep: (deadlineMs: number) => sweepBoth(sweeps, { minAgeMs: environment.SWEEP_MIN_AGE_MS, deadlineMs }),
} satisfies Record<string, (deadlineMs: number) => Promise<object>>;

interface TaskEvent {
  readonly task?: string;
}

/** Answers administrators, goes on with the runs in its queue, and does what its schedules say: by default, sweep. */
export async function handler(
  event: APIGatewayProxyEvent | SQSEvent | TaskEvent,
  context: Context,
): Promise<APIGatewayProxyResult | SQSBatchResponse | object> {
  if ('httpMethod' in event) return answer(event);
  const deadlineMs = systemClock.nowMs() + context.getRemainingTimeInMillis() - STOP_RESERVE_MS;
  try {
    await config.checkLayout();
    if ('Records' in event) throw new Error('No run was ever sent to this queue.');
    return await runTask(event.task ?? 'sweep', deadlineMs);
  } finally {
    telemetry.flush();
  }
}

async function runTask(name: string, deadlineMs: number): Promise<object> {
  if (!isTask(name)) throw new Error(`There is no task ${name}: the tasks are ${Object.keys(tasks).join(', ')}.`);
  const report = await tasks[name](deadlineMs);
  telemetry.info('A task is done.', { task: name, ...report });
  return report;
}

function isTask(name: string): name is keyof typeof tasks {
  return Object.hasOwn(tasks, name);
}
