import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { LaneKey } from '../../lambdas/domain/page.ts';
import type { ProjectorPorts } from '../../lambdas/projector/ports.ts';
import { projectBatch } from '../../lambdas/projector/project-batch.ts';
import { type RebuildReport, type RebuildTask, rebuild } from '../../lambdas/projector/rebuild.ts';
import { LaneList } from '../../lambdas/storage/lane-list.ts';
import { MeterWriter } from '../../lambdas/storage/meter-writer.ts';
import { UsageMeters } from '../../lambdas/storage/usage-meters.ts';
import { type Dynamodb, TABLES } from './dynamodb.ts';
import { NOW_MS } from './events.ts';
import type { LedgerTables } from './ledger-tables.ts';
import { type ShownMeter, shownMeter } from './meters.ts';
import { TelemetryLog } from './telemetry-log.ts';
import { Turns } from './turns.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The process ended here. */
export class Death extends Error {}

/** How many of its calls a process lives to make; it dies in the next, before or after what the call does. */
export interface Lifetime {
  readonly calls: number;
  readonly diesAfterEffect: boolean;
}

export const IMMORTAL: Lifetime = { calls: Number.POSITIVE_INFINITY, diesAfterEffect: false };

/** The projector on a real engine, in several processes whose calls interleave as the seed has it. */
export class ProjectorWorld {
  readonly telemetry = new TelemetryLog();
  readonly clock: VirtualClock;
  readonly tables: LedgerTables;
  readonly meters: UsageMeters;
  readonly writer: MeterWriter;
  readonly #dynamodb: Dynamodb;
  readonly #turns: Turns;

  constructor(dynamodb: Dynamodb, tables: LedgerTables, seed = 1) {
    this.#dynamodb = dynamodb;
    this.tables = tables;
    this.clock = new VirtualClock(NOW_MS, seed);
    this.meters = new UsageMeters(dynamodb.client(), TABLES.usage);
    this.writer = new MeterWriter(dynamodb.client(), TABLES.usage);
    this.#turns = new Turns(() => this.clock.random());
  }

  /** Delivers stream records to a projector that lives so long. */
  deliver(
    records: readonly DynamoDBRecord[],
    lifetime = IMMORTAL,
    deadlineMs = Number.POSITIVE_INFINITY,
  ): Promise<DynamoDBBatchResponse> {
    return projectBatch(records, deadlineMs, this.#ports(lifetime));
  }

  /** One invocation of a rebuild. */
  rebuild(task: Omit<RebuildTask, 'task'>, lifetime = IMMORTAL, pauseAtMs = Number.POSITIVE_INFINITY) {
    const limits = { pauseAtMs, deadlineMs: Number.POSITIVE_INFINITY };
    return rebuild({ ...task, task: 'rebuild' }, limits, this.#ports(lifetime));
  }

  /** A rebuild to its end, each invocation as short as can be; the clock moves on between them. */
  async rebuildStepwise(task: Omit<RebuildTask, 'task'>): Promise<RebuildReport[]> {
    const reports: RebuildReport[] = [];
    let report: RebuildReport | undefined;
    do {
      this.clock.advance(1);
      report = await this.rebuild({ ...task, ...(report?.resume && { resume: report.resume }) }, IMMORTAL, 0);
      reports.push(report);
    } while (!report.complete);
    return reports;
  }

  /** Every meter of the tenant as the table has it, by its key, with its sums; the marks left aside. */
  async shown(tenant: LaneKey['tenant']): Promise<Record<string, unknown>> {
    const shown: ShownMeter[] = [];
    for await (const { stored } of this.meters.all(tenant, undefined)) {
      shown.push(shownMeter({ ...(await this.tables.rawItem('usage', stored)), ...stored }));
    }
    return Object.fromEntries(shown.sort());
  }

  #ports(lifetime: Lifetime): ProjectorPorts {
    const { meters, writer, clock, telemetry } = this;
    const { ledger, balances } = this.tables;
    const lanes = new LaneList(this.#dynamodb.client(), TABLES.balances);
    let calls = 0;
    const begin = async () => {
      await this.#turns.next();
      calls += 1;
      if (calls > lifetime.calls && !(lifetime.diesAfterEffect && calls === lifetime.calls + 1)) throw new Death();
    };
    const call =
      <Arguments extends unknown[], Value>(work: (...args: Arguments) => Promise<Value>) =>
      async (...args: Arguments): Promise<Value> => {
        await begin();
        const value = await work(...args);
        if (calls > lifetime.calls) throw new Death();
        return value;
      };
    async function* listing<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
      await begin();
      yield* items;
    }
    return {
      ...{ clock, telemetry },
      ledger: { page: call(ledger.page.bind(ledger)), pages: (...args) => listing(ledger.pages(...args)) },
      balances: { head: call(balances.head.bind(balances)) },
      lanes: { all: (...args) => listing(lanes.all(...args)) },
      meters: {
        cursor: call(meters.cursor.bind(meters)),
        all: (...args) => listing(meters.all(...args)),
      },
      writer: {
        moveCursor: call(writer.moveCursor.bind(writer)),
        removeCursor: call(writer.removeCursor.bind(writer)),
        add: call(writer.add.bind(writer)),
        put: call(writer.put.bind(writer)),
        removeOlder: call(writer.removeOlder.bind(writer)),
      },
    };
  }
}
