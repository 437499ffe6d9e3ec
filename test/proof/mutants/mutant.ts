import type { Check } from './check.ts';

/** A deliberate bug: one edit that somebody tired might make, and the checks of which one must notice it. */
export interface Mutant {
  /** What it does, in words of the ledger. */
  readonly name: string;
  /** The invariant it breaks and how, `I2: an event is charged again`. */
  readonly breaks: `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}: ${string}`;
  readonly file: string;
  /** Text that stands exactly once in the file, whole lines as far as they matter. */
  readonly before: string;
  readonly after: string;
  /** In the order in which they are tried, the cheapest first. */
  readonly checks: readonly Check[];
}

/** The file's text with the bug in it. Throws when the text to replace is not there exactly once: the list is out of date. */
export function mutated({ name, file, before, after }: Mutant, text: string): string {
  const [head, tail, ...more] = text.split(before);
  if (head === undefined || tail === undefined || more.length > 0) {
    const found = text.split(before).length - 1;
    throw new Error(`The mutant ${name} finds its text ${found} times in ${file}: write down what stands there now.`);
  }
  return `${head}${after}${tail}`;
}
