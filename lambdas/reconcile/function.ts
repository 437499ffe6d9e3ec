import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { callerAuthentication } from '../caller-authentication.ts';
import type { EnvironmentOf } from '../environment.ts';
import type { AuditTrail } from '../http/call-log.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { createRouter, type Route } from '../http/router.ts';
import { Anchors } from '../storage/anchors.ts';
import { AuditLog } from '../storage/audit-log.ts';
import { Config } from '../storage/config.ts';
import { DeadLetters } from '../storage/dead-letters.ts';
import { GuardFindings } from '../storage/guard-findings.ts';
import { Ledger } from '../storage/ledger.ts';
import { RunQueue, runOfMessage } from '../storage/run-queue.ts';
import type { World } from '../world.ts';
import { adjustmentChannel, usageChannel } from './channels.ts';
import { deadLetterRoutes } from './dead-letters/routes.ts';
import { runPorts } from './run/compose.ts';
import { continueRun, resumeAbandoned, scheduledRun } from './run/continue-runs.ts';
import { runRoutes } from './run/run-routes.ts';
import { sweepFindings } from './run/sweep-findings.ts';
import { type RaisedAlarm, raisedAlarm } from './suspicion/alarm-event.ts';
import { verifySuspects } from './suspicion/verify-suspects.ts';
import { sweepBoth } from './sweep-both.ts';

/** Left for the step under way to end before Lambda ends the function. */
const STOP_RESERVE_MS = 5_000;

/** The variables that the function reads. */
export const reconcileVariables = [
  'USAGE_INTAKE_TABLE',
  'ADJUSTMENT_INTAKE_TABLE',
  'LEDGER_TABLE',
  'BALANCES_TABLE',
  'OPERATIONS_TABLE',
  'CONFIG_TABLE',
  'RECONCILE_QUEUE_URL',
  'ANCHORS_BUCKET',
  'USAGE_QUEUE_URL',
  'ADJUSTMENT_QUEUE_URL',
  'SWEEP_MIN_AGE_MS',
  'CORS_ORIGINS',
] as const;

interface TaskEvent {
  readonly task?: string;
}

type Needs = Pick<World, 'dynamodb' | 'sqs' | 's3' | 'clock' | 'telemetry' | 'authenticate'>;

/**
 * Answers administrators and alarms, goes on with the runs in its queue, and does what its schedules say: by default, sweep.
 */
