import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { readEnvironment } from '../environment.ts';
import { documentClient } from '../storage/dynamo.ts';
import { GuardFindings } from '../storage/guard-findings.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { type GuardPorts, guardBatch } from './guard-batch.ts';

const environment = readEnvironment(['OPERATIONS_TABLE', 'LEDGER_TABLE']);
const ports: GuardPorts = {
  findings: new GuardFindings(documentClient(), environment.OPERATIONS_TABLE),
  telemetry: powertoolsTelemetry(),
  ledgerTable: environment.LEDGER_TABLE,
};

/** Watches the streams of the ledger and both intakes: nobody may edit or remove what is in them. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  try {
    return await guardBatch(Records, ports);
  } finally {
    ports.telemetry.flush();
  }
}
