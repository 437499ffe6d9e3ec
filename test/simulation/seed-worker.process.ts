import { type Job, runJob } from './pool.ts';

/** Runs the seeds that its parent asks for, one at a time, until the parent hangs up. */
process.on('message', (job: Job) => {
  void runJob(job).then((result) => process.send?.(result));
});
