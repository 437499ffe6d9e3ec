import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../embedded/engines/free-port.ts';
import { poll } from '../embedded/polling.ts';
import { PythonTool } from '../python-tool.ts';
import { emulatorEndpoint, REGION } from './endpoint.ts';

/** Something that answers as AWS does, on this machine or elsewhere. */
export interface Emulator {
  readonly name: string;
  readonly endpoint: string;
  stop(): Promise<void>;
}

const ministack = new PythonTool(fileURLToPath(new URL('requirements.txt', import.meta.url)));

/** Whether an endpoint is MiniStack's, of whatever version, for what it cannot do is not every emulator's. */
export async function isMiniStack(endpoint: string): Promise<boolean> {
  const answer = await fetch(`${emulatorEndpoint(endpoint)}/_ministack/health`);
  return answer.ok;
}

/** It is up in about a second; an image that has just been started takes longer. */
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/** The emulator at `endpoint`, which somebody else runs; a MiniStack of our own where there is none. */
export async function openEmulator(endpoint: string | undefined, folder: string): Promise<Emulator> {
  if (!endpoint) return startMiniStack(folder);
  const emulator = { name: 'the emulator', endpoint: emulatorEndpoint(endpoint), stop: async () => undefined };
  await untilReady(emulator);
  return emulator;
}

/** Starts MiniStack on a free port of this machine alone; all it writes, its log included, goes into `folder`. */
async function startMiniStack(folder: string): Promise<Emulator> {
  const command = await ministack.command();
  const port = await freePort();
  const temporary = join(folder, 'ministack');
  mkdirSync(temporary, { recursive: true });
  const log = openSync(join(folder, 'ministack.log'), 'a');
  const child = spawn(command, [], {
    // An address and no name: with it the SDKs ask for buckets by path, and no name of a bucket has to resolve.
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      TMPDIR: temporary,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_REGION: REGION,
    },
    stdio: ['ignore', log, log],
  });
  const closed = once(child, 'close');
  const stop = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await closed;
    clearTimeout(late);
  };
  const emulator = { name: `MiniStack ${ministack.version}`, endpoint: `http://127.0.0.1:${port}`, stop };
  try {
    await untilReady(emulator, () => child.exitCode !== null);
  } catch (error) {
    await stop();
    throw error;
  }
  return emulator;
}

/** Waits until its health page answers, which LocalStack and those compatible with it have at the same path. */
async function untilReady({ name, endpoint }: Emulator, hasEnded = () => false): Promise<void> {
  const isReady = await poll(READY_TIMEOUT_MS, async () => {
    if (hasEnded()) return false;
    const answer = await fetch(`${endpoint}/_localstack/health`).catch(() => undefined);
    return answer?.ok ? true : undefined;
  });
  if (!isReady) throw new Error(`${name} does not answer at ${endpoint}: start it, and see its log.`);
}
