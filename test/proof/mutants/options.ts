import { parseArgs } from 'node:util';
import type { Mutant } from './mutant.ts';

export const USAGE = `Puts deliberate bugs into a copy of the code, one at a time, and says which check noticed each:
  npm run mutants [-- --only name,name] [--count N [--seed S]] [--report FILE]
--only    these mutants alone
--count   N of them, in turn: seed S takes the N that follow those of S-1, so that with a seed for each day, as the date
          is, they all have their turn. Without it the seed is today's number
--report  writes the figures to this file, as JSON`;

/** Arguments that can't be used; the message says which. */
export class UsageError extends Error {}

export interface MutantOptions {
  readonly chosen: readonly Mutant[];
  /** The command that does the same again. */
  readonly command: string;
  readonly report: string | undefined;
}

/** Reads the arguments; undefined when they ask for help. Throws a UsageError that names what it cannot use. */
export function readMutantOptions(
  args: readonly string[],
  mutants: readonly Mutant[],
  today: number,
): MutantOptions | undefined {
  const { only, count, seed, report, help } = parsed(args);
  if (help) return undefined;
  if (only !== undefined && count !== undefined) throw new UsageError('Give --only or --count, not both.');
  if (seed !== undefined && count === undefined) throw new UsageError('--seed goes with --count.');
  const base = 'npm run mutants';
  if (only !== undefined) {
    const chosen = only.split(',').map((name) => named(name, mutants));
    return { chosen, command: `${base} -- --only ${only}`, report };
  }
  if (count === undefined) return { chosen: mutants, command: base, report };
  const [many, turn] = [wholeNumber('--count', count), seed === undefined ? today : wholeNumber('--seed', seed)];
  return { chosen: inTurn(mutants, many, turn), command: `${base} -- --count ${many} --seed ${turn}`, report };
}

/** The mutants whose turn it is: consecutive ones, from the beginning again after the last. */
function inTurn(mutants: readonly Mutant[], count: number, turn: number): Mutant[] {
  const start = (turn * count) % mutants.length;
  return [...mutants, ...mutants].slice(start, start + Math.min(count, mutants.length));
}

function named(name: string, mutants: readonly Mutant[]): Mutant {
  const found = mutants.find((mutant) => mutant.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`There is no mutant ${JSON.stringify(name)}: ${mutants.map((one) => one.name).join(', ')}.`);
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`${option} is ${JSON.stringify(text)}: give a whole number.`);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        count: { type: 'string' },
        seed: { type: 'string' },
        report: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
