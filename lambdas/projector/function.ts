import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { crashPoint } from '../crash-point.ts';
import type { EnvironmentOf } from '../environment.ts';
import { Balances } from '../storage/balances.ts';
import { LaneList } from '../storage/lane-list.ts';
import { Ledger } from '../storage/ledger.ts';
import { MeterWriter } from '../storage/meter-writer.ts';
import { UsageMeters } from '../storage/usage-meters.ts';
import type { World } from '../world.ts';
import type { ProjectorPorts } from './ports.ts';
import { projectBatch } from './project-batch.ts';
import { type RebuildReport, rebuild, rebuildSchema } from './rebuild.ts';

/** Left for the writes under way to end, and for answering, before Lambda ends the function. */
const ANSWER_RESERVE_MS = 3_000;

/** `aws lambda invoke` waits 60 s for an answer by default. */
const PAUSE_AFTER_MS = 20_000;

/** The variables that the function reads. */
export const projectorVariables = ['LEDGER_TABLE', 'BALANCES_TABLE', 'USAGE_TABLE'] as const;

type Needs = Pick<World, 'dynamodb' | 'clock' | 'telemetry'>;

/** Counts usage from the ledger's stream or, when asked to, anew from all of the ledger. */
export function projectorFunction(world: Needs, environment: EnvironmentOf<typeof projectorVariables>) {
  const { dynamodb, clock, telemetry } = world;
  const ports: ProjectorPorts = {
    ledger: new Ledger(dynamodb, environment.LEDGER_TABLE),
    balances: new Balances(dynamodb, environment.BALANCES_TABLE),
    lanes: new LaneList(dynamodb, environment.BALANCES_TABLE),
    meters: new UsageMeters(dynamodb, environment.USAGE_TABLE),
    writer: new MeterWriter(dynamodb, environment.USAGE_TABLE),
    clock,
    telemetry,
  };

  return async (
    event: DynamoDBStreamEvent | { readonly task: 'rebuild' },
    context: Context,
  ): Promise<DynamoDBBatchResponse | RebuildReport> => {
    const nowMs = clock.nowMs();
    const deadlineMs = nowMs + context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS;
    try {
      if ('task' in event) {
        const report = await rebuild(
          rebuildSchema.parse(event),
          { pauseAtMs: nowMs + PAUSE_AFTER_MS, deadlineMs },
          ports,
        );
        telemetry.info('Rebuilt usage meters.', { ...report });
        return report;
      }
      const response = await projectBatch(event.Records, deadlineMs, ports);
      crashPoint('projector:before-acknowledge');
      return response;
    } finally {
      telemetry.flush();
    }
  };
}
