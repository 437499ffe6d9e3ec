import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { type Finding, fail, ok, warn } from './finding.ts';
import { listenerOn } from './listener.ts';
import { isLoopback } from './service.ts';
import { type StackTrace, stackTraceOf } from './stack-trace.ts';

/** The first Node that runs it: `engines` in package.json. */
const NODE_MIN = [20, 19] as const;

const MIB = 1_048_576;
/** A few million events and their logs. */
const SPACE_WARN_MIB = 1_024;
const SPACE_FAIL_MIB = 100;

/** Where `npm start` serves unless `PORT` says otherwise. */
const DEFAULT_PORT = 3_000;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  return isEnough ? ok('Node', version) : fail('Node', version, `Install Node ${NODE_MIN.join('.')} or later.`);
}

/** Node asks no proxy unless told to, and a browser on the same machine may. */
export function checkProxy(url: string, env: NodeJS.ProcessEnv): Finding[] {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].filter((name) => env[name] || env[name.toLowerCase()]);
  if (names.length === 0 || isLoopback(url) || env['NODE_USE_ENV_PROXY'] === '1') return [];
  const cure = 'If the service is reached by the proxy alone: Node 24 with NODE_USE_ENV_PROXY=1.';
  return [warn('Proxy', `${names.join(', ')} is set, and is not used`, cure)];
}

/** The data folder's stack, in a checkout of Zerosum; undefined elsewhere. */
export function stackHere(folder: string, env: NodeJS.ProcessEnv): StackTrace | undefined {
  return stackTraceOf(join(dataFolderOf(folder, env), 'stack.json'));
}

/** What `npm start` needs, in a checkout of Zerosum; nothing elsewhere. */
export async function checkStack(folder: string, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  if (!existsSync(join(folder, 'localstack', 'start.ts'))) return [];
  const stack = stackHere(folder, env);
  const port = stack?.isAlive === true ? [] : [await checkPort(Number(env['PORT'] || DEFAULT_PORT))];
  return [checkEngine(folder), checkData(dataFolderOf(folder, env)), ...(stack ? [traceFinding(stack)] : []), ...port];
}

function dataFolderOf(folder: string, env: NodeJS.ProcessEnv): string {
  return resolve(folder, env['ZEROSUM_DATA'] || '.zerosum');
}

function checkEngine(folder: string): Finding {
  const machine = `${process.platform}-${process.arch}`;
  const name = `@dynoxide/${machine}`;
  if (existsSync(join(folder, 'node_modules', name, 'package.json'))) return ok('Engine', `${name} is installed`);
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0)
    return ok('Engine', 'Java, for DynamoDB Local');
  const cure = machine === 'linux-x64' ? 'npm ci installs one.' : 'Install Java 17 or later.';
  return fail('Engine', `there is no database engine for ${machine}`, cure);
}

function checkData(data: string): Finding {
  let place = data;
  while (!existsSync(place)) place = dirname(place);
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch {
    return fail(
      'Data folder',
      `${place} can't be written`,
      'Give ZEROSUM_DATA a folder of your own, or mend its rights.',
    );
  }
  const { bavail, bsize } = statfsSync(place);
  const freeMib = Math.floor((bavail * bsize) / MIB);
  const seen = `${data}${place === data ? '' : ' (not there yet)'}, ${freeMib} MiB free`;
  const cure = 'Make room, or give ZEROSUM_DATA a folder on another disk.';
  if (freeMib < SPACE_FAIL_MIB) return fail('Data folder', seen, cure);
  return freeMib < SPACE_WARN_MIB ? warn('Data folder', seen, cure) : ok('Data folder', seen);
}

function traceFinding({ processId, url, isAlive }: StackTrace): Finding {
  if (isAlive) return ok('Stack', `process ${processId} serves ${url ?? 'nothing yet: it is starting'}`);
  return warn(
    'Stack',
    `a stack (process ${processId}) has ended without tidying up`,
    'npm start stops what is left of it and goes on with its data.',
  );
}

async function checkPort(port: number): Promise<Finding> {
  if (await isFree(port)) return ok('Port', `${port} is free for npm start`);
  const holder = listenerOn(port) ?? 'another process';
  return warn('Port', `${port} is taken by ${holder}`, `Stop it, or start on another: PORT=${port + 1} npm start.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((fulfil) => {
    const server = createServer()
      .once('error', () => fulfil(false))
      .listen(port, '127.0.0.1', () => server.close(() => fulfil(true)));
  });
}
