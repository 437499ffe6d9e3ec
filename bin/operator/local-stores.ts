import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { anchorClient } from '../../lambdas/storage/anchors.ts';
import { documentClient } from '../../lambdas/storage/dynamo.ts';
import { writeAtomically } from '../../localstack/embedded/data/atomic-file.ts';
import { readStackFile, type StackInfo } from '../../localstack/embedded/data/stack-file.ts';
import { type KeptSecret, keptSecretJson, keptSecretOf, type SecretName } from './kept-secret.ts';
import { OperatorError } from './operator-error.ts';
import type { StageStores } from './stage-stores.ts';

/** The names in the file that stands in for Secrets Manager. */
const fileNames = { jwt: 'jwt', 'webhook-seal': 'webhookSeal' } as const satisfies Record<SecretName, string>;

/** Only its owner may read the file. */
const SECRET_FILE_MODE = 0o600;

/** The embedded stack's, in the data folder that `ZEROSUM_DATA` names. */
export function localStores(environment: Record<string, string | undefined> = process.env): StageStores {
  const folder = resolve(environment['ZEROSUM_DATA'] || '.zerosum');
  const path = join(folder, 'secrets.json');
  return {
    secrets: {
      read: async (name) => keptSecretOf(JSON.stringify(readSecrets(path, folder)[fileNames[name]]), path),
      replace: async (name, next: KeptSecret) => {
        const all = { ...readSecrets(path, folder), [fileNames[name]]: keptSecretJson(next) };
        writeAtomically(path, JSON.stringify(all), SECRET_FILE_MODE);
      },
    },
    config: async () => {
      const stack = runningStack(folder);
      return { table: nameOf('Config', stack.tables, folder), client: documentClient(clientOf(stack, 'dynamodb')) };
    },
    evidence: async () => {
      const stack = runningStack(folder);
      return {
        dynamodb: documentClient(clientOf(stack, 'dynamodb')),
        s3: anchorClient(clientOf(stack, 's3')),
        table: async (id) => nameOf(id, stack.tables, folder),
        bucket: async () => nameOf('Anchors', stack.buckets, folder),
      };
    },
    anchors: () => {
      throw new OperatorError('The embedded stack is thrown away whole: npm start -- --reset.');
    },
  };
}

function runningStack(folder: string): StackInfo {
  const stack = readStackFile(join(folder, 'stack.json'));
  if (stack?.engines.dynamodb === undefined) throw noStack(folder);
  return stack;
}

function clientOf({ engines, region }: StackInfo, engine: 'dynamodb' | 's3') {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { ...{ region, credentials }, endpoint: engines[engine]?.endpoint ?? '' };
}

function nameOf(label: string, among: readonly { readonly label: string; readonly name: string }[], folder: string) {
  const name = among.find((one) => one.label === label)?.name;
  if (name === undefined) throw noStack(folder);
  return name;
}

function readSecrets(path: string, folder: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch {
    throw noStack(folder);
  }
}

function noStack(folder: string): OperatorError {
  return new OperatorError(`No embedded stack has run in ${folder}: start one with npm start, or set ZEROSUM_DATA.`);
}
