import { writeFileSync } from 'node:fs';
import { writeReport } from '../proof/report.ts';
import { type Arguments, readArguments, USAGE, UsageError } from './arguments.ts';
import type { Violation } from './checks/violation.ts';
import { addUp, type Figures } from './figures.ts';
import { attempt, commandOf, describeMinimal, minimalRun } from './minimal.ts';
import { type Job, type JobResult, runAll } from './pool.ts';

const MS_PER_SECOND = 1_000;

/** Seeds between two words about how far it is. */
const PROGRESS_EVERY = 50;

/** Failing seeds that are made small: the others are most likely the same. */
const SHRUNK_MAX = 1;

/** One fault breaks hundreds of promises: of each seed so many are shown. */
const SHOWN_MAX = 10;

const USAGE_EXIT = 2;

try {
  const given = readArguments(process.argv.slice(2), Date.now());
  if (given === undefined) console.log(USAGE);
  else process.exitCode = (await simulate(given)) === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = USAGE_EXIT;
}

/** Runs what is asked for, says what came of it, and gives the number of violations. */
async function simulate(given: Arguments): Promise<number> {
  const summary = given.seeds.from === given.seeds.to ? await oneSeed(given) : await manySeeds(given);
  for (const [label, figure] of Object.entries(summary.figures)) console.log(`${label}: ${figure}`);
  console.log(`violations: ${summary.violations.length}`);
  const { command, figures, violations } = summary;
  writeReport(given.report, { name: 'simulate', command, figures, violations: [...violations] });
  return violations.length;
}

interface Summary {
  readonly command: string;
  readonly figures: Figures;
  readonly violations: readonly string[];
}

async function oneSeed({ seeds, events, only, without, trace }: Arguments): Promise<Summary> {
  const options = { seed: String(seeds.from), events, only, without };
  const result = await attempt({ ...options, keepsTrace: trace !== undefined });
  if (trace !== undefined) writeFileSync(trace, `${result.trace.join('\n')}\n`);
  const violations = told(result.violations, seeds.from);
  // Who names the operations has made it small already.
  if (violations.length > 0 && only === undefined) console.log(describeMinimal(await minimalRun(options, result)));
  console.log(`trace: ${result.traceHash}`);
  return { command: commandOf(options), figures: result.figures, violations };
}

async function manySeeds({ seeds, seconds, events, without, workers }: Arguments): Promise<Summary> {
  const endMs = seconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + seconds * MS_PER_SECOND;
  let [seed, ended] = [seeds.from, 0];
  if (seconds !== undefined) console.log(`fresh seeds from ${seed} on, for ${seconds} s`);
  const next = (): Job | undefined => {
    if (seed > seeds.to || Date.now() >= endMs) return undefined;
    return { seed: seed++, events, without: [...without] };
  };
  let figures: Figures = {};
  const violations: string[] = [];
  const failed: { job: Job; result: JobResult }[] = [];
  await runAll(next, workers, (job, result) => {
    figures = addUp(figures, result.figures);
    violations.push(...told(result.violations, job.seed));
    if (result.violations.length > 0) failed.push({ job, result });
    ended += 1;
    if (ended % PROGRESS_EVERY === 0) console.log(`${ended} seeds, ${figures['events']} events`);
  });
  for (const { job, result } of failed.slice(0, SHRUNK_MAX)) {
    const options = { seed: String(job.seed), events, without };
    console.log(describeMinimal(await minimalRun(options, { ...result, trace: [] })));
  }
  const kinds = without.size > 0 ? ` --without ${[...without].join(',')}` : '';
  const command = `npm run simulate -- --seeds ${seeds.from}..${seed - 1} --events ${events}${kinds} --workers ${workers}`;
  return { command, figures, violations };
}

/** Every violation of a seed as a line, the first of them shown. */
function told(violations: readonly Violation[], seed: number): string[] {
  const lines = violations.map(({ invariant, text }) => `${invariant} ${text} (seed ${seed})`);
  for (const line of lines.slice(0, SHOWN_MAX)) console.log(`violation: ${line}`);
  if (lines.length > SHOWN_MAX) console.log(`... and ${lines.length - SHOWN_MAX} more of seed ${seed}`);
  return lines;
}