export function reconcileFunction(world: Needs, environment: EnvironmentOf<typeof reconcileVariables>) {
  const { dynamodb, sqs, s3, clock, telemetry } = world;
  const config = new Config(dynamodb, environment.CONFIG_TABLE, () => clock.nowMs());
  const runs = runPorts(
    {
      tables: {
        usageIntake: environment.USAGE_INTAKE_TABLE,
        adjustmentIntake: environment.ADJUSTMENT_INTAKE_TABLE,
        ledger: environment.LEDGER_TABLE,
        balances: environment.BALANCES_TABLE,
        config: environment.CONFIG_TABLE,
        operations: environment.OPERATIONS_TABLE,
      },
      settledAfterMs: environment.SWEEP_MIN_AGE_MS,
    },
    {
      ...{ client: dynamodb, clock, telemetry },
      anchors: new Anchors(s3, environment.ANCHORS_BUCKET),
      queue: new RunQueue(sqs, environment.RECONCILE_QUEUE_URL),
    },
  );

  const operationsTable = environment.OPERATIONS_TABLE;
  const usage = usageChannel(world, {
    ...{ operationsTable, intakeTable: environment.USAGE_INTAKE_TABLE, queueUrl: environment.USAGE_QUEUE_URL },
  });
  const adjustment = adjustmentChannel(world, {
    ...{
      operationsTable,
      intakeTable: environment.ADJUSTMENT_INTAKE_TABLE,
      queueUrl: environment.ADJUSTMENT_QUEUE_URL,
    },
  });
  const ledger = new Ledger(dynamodb, environment.LEDGER_TABLE);
  const sweepPorts = {
    ledger,
    findings: sweepFindings(runs),
    clock,
    telemetry,
  };
  const sweeps = { usage: { ...usage, ...sweepPorts }, adjustment: { ...adjustment, ...sweepPorts } };

  const auditLog = new AuditLog(dynamodb, operationsTable);
  const trail: AuditTrail = { append: (facts) => auditLog.append('reconcile', facts, clock), telemetry };
  const deadLetters = new DeadLetters(dynamodb, { ledger: environment.LEDGER_TABLE, operations: operationsTable });
  const guard = new GuardFindings(dynamodb, operationsTable);
  const letterRoutes = deadLetterRoutes(trail, {
    list: {
      ...{ deadLetters, ledger, telemetry },
      attempts: { usage: usage.progress, adjustment: adjustment.progress },
    },
    redrive: { usage, adjustment, ledger, retryAfterMs: environment.SWEEP_MIN_AGE_MS, clock, telemetry },
  });

  const routes: Route[] = [...runRoutes(trail, runs), ...letterRoutes];
  const authenticate = callerAuthentication(world, environment.CONFIG_TABLE);
  const browsers = { corsOrigins: environment.CORS_ORIGINS };
  const answer = lambdaHandler(createRouter(routes, authenticate, telemetry, browsers), telemetry);

  /** What a schedule asks for, by its name; each must be done by the deadline and gives a report for the log. */
  const tasks = {
    sweep: async (deadlineMs: number) => {
      const report = await sweepBoth(sweeps, { minAgeMs: environment.SWEEP_MIN_AGE_MS, deadlineMs });
      return { ...report, runsResumed: await resumeAbandoned(runs, deadlineMs) };
    },
    'verify-new': (deadlineMs: number) => scheduledRun('new', runs, deadlineMs),
    'verify-all': (deadlineMs: number) => scheduledRun('full', runs, deadlineMs),
  } satisfies Record<string, (deadlineMs: number) => Promise<object>>;

  const isTask = (name: string): name is keyof typeof tasks => Object.hasOwn(tasks, name);

  /** What fails comes again, as far as its queue lets it; then the schedule goes on with the run. */
  const continueRuns = async ({ Records }: SQSEvent, deadlineMs: number): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    for (const { body, messageId } of Records) {
      const id = runOfMessage(body);
      try {
        if (id !== undefined) await continueRun(id, runs, deadlineMs);
      } catch (error) {
        telemetry.error('A run could not go on.', error, { run_id: id });
        failed.push(messageId);
      }
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

  const runTask = async (name: string, deadlineMs: number): Promise<object> => {
    if (!isTask(name)) throw new Error(`There is no task ${name}: the tasks are ${Object.keys(tasks).join(', ')}.`);
    const report = await tasks[name](deadlineMs);
    telemetry.info('A task is done.', { task: name, ...report });
    return report;
  };

  const answerAlarm = async (alarm: RaisedAlarm): Promise<object> => {
    const report = await verifySuspects(alarm, runs, { guard, deadLetters, clock });
    telemetry.info('An alarm was answered.', report);
    return report;
  };

  return async (
    event: APIGatewayProxyEvent | SQSEvent | TaskEvent,
    context: Context,
  ): Promise<APIGatewayProxyResult | SQSBatchResponse | object> => {
    if ('httpMethod' in event) return answer(event);
    const deadlineMs = clock.nowMs() + context.getRemainingTimeInMillis() - STOP_RESERVE_MS;
    try {
      await config.checkLayout();
      if ('Records' in event) return await continueRuns(event, deadlineMs);
      const alarm = raisedAlarm(event);
      if (alarm !== undefined) return await answerAlarm(alarm);
      return await runTask(event.task ?? 'sweep', deadlineMs);
    } finally {
      telemetry.flush();
    }
  };
}
