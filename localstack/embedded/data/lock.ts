import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { StackError } from '../stack-error.ts';
import { isAlive, startTime } from './process-identity.ts';

const schema = z.object({ processId: z.number().int().positive(), startTime: z.string() });

/** Takes a data folder for this process. Throws a `StackError` when a live stack has it. */
export function lock(path: string): void {
  const mine = JSON.stringify({ processId: process.pid, startTime: startTime(process.pid) });
  try {
    writeFileSync(path, mine, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = readHolder(path);
    if (holder !== undefined) {
      throw new StackError(
        `Another stack (process ${holder}) is running on this data folder: stop it, or choose another folder with ZEROSUM_DATA.`,
      );
    }
    rmSync(path, { force: true });
    writeFileSync(path, mine, { flag: 'wx' });
  }
}

export function unlock(path: string): void {
  rmSync(path, { force: true });
}

/** The live process that holds the lock; undefined when it died without letting go. */
function readHolder(path: string): number | undefined {
  try {
    const holder = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return isAlive(holder.processId) && startTime(holder.processId) === holder.startTime ? holder.processId : undefined;
  } catch {
    return undefined;
  }
}
