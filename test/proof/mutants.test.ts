import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants/all.ts';
import { mutated } from './mutants/mutant.ts';
import { readMutantOptions } from './mutants/options.ts';

describe('the list of mutants', () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s still is an edit of the code', (_, mutant) => {
    const sound = textOf(mutant.file);
    const broken = mutated(mutant, sound);
    expect(broken).not.toBe(sound);
    // What does not even parse would be caught by anything.
    expect(() => transformSync(broken, { loader: 'ts' })).not.toThrow();
  });

  it('has no name twice', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  it('names checks that there are', () => {
    const files = MUTANTS.flatMap(({ checks }) =>
      checks.flatMap((check) => (check.kind === 'suite' ? check.files : [])),
    );
    expect(files.filter((file) => !existsSync(pathOf(file)))).toEqual([]);
    expect(MUTANTS.filter(({ checks }) => checks.length === 0)).toEqual([]);
  });

  it('breaks every invariant', () => {
    const broken = new Set(MUTANTS.map(({ breaks }) => breaks.slice(0, 2)));
    expect([...broken].sort()).toEqual(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9']);
  });
});

describe('a mutant', () => {
  const [mutant] = MUTANTS;

  it.each(['', 'twice'])('whose text is not there exactly once is refused by name', (text) => {
    if (mutant === undefined) throw new Error('There are no mutants.');
    const file = text === '' ? text : `${mutant.before}\n${mutant.before}`;
    expect(() => mutated(mutant, file)).toThrow(mutant.name);
  });
});

describe('a few of them', () => {
  it('follow those of the seed before, and all have their turn before any has a second', () => {
    const turns = Math.ceil(MUTANTS.length / 3);
    const names = Array.from({ length: turns }, (_, turn) => chosen('--count', '3', '--seed', String(turn))).flat();
    expect(new Set(names).size).toBe(MUTANTS.length);
    expect(new Set(names.slice(0, MUTANTS.length)).size).toBe(MUTANTS.length);
  });

  it('are today’s unless a seed is given', () => {
    expect(chosen('--count', '3')).toEqual(chosen('--count', '3', '--seed', '20000'));
  });

  it.each([['--only', 'no-such-bug'], ['--count', 'some'], ['--seed', '1'], ['--fast']])(
    '%s %s is refused',
    (...args) => {
      expect(() => chosen(...args)).toThrow();
    },
  );
});

function chosen(...args: string[]): string[] | undefined {
  return readMutantOptions(args, MUTANTS, 20_000)?.chosen.map(({ name }) => name);
}

function textOf(file: string): string {
  return readFileSync(pathOf(file), 'utf8');
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}
