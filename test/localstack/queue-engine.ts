import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../localstack/embedded/queue/server.ts', import.meta.url));

const READY = /^queue engine listening (http:\S+)$/;

export interface QueueEngineProcess {
  readonly url: string;
  readonly process: ChildProcess;
}

/** Starts the real engine on a free port and waits until it says it listens. Its stdin stays open until this process ends. */
export async function startQueueEngine(...flags: string[]): Promise<QueueEngineProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', SERVER, '--port', '0', ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const url = READY.exec(line)?.[1];
  if (url === undefined) throw new Error(`unexpected first line of the queue engine: ${line}`);
  return { url, process: child };
}
