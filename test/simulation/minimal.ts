import { ALL_KINDS } from './arguments.ts';
import type { Violation } from './checks/violation.ts';
import { faultKinds } from './faults.ts';
import { type RunOptions, type RunResult, simulateSeed } from './run.ts';
import { shrink } from './shrink.ts';

/** Long traces are for a file. */
const LINES_SHOWN = 200;

/** Each look of the sweep's at the index over time: hundreds a minute that find nothing. */
const OF_A_SWEEP = / Query (?:Usage|Adjustment)Intake done$/;

/** A failing run with as few operations and kinds of fault as still fail, and how to see it again. */
export interface MinimalRun {
  readonly command: string;
  readonly result: RunResult;
}

/** Runs the seed again and again with less and less in it. */
export async function minimalRun(options: RunOptions, failed: RunResult): Promise<MinimalRun> {
  const [first] = failed.violations;
  const fails = async (changes: Partial<RunOptions>) => {
    const { violations } = await attempt({ ...options, ...changes });
    return violations.some(({ invariant }) => invariant === first?.invariant);
  };
  const kept = await shrink(failed.operations, (operations) => fails({ only: new Set(operations) }));
  const only = new Set(kept);
  const given = options.without ?? new Set<string>();
  const kinds = faultKinds.filter((kind) => !given.has(kind));
  const needed = await shrink(kinds, (left) => fails({ only, without: leftOut(left) }));
  const without = leftOut(needed);
  return {
    command: commandOf({ ...options, only, without }),
    result: await attempt({ ...options, only, without, keepsTrace: true }),
  };
}

/** A run; one that breaks off is one that fails. */
export async function attempt(options: RunOptions): Promise<RunResult> {
  try {
    return await simulateSeed(options);
  } catch (error) {
    const text = `the run broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    const violations: Violation[] = [{ invariant: 'contract', text }];
    return { violations, figures: {}, operations: [...(options.only ?? [])], traceHash: '', trace: [] };
  }
}

export function commandOf({ seed, events, only, without }: RunOptions): string {
  const list = (values: ReadonlySet<unknown>) => [...values].join(',');
  return [
    `npm run simulate -- --seed ${seed} --events ${events}`,
    ...(only === undefined ? [] : [`--only ${list(only)}`]),
    ...(without === undefined || without.size === 0 ? [] : [`--without ${withoutText(without)}`]),
  ].join(' ');
}

/** For a person: what happened, and the command that shows it again. */
export function describeMinimal({ command, result }: MinimalRun): string {
  const { trace, violations } = result;
  const telling = trace.filter((line) => !OF_A_SWEEP.test(line));
  return [
    ...telling.slice(0, LINES_SHOWN),
    ...(telling.length > LINES_SHOWN ? ['...'] : []),
    `All ${trace.length} lines: --trace FILE`,
    ...violations.map(({ invariant, text }) => `${invariant} ${text}`),
    `Again: ${command}`,
  ].join('\n');
}

function withoutText(without: ReadonlySet<string>): string {
  return without.size === faultKinds.length ? ALL_KINDS : [...without].join(',');
}

function leftOut(needed: readonly string[]): ReadonlySet<string> {
  return new Set(faultKinds.filter((kind) => !needed.includes(kind)));
}
