import { InvalidArgumentError } from 'commander';
import { type Period, parsePeriod } from '../../lambdas/domain/period.ts';

/** An argument or option: how it is typed, what it means, and what a command gets of it. */
export interface Given<Value> {
  /** `<period>`, `[name]` or `<id...>` for an argument; `--key <KEY>` or `--wait` for an option. */
  readonly flags: string;
  readonly summary: string;
  /** Throws an InvalidArgumentError that says what it must be. Absent: any text, or whether the flag is there. */
  readonly parse?: (text: string) => unknown;
  /** Of an option: whether it may be given again, for one more value. */
  readonly isList?: boolean;
  /** Never there; it carries the type. */
  readonly value?: Value;
}

export type Values<Declared extends Record<string, Given<unknown>>> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Given<infer Value> ? Value : never;
};

/** An argument that must be there. */
export function argument(flags: `<${string}>`, summary: string): Given<string> {
  return { flags, summary };
}

/** An argument that may be there many times: `<id...>` at least once, `[id...]` perhaps never. */
export function argumentList(flags: `<${string}...>` | `[${string}...]`, summary: string): Given<readonly string[]> {
  return { flags, summary };
}

export function flag(flags: `--${string}`, summary: string): Given<boolean> {
  return { flags, summary };
}

export function option(flags: `--${string} <${string}>`, summary: string): Given<string | undefined> {
  return { flags, summary };
}

/** An option of any text that may be given several times. */
export function optionTexts(flags: `--${string} <${string}>`, summary: string): Given<readonly string[] | undefined> {
  return { flags, summary, parse: (text) => text, isList: true };
}

/** An option of a few words that may be given several times. */
export function optionList<const Word extends string>(
  flags: `--${string} <${string}>`,
  words: readonly Word[],
  summary: string,
): Given<readonly Word[] | undefined> {
  return { flags, summary: `${summary}: ${words.join(', ')}`, parse: oneOf(words), isList: true };
}

/** An option of a few words. */
export function choice<const Word extends string>(
  flags: `--${string} <${string}>`,
  words: readonly Word[],
  summary: string,
): Given<Word | undefined> {
  return { flags, summary: `${summary}: ${words.join(', ')}`, parse: oneOf(words) };
}

/** An argument of a few words. */
export function argumentChoice<const Word extends string>(
  flags: `<${string}>`,
  words: readonly Word[],
  summary: string,
): Given<Word> {
  return { flags, summary: `${summary}: ${words.join(', ')}`, parse: oneOf(words) };
}

/** An option that is a whole number. */
export function wholeNumber(
  flags: `--${string} <${string}>`,
  summary: string,
  { min }: { readonly min: number },
): Given<number | undefined> {
  const parse = (text: string) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} on.`);
    }
    return value;
  };
  return { flags, summary, parse };
}

/** An option that is a UTC month. */
export function month(flags: `--${string} <${string}>`, summary: string): Given<Period | undefined> {
  return { flags, summary, parse: parseMonth };
}

/** An argument that is a UTC month. */
export function argumentMonth(flags: `<${string}>`, summary: string): Given<Period> {
  return { flags, summary, parse: parseMonth };
}

function parseMonth(text: string): Period {
  const period = parsePeriod(text);
  if (period === undefined) throw new InvalidArgumentError('It must be a month, like 2026-11.');
  return period;
}

function oneOf<const Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return word;
  };
}
