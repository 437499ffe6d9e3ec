import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { documentClient } from '../../lambdas/storage/dynamo.ts';
import { writeAtomically } from '../../localstack/embedded/data/atomic-file.ts';
import { readStackFile } from '../../localstack/embedded/data/stack-file.ts';
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
      const { engines, tables = [], region } = readStackFile(join(folder, 'stack.json')) ?? {};
      const table = tables.find(({ label }) => label === 'Config')?.name;
      const endpoint = engines?.dynamodb?.endpoint;
      if (table === undefined || endpoint === undefined || region === undefined) throw noStack(folder);
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      return { table, client: documentClient({ endpoint, region, credentials }) };
    },
    anchors: () => {
      throw new OperatorError('The embedded stack is thrown away whole: npm start -- --reset.');
    },
  };
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
