import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Violation } from './checks/violation.ts';
import type { Figures } from './figures.ts';
import { attempt } from './minimal.ts';

/** What a worker is asked to run; everything in it can be sent to another process. */
export interface Job {
  readonly seed: number;
  readonly events: number;
  readonly without: readonly string[];
}

export interface JobResult {
  readonly figures: Figures;
  readonly violations: readonly Violation[];
  readonly operations: readonly number[];
  readonly traceHash: string;
}

const WORKER = fileURLToPath(new URL('seed-worker.process.ts', import.meta.url));

export async function runJob({ seed, events, without }: Job): Promise<JobResult> {
  const { trace: _, ...result } = await attempt({ seed: String(seed), events, without: new Set(without) });
  return result;
}

/** Runs jobs until there are none, each whole in one process: this one, or so many others. */
export async function runAll(
  next: () => Job | undefined,
  workers: number,
  done: (job: Job, result: JobResult) => void,
): Promise<void> {
  if (workers > 1) {
    await Promise.all(Array.from({ length: workers }, () => runInWorker(next, done)));
    return;
  }
  for (let job = next(); job !== undefined; job = next()) done(job, await runJob(job));
}

async function runInWorker(next: () => Job | undefined, done: (job: Job, result: JobResult) => void): Promise<void> {
  const worker = fork(WORKER);
  try {
    for (let job = next(); job !== undefined; job = next()) done(job, await ask(worker, job));
  } finally {
    worker.disconnect();
  }
}

function ask(worker: ChildProcess, job: Job): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null) => reject(new Error(`A worker ended with ${code} at seed ${job.seed}.`));
    worker.once('exit', failed);
    worker.once('message', (result) => {
      worker.off('exit', failed);
      resolve(result as JobResult);
    });
    worker.send(job);
  });
}
