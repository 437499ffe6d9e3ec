import type { RunningStack } from './running-stack.ts';
import { waitFor } from './wait-for.ts';

/** Ends the processes of a function: what they have cached ends with them, instead of in a minute. */
export async function forget(stack: RunningStack, label: string): Promise<void> {
  const processes = () => stack.info().functions.find((one) => one.label === label)?.processIds ?? [];
  const before = processes();
  for (const processId of before) process.kill(processId, 'SIGKILL');
  await waitFor(`${label} to have other processes`, () => processes().every((now) => !before.includes(now)));
}
