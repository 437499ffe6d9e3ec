import type { Context, ScheduledEvent } from 'aws-lambda';
import { systemClock } from '../clock.ts';
import { readEnvironment } from '../environment.ts';
import { Config } from '../storage/config.ts';
import { documentClient } from '../storage/dynamo.ts';
import { Ledger } from '../storage/ledger.ts';
import { SweepProgress } from '../storage/sweep-progress.ts';
import { UsageIntake } from '../storage/usage-intake.ts';
import { UsageQueue } from '../storage/usage-queue.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import type { SweepPorts } from './ports.ts';
import { type SweepReport, sweep } from './sweep.ts';

/** Left for the step under way to end before Lambda ends the function. */
const STOP_RESERVE_MS = 5_000;

const environment = readEnvironment([
  'USAGE_INTAKE_TABLE',
  'LEDGER_TABLE',
  'OPERATIONS_TABLE',
  'CONFIG_TABLE',
  'USAGE_QUEUE_URL',
  'SWEEP_MIN_AGE_MS',
]);
const client = documentClient();
const config = new Config(client, environment.CONFIG_TABLE, systemClock.nowMs);
const ports: SweepPorts = {
  intake: new UsageIntake(client, environment.USAGE_INTAKE_TABLE),
  ledger: new Ledger(client, environment.LEDGER_TABLE),
  progress: new SweepProgress(client, environment.OPERATIONS_TABLE),
  queue: new UsageQueue(environment.USAGE_QUEUE_URL),
  clock: systemClock,
  telemetry: powertoolsTelemetry(),
};

/** Runs the sweep on its schedule. */
export async function handler(_event: ScheduledEvent, context: Context): Promise<SweepReport> {
  const deadlineMs = systemClock.nowMs() + context.getRemainingTimeInMillis() - STOP_RESERVE_MS;
  try {
    await config.checkLayout();
    const report = await sweep(ports, { minAgeMs: environment.SWEEP_MIN_AGE_MS, deadlineMs });
    ports.telemetry.info('Swept.', { ...report });
    return report;
  } finally {
    ports.telemetry.flush();
  }
}
