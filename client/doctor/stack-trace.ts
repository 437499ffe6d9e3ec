import { readFileSync } from 'node:fs';
import { isAlive } from '../../localstack/embedded/data/process-identity.ts';

/** What `stack.json` in a data folder says of the stack that wrote it. */
export interface StackTrace {
  readonly processId: number;
  /** Undefined until it serves. */
  readonly url: string | undefined;
  readonly isAlive: boolean;
}

/** Undefined when there is no stack, and none was left behind. */
export function stackTraceOf(stackFile: string): StackTrace | undefined {
  try {
    const { processId, url } = JSON.parse(readFileSync(stackFile, 'utf8')) as { processId?: unknown; url?: unknown };
    if (typeof processId !== 'number') return undefined;
    return { processId, url: typeof url === 'string' ? url : undefined, isAlive: isAlive(processId) };
  } catch {
    return undefined;
  }
}
