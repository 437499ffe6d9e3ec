import { RECONCILE_TIMEOUT_SECONDS, type Stage } from './stage.ts';

/** What a function gets of Lambda; its memory decides its share of a processor too. */
export interface FunctionLimits {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Executions kept for this function alone, of which it may never run more; undefined: what the account has left. */
  readonly reservedConcurrency: number | undefined;
}

/** An HTTP function must answer before API Gateway's 29 s; ours give up, and say so, long before. */
const HTTP_TIMEOUT_SECONDS = 10;

/** A close shuts seventeen gates one by one, each of them contended by postings. */
export const ADMIN_TIMEOUT_SECONDS = 25;

/** A batch of a stream is a few hundred small writes. */
const STREAM_TIMEOUT_SECONDS = 30;

/** Lambda's longest: a rebuild counts a lane from its first page within one invocation (some millions of events). */
const PROJECTOR_TIMEOUT_SECONDS = 900;

/** A third of a processor: their time is spent waiting for DynamoDB. */
const MEMORY_MB = 512;

/** Handing out documents from memory. */
const DOCUMENTS_MEMORY_MB = 256;

export type FunctionName =
  | 'ingest'
  | 'read'
  | 'consumer'
  | 'admin'
  | 'reconcile'
  | 'projector'
  | 'guard'
  | 'docs'
  | 'console';

export function functionLimits(stage: Stage): Readonly<Record<FunctionName, FunctionLimits>> {
  const of = (timeoutSeconds: number, reservedConcurrency?: number, memoryMb = MEMORY_MB): FunctionLimits => ({
    memoryMb,
    timeoutSeconds,
    reservedConcurrency,
  });
  return {
    ingest: of(HTTP_TIMEOUT_SECONDS),
    read: of(HTTP_TIMEOUT_SECONDS),
    consumer: of(stage.consumerTimeoutSeconds, stage.concurrency.consumerReserved),
    admin: of(ADMIN_TIMEOUT_SECONDS),
    reconcile: of(RECONCILE_TIMEOUT_SECONDS),
    projector: of(PROJECTOR_TIMEOUT_SECONDS),
    guard: of(STREAM_TIMEOUT_SECONDS, stage.concurrency.guardReserved),
    docs: of(HTTP_TIMEOUT_SECONDS, undefined, DOCUMENTS_MEMORY_MB),
    console: of(HTTP_TIMEOUT_SECONDS, undefined, DOCUMENTS_MEMORY_MB),
  };
}
