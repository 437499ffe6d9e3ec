import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionPool } from '../functions/pool.ts';
import type { Discarded } from './discarded-batch.ts';
import type { StreamRecord } from './stream-record.ts';
import { firstFailed } from './stream-response.ts';

/** Between attempts at the same records: doubles each time, up to a wait after which a mended function goes on soon. */
const FIRST_RETRY_AFTER_MS = 100;
const MOST_RETRY_AFTER_MS = 5_000;

export interface RetryRules {
  readonly reportsFailures: boolean;
  readonly bisects: boolean;
  /** Infinity for ever, as Lambda does by default. */
  readonly mostRetries: number;
  /** Milliseconds; Infinity for any age. */
  readonly mostAgeMs: number;
}

export interface BatchOwner {
  /** Everything up to and with this record is settled, and never delivered again. */
  settled(record: StreamRecord): Promise<void>;
  /** These are given up. */
  discarded(what: Discarded): Promise<void>;
}

export interface BatchSurroundings {
  readonly pool: Pick<FunctionPool, 'invoke'>;
  readonly rules: RetryRules;
  readonly owner: BatchOwner;
  readonly signal: AbortSignal;
}

/** Some records of a batch that are delivered together, and how often their first one has failed. */
interface Part {
  readonly records: readonly StreamRecord[];
  readonly failures: number;
}

/**
 * Delivers a batch until each record of it has succeeded or is given up, in order: what fails holds up what follows.
 * Gives up without settling the rest when `signal` aborts.
 */
export async function runBatch(
  batch: readonly StreamRecord[],
  { pool, rules, owner, signal }: BatchSurroundings,
): Promise<void> {
  const parts: Part[] = [{ records: batch, failures: 0 }];
  for (let part = parts.shift(); part !== undefined && !signal.aborted; part = parts.shift()) {
    const { records, failures } = await dropTooOld(part, rules, owner);
    const last = records.at(-1);
    if (last === undefined) continue;
    const outcome = await pool.invoke({ Records: records });
    if (outcome.kind === 'throttled') {
      parts.unshift({ records, failures });
      await pause(0, signal);
      continue;
    }
    const sequenceNumbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    const failed = firstFailed(outcome, sequenceNumbers, rules.reportsFailures);
    const succeeded = failed === undefined ? last : records[failed - 1];
    if (succeeded !== undefined) await owner.settled(succeeded);
    if (failed === undefined) continue;
    if (failed > 0) {
      parts.unshift({ records: records.slice(failed), failures: 1 });
    } else if (rules.bisects && records.length > 1) {
      // A split is no retry (Lambda Developer Guide, "BisectBatchOnFunctionError"); it ends at the record to blame.
      const half = Math.ceil(records.length / 2);
      parts.unshift({ records: records.slice(0, half), failures }, { records: records.slice(half), failures: 0 });
    } else if (failures >= rules.mostRetries) {
      await owner.discarded({ condition: 'RetryAttemptsExhausted', records, invocations: failures + 1, outcome });
      await owner.settled(last);
    } else {
      parts.unshift({ records, failures: failures + 1 });
      await pause(failures, signal);
    }
  }
}

async function dropTooOld({ records, failures }: Part, { mostAgeMs }: RetryRules, owner: BatchOwner): Promise<Part> {
  const oldestMs = Date.now() - mostAgeMs;
  const isYoung = ({ dynamodb }: StreamRecord) => dynamodb.ApproximateCreationDateTime * 1_000 >= oldestMs;
  const firstYoung = records.findIndex(isYoung);
  const old = firstYoung < 0 ? records : records.slice(0, firstYoung);
  const last = old.at(-1);
  if (last === undefined) return { records, failures };
  await owner.discarded({ condition: 'RecordAgeExceeded', records: old, invocations: failures, outcome: undefined });
  await owner.settled(last);
  return { records: records.slice(old.length), failures: 0 };
}

async function pause(failures: number, signal: AbortSignal): Promise<void> {
  const afterMs = Math.min(MOST_RETRY_AFTER_MS, FIRST_RETRY_AFTER_MS * 2 ** failures);
  await sleep(afterMs, undefined, { signal }).catch(() => undefined);
}
