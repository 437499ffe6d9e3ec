import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../clock.ts';
import type { TenantId } from '../../domain/ids.ts';
import { adjustmentFacts, type IntakeFacts, usageFacts } from '../../domain/intake-facts.ts';
import type { Period } from '../../domain/period.ts';
import { adjustmentRecordOf } from '../../storage/adjustment-intake.ts';
import { AnchoredLanes } from '../../storage/anchored-lanes.ts';
import { BalancesEvidence } from '../../storage/balances-evidence.ts';
import { Closures } from '../../storage/closures.ts';
import { Config } from '../../storage/config.ts';
import { Findings } from '../../storage/findings.ts';
import { GuardFindings } from '../../storage/guard-findings.ts';
import { IntakeEvidence } from '../../storage/intake-evidence.ts';
import { DamagedItemError } from '../../storage/item.ts';
import { Ledger } from '../../storage/ledger.ts';
import { LedgerEvidence } from '../../storage/ledger-evidence.ts';
import { Runs } from '../../storage/runs.ts';
import { usageRecordOf } from '../../storage/usage-intake.ts';
import { VerifiedLanes } from '../../storage/verified-lanes.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { AnchorPorts } from '../anchors/ports.ts';
import type { RunPorts } from './ports.ts';

export interface RunSettings {
  readonly tables: {
    readonly usageIntake: string;
    readonly adjustmentIntake: string;
    readonly ledger: string;
    readonly balances: string;
    readonly config: string;
    readonly operations: string;
  };
  readonly settledAfterMs: number;
}

interface World {
  readonly client: DynamoDBDocumentClient;
  readonly anchors: AnchorPorts['anchors'];
  readonly queue: RunPorts['queue'];
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** A run's ports over the system's tables. */
export function runPorts({ tables, settledAfterMs }: RunSettings, world: World): RunPorts {
  const { client, queue, clock, telemetry } = world;
  const ledger = new Ledger(client, tables.ledger);
  const verified = new VerifiedLanes(client, tables.operations, clock);
  return {
    evidence: {
      ledger: new LedgerEvidence(client, tables.ledger, clock),
      refusals: ledger,
      balances: new BalancesEvidence(client, tables.balances, clock),
      intakes: {
        usage: new IntakeEvidence(client, tables.usageIntake, readUsage, clock),
        adjustment: new IntakeEvidence(client, tables.adjustmentIntake, readAdjustment, clock),
      },
      prices: new Config(client, tables.config, () => clock.nowMs()),
      verified,
      anchors: {
        anchors: world.anchors,
        anchoredLanes: new AnchoredLanes(client, tables.operations),
        ledger,
        seals: { sealHash: (tenant, period) => hashOf(new Closures(client, tables.balances), tenant, period) },
        clock,
      },
      guard: new GuardFindings(client, tables.operations),
      clock,
      settledAfterMs,
    },
    runs: new Runs(client, tables.operations),
    findings: new Findings(client, tables.operations),
    marks: verified,
    queue,
    clock,
    telemetry,
  };
}

/** What can't be read has no hash that anyone has anchored. */
async function hashOf(closures: Closures, tenant: TenantId, period: Period): Promise<string | undefined> {
  try {
    return await closures.sealHash(tenant, period);
  } catch (error) {
    if (error instanceof DamagedItemError) return 'unreadable';
    throw error;
  }
}

function readUsage(item: Record<string, unknown>): IntakeFacts {
  const { event, payloadHash } = usageRecordOf(item);
  return usageFacts(event, payloadHash);
}

function readAdjustment(item: Record<string, unknown>): IntakeFacts {
  const { event, payloadHash } = adjustmentRecordOf(item);
  return adjustmentFacts(event, payloadHash);
}
