import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  CreateBucketCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { temporaryFolder } from '../support/stack.ts';

const SERVER = fileURLToPath(new URL('../../localstack/embedded/bucket/server.ts', import.meta.url));

const READY = /^bucket engine listening (http:\S+)$/;

export interface BucketEngineProcess {
  readonly url: string;
  readonly process: ChildProcess;
}

/** Starts the real engine on a free port and waits until it says it listens. */
export async function startBucketEngine(folder: string): Promise<BucketEngineProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', SERVER, '--folder', folder, '--with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const url = READY.exec(line)?.[1];
  if (url === undefined) throw new Error(`unexpected first line of the bucket engine: ${line}`);
  return { url, process: child };
}

/** Starts an engine that refuses to start, and gives how it ended. */
export function runBucketEngine(folder: string) {
  return spawnSync(process.execPath, ['--import', 'tsx', SERVER, '--folder', folder], { encoding: 'utf8' });
}

export async function killEngine({ process }: BucketEngineProcess): Promise<void> {
  const exited = once(process, 'exit');
  process.kill('SIGKILL');
  await exited;
}

/** One attempt a call, so that nothing the engine does wrong is retried away. */
export function s3Client(endpoint: string, config: S3ClientConfig = {}): S3Client {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new S3Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1, forcePathStyle: true, ...config });
}

/** Starts one engine for the tests of a file, and ends it after them. */
export function useBucketEngine() {
  let engine: BucketEngineProcess;
  let s3: S3Client;
  beforeAll(async () => {
    engine = await startBucketEngine(temporaryFolder());
    s3 = s3Client(engine.url);
  });
  afterAll(async () => {
    s3.destroy();
    await killEngine(engine);
  });
  return {
    get s3() {
      return s3;
    },
    get url() {
      return engine.url;
    },
    /** A bucket of its own for each test. */
    createBucket: async (ObjectLockEnabledForBucket = false) => {
      const Bucket = `b-${randomUUID()}`;
      await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket }));
      return Bucket;
    },
    put: (Bucket: string, Key: string, Body: string, more: Partial<PutObjectCommandInput> = {}) =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more })),
    read: async (Bucket: string, Key: string, more: Partial<GetObjectCommandInput> = {}) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
      return Body?.transformToString();
    },
  };
}

/** The status and name of the refusal that a call ends in. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'it was allowed';
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${$metadata?.httpStatusCode} ${name}`;
  }
}
