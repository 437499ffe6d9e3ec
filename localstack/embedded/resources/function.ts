import { statSync } from 'node:fs';
import { z } from 'zod';
import { FunctionPool } from '../functions/pool.ts';
import { StackError } from '../stack-error.ts';
import { asideFor, kind, physicalName } from './kind.ts';

/** Lambda's defaults for a function that declares neither. */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MB = 128;

/** A Lambda function: a pool of processes that run its real bundle. */
export const lambdaFunction = kind(
  'AWS::Lambda::Function',
  {
    FunctionName: z.string().optional(),
    Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    Handler: z.string().regex(/^[^.]+\.[^.]+$/),
    Runtime: z.string().regex(/^nodejs/),
    Timeout: z.number().optional(),
    MemorySize: z.number().optional(),
    Role: z.string().optional(),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
    ReservedConcurrentExecutions: z.number().int().min(0).optional(),
    Architectures: asideFor('JavaScript runs on any'),
    Description: asideFor('for people'),
    EphemeralStorage: asideFor('/tmp is this machine’s'),
    KmsKeyArn: asideFor('no environment is stored'),
    LoggingConfig: asideFor('functions log to files in the data folder'),
    SnapStart: asideFor('processes are kept warm'),
    Tags: asideFor('nobody asks for them'),
    TracingConfig: asideFor('there is no X-Ray'),
  },
  (properties, place, host) => {
    const name = properties.FunctionName ?? physicalName(place);
    const pool = new FunctionPool({
      logicalId: place.logicalId,
      reservedConcurrency: properties.ReservedConcurrentExecutions,
      changed: () => host.functionsChanged(),
      settings: host.workerSettings({
        logicalId: place.logicalId,
        name,
        handler: properties.Handler,
        runtime: properties.Runtime,
        taskRoot: bundleFolder(host.assets, properties.Code.S3Key, place.logicalId),
        memoryMb: properties.MemorySize ?? DEFAULT_MEMORY_MB,
        timeoutMs: (properties.Timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1_000,
        environment: properties.Environment?.Variables ?? {},
        roleArn: properties.Role,
      }),
    });
    const Arn = `arn:aws:lambda:${host.region}:${host.accountId}:function:${name}`;
    host.functions.add(pool, [name, Arn]);
    return { ref: name, attributes: { Arn } };
  },
);

function bundleFolder(assets: ReadonlyMap<string, string>, s3Key: string, logicalId: string): string {
  const folder = assets.get(s3Key);
  if (folder !== undefined && statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new StackError(`The bundle of ${logicalId} is not in the assembly: synthesise it again.`);
}
