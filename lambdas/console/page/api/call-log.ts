import { signal } from '@preact/signals';
import { stored } from '../session/stored.ts';
import type { Call } from './call.ts';
import { keptCall } from './kept-call.ts';

/** More would only make the list slow to read. */
const MOST_CALLS = 200;

/** As many as session storage has room for beside everything else: it has five megabytes. */
const MOST_KEPT = 100;

const kept = stored<readonly Call[]>('calls', []);

/** Every call of this tab, the newest first. Those since the page was loaded hold the credential they were made with. */
export const callLog = signal<readonly Call[]>(kept.peek());

export function record(made: Call): void {
  callLog.value = [made, ...callLog.peek()].slice(0, MOST_CALLS);
  kept.value = [keptCall(made), ...kept.peek()].slice(0, MOST_KEPT);
}

export function clearCalls(): void {
  callLog.value = [];
  kept.value = [];
}

/** The number of the last call there was, also before the page was loaded. */
export function lastCallId(): number {
  return callLog.peek()[0]?.id ?? 0;
}
