import { ceilingOf, type Limit, limitsOf } from './limits.ts';
import { type Form, forms, type Mix, mixes } from './mixes.ts';
import { quotas } from './quotas.ts';
import { busiest, places, type Spread, spreadOf } from './spread.ts';
import { warmUps } from './warm-up.ts';

/** The rates that the document speaks of, in events a second. */
export const RATES = [1_000, 10_000, 100_000] as const;

/** A ceiling is found by halving, so it may lie a hair below. */
const ALMOST = 0.999;

const NAMED_AT_MOST = 5;

const WARM_UP_RATES = [1_000, 5_000, 10_000];

/** A mix that comes in a form, with every limit it can meet and where each ends, the lowest first. */
export interface Case {
  readonly mix: Mix;
  readonly form: Form;
  readonly spread: Spread;
  readonly limits: readonly (Limit & { readonly ceiling: number })[];
}

/** What ends before a rate is reached, the first first. */
export function bindingAt(limits: Case['limits'], rate: number): Case['limits'] {
  return limits.filter(({ ceiling }) => ceiling < rate * ALMOST);
}

export function allCases(): Case[] {
  return mixes.flatMap((mix) =>
    forms.map((form) => {
      const spread = spreadOf(mix, form);
      const limits = limitsOf(mix, form, spread).map((limit) => ({ ...limit, ceiling: ceilingOf(limit) }));
      return { mix, form, spread, limits: limits.sort((one, other) => one.ceiling - other.ceiling) };
    }),
  );
}

/** Every table of docs/scaling.md, by the name under which it stands there. */
export function scalingTables(cases: readonly Case[]): ReadonlyMap<string, string> {
  return new Map([
    ['quotas', quotaTable()],
    ['ceilings', ceilingTable(cases)],
    ['first', firstTable(cases)],
    ['spread', spreadTable(cases)],
    ['warm-up', warmUpTable(cases)],
  ]);
}

function quotaTable(): string {
  const rows = Object.values(quotas).map(({ value, unit, source, isRaisable }) => {
    return [number(value), unit, isRaisable ? 'yes' : 'no', source];
  });
  return table(['default', 'of', 'raised on request', 'AWS says so in'], rows);
}

/** Of each limit the events a second at which it ends, in every case. */
function ceilingTable(cases: readonly Case[]): string {
  const names = (cases[0]?.limits ?? []).map(({ name }) => name);
  const ceiling = (one: Case, name: string) => one.limits.find((limit) => limit.name === name)?.ceiling ?? 0;
  const lowest = (name: string) => Math.min(...cases.map((one) => ceiling(one, name)));
  const sorted = [...names].sort((one, other) => lowest(one) - lowest(other));
  const scope = (name: string) => cases[0]?.limits.find((limit) => limit.name === name)?.scope ?? '';
  const heads = cases.map(({ mix, form }) => `${mix.name}, ${form.name}`);
  return table(
    ['limit', 'of a', ...heads],
    sorted.map((name) => [name, scope(name), ...cases.map((one) => rounded(ceiling(one, name)))]),
  );
}

/** What must be raised before each rate, in the order in which it binds. */
function firstTable(cases: readonly Case[]): string {
  const rows = cases.map(({ mix, form, limits }) => [
    `${mix.name}, ${form.name}`,
    ...RATES.map((rate) => {
      const binding = bindingAt(limits, rate).map(({ name, ceiling }) => `${name} (${rounded(ceiling)})`);
      const more = binding.length - NAMED_AT_MOST;
      if (more > 0) binding.splice(NAMED_AT_MOST, more, `and ${more} more`);
      return binding.length === 0 ? 'nothing' : binding.join('; ');
    }),
  ]);
  return table(['mix', ...RATES.map((rate) => `${number(rate)}/s`)], rows);
}

function spreadTable(cases: readonly Case[]): string {
  const rows = cases.map(({ mix, form, spread }) => [
    `${mix.name}, ${form.name}`,
    ...places.map((place) => `${percent(busiest(spread[place]))} of ${number(spread[place].size)}`),
  ]);
  return table(['mix', ...places], rows);
}

function warmUpTable(cases: readonly Case[]): string {
  const { spread } = cases.find(({ mix, form }) => mix.name === 'many small' && form.name === 'packed') as Case;
  const rows = WARM_UP_RATES.flatMap((rate) =>
    warmUps(rate, spread).map(({ what, throttledMinutes, partitions }) => [
      `${number(rate)}/s`,
      what,
      ...throttledMinutes.map((minutes) => String(minutes)),
      String(partitions),
    ]),
  );
  return table(['events', 'new table', 'minutes throttled in hour 1', 'hour 2', 'hour 24', 'partitions then'], rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** Two figures: a model knows no more. */
function rounded(value: number): string {
  return value > 1_000_000 ? '> 1,000,000' : number(Number(value.toPrecision(2)));
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
