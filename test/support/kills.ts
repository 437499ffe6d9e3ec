import type { CrashPoint } from '../../lambdas/crash-point.ts';
import { isAlive } from '../../localstack/embedded/data/process-identity.ts';
import { type RunningStack, type StackOptions, startStack } from './stack.ts';
import { waitFor } from './wait-for.ts';

/** A process that was killed and is gone, and one that runs in its place. */
export interface Death {
  readonly killed: number;
  readonly successor: number;
}

export type EngineRole = 'dynamodb' | 'sqs' | 's3';

/** For a point to be reached, or for a successor to come, on a machine that may be loaded. */
const DEATH_TIMEOUT_MS = 120_000;

/** The sweep takes an event for lost after a second: nobody need wait out a minute for each round of kills. */
export const impatientSweep = { functionEnvironment: { Reconcile: { SWEEP_MIN_AGE_MS: '1000' } } };

/** Kills the first process of the function that reaches the point; `prod` makes it run when the load does not. */
export async function dieAt(
  stack: RunningStack,
  name: string,
  point: CrashPoint,
  prod?: () => Promise<unknown>,
): Promise<Death> {
  const before = processesOf(stack, name);
  const earlier = await deathsAt(stack, point);
  await stack.crash(name, point);
  let deaths = earlier;
  await waitFor(
    `a process to die at ${point}`,
    async () => {
      await prod?.();
      deaths = await deathsAt(stack, point);
      return deaths.length > earlier.length;
    },
    DEATH_TIMEOUT_MS,
  );
  return succession(name, deaths.at(-1), before, () => processesOf(stack, name));
}

/** Kills one process of the function, whichever `pick` takes. */
export async function killWorker(
  stack: RunningStack,
  name: string,
  pick: (processIds: readonly number[]) => number | undefined = anyOf,
): Promise<Death> {
  const before = processesOf(stack, name);
  const victim = pick(before);
  kill(name, victim);
  return succession(name, victim, before, () => processesOf(stack, name));
}

/** Kills an engine and waits until another process runs; the queue engine has then forgotten every message. */
export async function killEngine(stack: RunningStack, role: EngineRole): Promise<Death> {
  const engine = () => [stack.info().engines[role]?.processId ?? []].flat();
  const [victim] = engine();
  kill(role, victim);
  return succession(role, victim, [], engine);
}

/** Kills every process of the stack at once, and starts it again with the same data. */
export async function killStack(
  stack: RunningStack,
  options: StackOptions,
): Promise<{ stack: RunningStack; death: Death }> {
  const killed = stack.info().processId;
  await stack.kill();
  const next = await startStack({ ...options, data: stack.data });
  return { stack: next, death: await succession('stack', killed, [], () => [next.info().processId]) };
}

async function deathsAt(stack: RunningStack, point: CrashPoint): Promise<number[]> {
  return (await stack.crashDeaths()).filter((death) => death.point === point).map(({ processId }) => processId);
}

function processesOf(stack: RunningStack, name: string): readonly number[] {
  return stack.info().functions.find(({ label }) => label === name)?.processIds ?? [];
}

function kill(name: string, victim: number | undefined): void {
  if (victim === undefined) throw new Error(`${name} has no process to kill.`);
  process.kill(victim, 'SIGKILL');
}

/**
 * Waits until the victim is gone and another is there that was not there before. The exception is the newest process of a
 * function: killed while it loads, it has a successor only when there is more work than the others do.
 */
async function succession(
  name: string,
  killed: number | undefined,
  before: readonly number[],
  now: () => readonly number[],
): Promise<Death> {
  if (killed === undefined) throw new Error(`No process of ${name} was killed.`);
  let successor: number | undefined;
  await waitFor(
    `process ${killed} of ${name} to be gone and another to run`,
    () => {
      const listed = now();
      const candidates = killed === before.at(-1) ? listed : listed.filter((id) => !before.includes(id));
      successor = candidates.filter(isAlive).at(-1);
      return !listed.includes(killed) && !isAlive(killed) && successor !== undefined;
    },
    DEATH_TIMEOUT_MS,
  );
  return { killed, successor: successor ?? killed };
}

function anyOf(processIds: readonly number[]): number | undefined {
  return processIds[Math.floor(Math.random() * processIds.length)];
}
