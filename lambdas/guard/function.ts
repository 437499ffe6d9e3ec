import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { EnvironmentOf } from '../environment.ts';
import { GuardFindings } from '../storage/guard-findings.ts';
import type { World } from '../world.ts';
import { type GuardPorts, guardBatch } from './guard-batch.ts';

/** The variables that the function reads. */
export const guardVariables = ['OPERATIONS_TABLE', 'LEDGER_TABLE'] as const;

type Needs = Pick<World, 'dynamodb' | 'telemetry'>;

/** Watches the streams of the ledger and both intakes: nobody may edit or remove what is in them. */
export function guardFunction({ dynamodb, telemetry }: Needs, environment: EnvironmentOf<typeof guardVariables>) {
  const findings = new GuardFindings(dynamodb, environment.OPERATIONS_TABLE);
  const ports: GuardPorts = { findings, telemetry, ledgerTable: environment.LEDGER_TABLE };

  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    try {
      return await guardBatch(Records, ports);
    } finally {
      telemetry.flush();
    }
  };
}
