import { parseArgs } from 'node:util';
import { faultKinds } from './faults.ts';

export const USAGE = `npm run simulate [-- options]

Runs Zerosum's functions on a virtual clock over simulated AWS, whose every liberty and failure the seed decides, and
checks every promise after each run.

  --seed N          one seed, and the hash of its trace
  --seeds A..B      seeds one after another (default: 1..20)
  --seconds S       fresh seeds until the time is up
  --events N        events of a run (default: 300)
  --workers N       processes that share the seeds (default: 1)
  --only I,J,...    of one seed, only these operations
  --without K,...   without these kinds of fault, or without all
  --trace FILE      of one seed, everything that happened
  --report FILE     figures and violations as JSON
  --help

Kinds of fault: ${faultKinds.join(', ')}`;

/** Leaves out every kind of fault. */
export const ALL_KINDS = 'all';

export interface Arguments {
  readonly seeds: { readonly from: number; readonly to: number };
  /** Fresh seeds until then, instead of the last. */
  readonly seconds: number | undefined;
  readonly events: number;
  readonly workers: number;
  readonly only: ReadonlySet<number> | undefined;
  readonly without: ReadonlySet<string>;
  readonly trace: string | undefined;
  readonly report: string | undefined;
}

/** Why the arguments make no sense; the message is for the person who wrote them. */
export class UsageError extends Error {}

/** @param freshSeed where fresh seeds begin. Undefined when help is asked for. */
export function readArguments(args: readonly string[], freshSeed: number): Arguments | undefined {
  const text = { type: 'string' } as const;
  const options = { seed: text, seeds: text, seconds: text, events: text, workers: text, only: text, without: text };
  const { values } = parse(args, { ...options, trace: text, report: text, help: { type: 'boolean' } });
  if (values.help) return undefined;
  if ([values.seed, values.seeds, values.seconds].filter((value) => value !== undefined).length > 1) {
    throw new UsageError('Give one of --seed, --seeds and --seconds.');
  }
  const seconds = values.seconds === undefined ? undefined : natural(values.seconds, '--seconds');
  const seeds = seedsOf(values, seconds === undefined ? undefined : freshSeed);
  if (seeds.from !== seeds.to && (values.only !== undefined || values.trace !== undefined)) {
    throw new UsageError('--only and --trace go with --seed.');
  }
  const without = new Set(values.without === ALL_KINDS ? faultKinds : values.without?.split(','));
  for (const kind of without) {
    if (!faultKinds.includes(kind)) throw new UsageError(`There is no kind of fault ${kind}.`);
  }
  return {
    ...{ seeds, seconds, without, trace: values.trace, report: values.report },
    events: natural(values.events ?? '300', '--events'),
    workers: natural(values.workers ?? '1', '--workers'),
    only:
      values.only === undefined ? undefined : new Set(values.only.split(',').map((each) => natural(each, '--only'))),
  };
}

function parse<Options extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function seedsOf(values: { readonly seed?: string; readonly seeds?: string }, fresh: number | undefined) {
  if (fresh !== undefined) return { from: fresh, to: Number.MAX_SAFE_INTEGER };
  const [from = '', to = from] = (values.seed ?? values.seeds ?? '1..20').split('..');
  return { from: natural(from, '--seeds'), to: natural(to, '--seeds') };
}

function natural(text: string, option: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${option} takes a whole number, not ${text}.`);
  return Number(text);
}
