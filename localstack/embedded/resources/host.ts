import type { Authority } from '../authority/authority.ts';
import type { AwsJson } from '../engines/aws-json.ts';
import type { S3Api } from '../engines/s3.ts';
import type { FunctionRegistry } from '../functions/registry.ts';
import type { WorkerSettings } from '../functions/worker-process.ts';
import type { ApiRegistry } from '../gateway/api.ts';
import type { Trigger } from '../triggers/trigger.ts';

export interface TableInfo {
  readonly logicalId: string;
  readonly name: string;
}

export interface StreamInfo {
  readonly arn: string;
  /** Its name in the engine, which has a region and account of its own. */
  readonly engineArn: string;
}

export interface QueueInfo {
  readonly logicalId: string;
  readonly url: string;
  readonly arn: string;
}

export interface BucketInfo {
  readonly logicalId: string;
  readonly name: string;
}

/** Where resources are created: the machine's engines, and what earlier resources have put up. */
export interface Host {
  readonly region: string;
  readonly accountId: string;
  /** Folder or file behind an asset's S3 key. */
  readonly assets: ReadonlyMap<string, string>;
  readonly dynamodb: AwsJson;
  /** The same engine's API for the tables' streams. */
  readonly streams: AwsJson;
  readonly sqs: AwsJson;
  readonly s3: S3Api;
  readonly functions: FunctionRegistry;
  /** Who may do what. */
  readonly authority: Authority;
  readonly apis: ApiRegistry;
  /** Started, in this order, once everything else serves. */
  readonly triggers: Trigger[];
  readonly tables: TableInfo[];
  readonly tableStreams: StreamInfo[];
  readonly queues: QueueInfo[];
  readonly buckets: BucketInfo[];
  /** What this machine adds to a function's declaration. */
  workerSettings(declared: FunctionDeclaration): WorkerSettings;
  /** A function's processes have changed. */
  functionsChanged(): void;
  /** Where a stream's event source mapping keeps how far it has come. */
  checkpointFile(logicalId: string): string;
  /** Has something done again whenever the queue engine had to be restarted, for it forgets its queues. */
  onQueueEngineRestart(again: () => Promise<void>): void;
}

/** A function as its resource declares it, resolved. */
export interface FunctionDeclaration {
  readonly logicalId: string;
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  readonly taskRoot: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string | undefined;
}
