import { signal } from '@preact/signals';
import type { Call } from './call.ts';

/** More would only make the list slow to read. */
const MOST_CALLS = 200;

/** Every call of this tab, the newest first; in memory alone, since each holds the credential it was made with. */
export const callLog = signal<readonly Call[]>([]);

export function record(made: Call): void {
  callLog.value = [made, ...callLog.peek()].slice(0, MOST_CALLS);
}
