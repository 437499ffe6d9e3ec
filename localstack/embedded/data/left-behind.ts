import { poll } from '../polling.ts';
import { StackError } from '../stack-error.ts';
import { commandLine, isAlive } from './process-identity.ts';
import { readStackFile, type StackInfo } from './stack-file.ts';

/** An engine told to stop closes its database in milliseconds; after this it is killed. */
const STOP_TIMEOUT_MS = 3_000;

/**
 * Stops what outlived a stack that was killed without warning: its database engine, which knows nothing of its parent,
 * and any other process too busy to notice. They are found through `stack.json`, and known as ours by the data folder in
 * their command line, for process ids are used again. Gives the ids of those stopped.
 */
export async function stopLeftBehind(stackFile: string, dataFolder: string): Promise<number[]> {
  const info = readStackFile(stackFile);
  const ours = processIds(info).filter((processId) => commandLine(processId).includes(`${dataFolder}/`));
  await Promise.all(ours.map(stop));
  return ours;
}

function processIds(info: StackInfo | undefined): number[] {
  const { engines = {}, functions = [] } = info ?? {};
  const engineIds = Object.values(engines)
    .map((engine) => engine?.processId)
    .filter((id) => id !== undefined);
  return [...engineIds, ...functions.flatMap((one) => one.processIds)];
}

async function stop(processId: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!signalled(processId, signal) || (await gone(processId))) return;
  }
  throw new StackError(`A process left behind (${processId}) cannot be stopped: stop it and start again.`);
}

/** False when it ended by itself meanwhile. */
function signalled(processId: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(processId, signal);
  } catch {
    return false;
  }
}

async function gone(processId: number): Promise<boolean> {
  return (await poll(STOP_TIMEOUT_MS, () => (isAlive(processId) ? undefined : true))) ?? false;
}
