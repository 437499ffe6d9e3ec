import type { StackInfo } from '../../localstack/embedded/data/stack-file.ts';
import type { FunctionStats } from '../../localstack/embedded/functions/pool.ts';

export interface Invocation {
  readonly kind: 'result' | 'error' | 'crash' | 'timeout' | 'unfit' | 'throttled';
  readonly payload?: unknown;
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
}

export interface StackStats {
  readonly functions: Record<string, FunctionStats>;
  readonly engines: Record<string, number>;
}

/** A stack that serves, embedded or deployed: what the acceptance tests are written against. */
export interface RunningStack {
  readonly url: string;
  /** What runs, as it says now. */
  info(): StackInfo;
  /** Runs a function now, with this event, and gives how it ended. A function goes by its short name (`Ingest`). */
  invoke(functionName: string, event: unknown): Promise<Invocation>;
  /** All that the function has logged. */
  log(functionName: string): Promise<string>;
  /** The name of a table, or URL of a queue, by the short form of its logical id. */
  table(label: string): string;
  queueUrl(label: string): string;
  queueArn(label: string): string;
  bucket(label: string): string;
  /** Where an engine listens. */
  engineEndpoint(role: 'dynamodb' | 'sqs' | 's3'): string;
  /** Whether schedules have their first run at the start, and not when their time has passed once. */
  readonly runsSchedulesAtStart: boolean;
  stop(): Promise<unknown>;

  // What only the embedded stack can do; a deployed one says so (test/deployed/embedded-only.ts).

  /** The data folder. */
  readonly data: string;
  /** Makes the first process of the function that reaches this crash point die there, once. */
  crash(functionName: string, point: string): Promise<void>;
  /** The crash points at which no process has died yet. */
  armed(): Promise<{ function: string; point: string }[]>;
  /** Who has died at which crash point since the stack started. */
  crashDeaths(): Promise<{ function: string; point: string; processId: number }[]>;
  disarm(): Promise<void>;
  stats(): Promise<StackStats>;
  /** Kills every process of the stack at once. */
  kill(): Promise<void>;
}
