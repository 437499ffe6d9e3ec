import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Discrepancy, discrepancyId } from '../domain/discrepancy.ts';
import { parseRunId, type ReconcileRun, RUN_MODES, type RunId } from '../domain/reconcile-run.ts';
import { readable } from './bulk-read.ts';
import { discrepancyAttributes, discrepancyOf } from './discrepancy-item.ts';
import { putIf, queryItems } from './dynamo.ts';
import { DamagedItemError, readItem, stored, text } from './item.ts';
import {
  OPEN_RUNS_PARTITION,
  openRunKey,
  RUN_FINDING_PREFIX,
  runFindingKey,
  runKey,
  runPartition,
} from './operations-keys.ts';

const runId = text<RunId>(parseRunId);

const runSchema = z.object({
  run_id: runId,
  mode: z.enum(RUN_MODES),
  tenant: stored.tenant.optional(),
  started_at: stored.instant,
  updated_at: stored.instant,
  version: stored.count,
  phase: z.string().optional(),
  state: z.string().optional(),
  counts: z.record(z.string(), stored.count),
  found: stored.count,
});

/** The reconcile runs: how far each has come, and what it has found. */
export class Runs {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Puts a new run on record, first where the schedule looks for runs that nobody goes on with. */
  async create(run: ReconcileRun): Promise<void> {
    await this.#put({ ...openRunKey(run.id), run_id: run.id });
    await this.#put(itemOf(run));
  }

  async find(id: RunId): Promise<ReconcileRun | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: runKey(id), ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    return Item && runOf(Item);
  }

  /** Saves a run that has come further; false when another process has saved it in the meantime. */
  async save(run: ReconcileRun): Promise<boolean> {
    const isSaved = await putIf(this.#client, {
      TableName: this.#table,
      Item: itemOf(run),
      ConditionExpression: 'version = :before',
      ExpressionAttributeValues: { ':before': run.version - 1 },
    });
    if (!isSaved) return false;
    if (run.phase === undefined) await this.closed(run.id);
    return true;
  }

  /** Takes a run that is complete, or was never begun, off the list of the open ones. */
  async closed(id: RunId): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: openRunKey(id) }));
  }

  /** The ids of the runs that are not complete, oldest first. */
  async *open(): AsyncGenerator<RunId> {
    for await (const { sk } of this.#partition(OPEN_RUNS_PARTITION)) {
      const id = parseRunId(String(sk));
      if (id !== undefined) yield id;
    }
  }

  /** Lists what a run has found; the same once more changes nothing. */
  async addFinding(id: RunId, found: Discrepancy): Promise<void> {
    await this.#put({ ...runFindingKey(id, discrepancyId(found)), ...discrepancyAttributes(found) });
  }

  /** What a run has found and listed, in a stable order, as far as it can be read: the run itself has counted it. */
  async findings(id: RunId): Promise<Discrepancy[]> {
    const listed: Discrepancy[] = [];
    for await (const item of this.#partition(runPartition(id), RUN_FINDING_PREFIX)) {
      const found = readable(() => discrepancyOf(item));
      if (found.status === 'read') listed.push(found.value);
    }
    return listed;
  }

  #partition(partition: string, prefix?: string): AsyncGenerator<Record<string, unknown>> {
    return queryItems(this.#client, {
      TableName: this.#table,
      KeyConditionExpression: prefix === undefined ? 'pk = :partition' : 'pk = :partition AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':partition': partition, ...(prefix !== undefined && { ':prefix': prefix }) },
      ConsistentRead: true,
    });
  }

  async #put(item: Record<string, unknown>): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: item }));
  }
}

function itemOf(run: ReconcileRun): Record<string, unknown> {
  const { id, mode, tenant, startedAt, updatedAt, version, phase, state, counts, found } = run;
  return {
    ...runKey(id),
    ...{ run_id: id, mode, tenant, started_at: startedAt, updated_at: updatedAt, version, phase, counts, found },
    ...(state !== undefined && { state: toText(state) }),
  };
}

function runOf(item: Record<string, unknown>): ReconcileRun {
  const { run_id: id, started_at: startedAt, updated_at: updatedAt, state, ...rest } = readItem(runSchema, item);
  const { mode, tenant, version, phase, counts, found } = rest;
  return {
    ...{ id, mode, tenant, startedAt, updatedAt, version, phase, counts, found },
    state: state === undefined ? undefined : fromText(state),
  };
}

/** JSON, in which a `bigint` is an object of its own: a run's state holds totals, and money is never a JavaScript number. */
function toText(state: unknown): string {
  return JSON.stringify(state, (_, value) => (typeof value === 'bigint' ? { [BIGINT]: value.toString() } : value));
}

function fromText(text: string): unknown {
  try {
    return JSON.parse(text, (_, value) => {
      return typeof value?.[BIGINT] === 'string' ? BigInt(value[BIGINT]) : value;
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DamagedItemError("A run's state can't be read.", { cause: error });
  }
}

const BIGINT = '$bigint';
