import { parseArgs } from 'node:util';
import type { Mutant } from './mutant.ts';

export const USAGE = `Puts deliberate bugs into a copy of the code, one at a time, and says which check noticed each:
  npm run mutants [-- --only name,name] [--rotate N [--turn T]] [--report FILE]
--only    these mutants alone
--rotate  N of them, in turn: turn T takes the N that follow those of turn T-1. T is today's number unless given, so that
          one day after another they all have their turn
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
  const { only, rotate, turn, report, help } = parsed(args);
  if (help) return undefined;
  if (only !== undefined && rotate !== undefined) throw new UsageError('Give --only or --rotate, not both.');
  if (turn !== undefined && rotate === undefined) throw new UsageError('--turn goes with --rotate.');
  const base = 'npm run mutants';
  if (only !== undefined) {
    const chosen = only.split(',').map((name) => named(name, mutants));
    return { chosen, command: `${base} -- --only ${only}`, report };
  }
  if (rotate === undefined) return { chosen: mutants, command: base, report };
  const count = wholeNumber('--rotate', rotate);
  const number = turn === undefined ? today : wholeNumber('--turn', turn);
  const command = `${base} -- --rotate ${count} --turn ${number}`;
  return { chosen: inTurn(mutants, count, number), command, report };
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
        rotate: { type: 'string' },
        turn: { type: 'string' },
        report: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
