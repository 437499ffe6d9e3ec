import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Where `/proc/<pid>/stat` has the start time, counted from the field after the command's closing bracket. */
const START_TIME_FIELD = 19;

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return !isZombie(processId);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process started, in a unit of the system's own: process ids are used again, the pair is not. */
export function startTime(processId: number): string {
  const fields = statFields(processId);
  return fields?.[START_TIME_FIELD] ?? '';
}

/** A process's command line, empty when there is no such process. */
export function commandLine(processId: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${processId}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(processId)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function isZombie(processId: number): boolean {
  return statFields(processId)?.[0] === 'Z';
}

function statFields(processId: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
