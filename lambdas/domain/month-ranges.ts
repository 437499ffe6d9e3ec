import { nextPeriod, type Period } from './period.ts';

/** Consecutive months, both ends included. */
export interface MonthRange {
  readonly from: Period;
  readonly to: Period;
}

/** What lies between ranges, ends excluded; an undefined end is open. */
export interface MonthGap {
  readonly after: Period | undefined;
  readonly before: Period | undefined;
}

export function hasMonth(ranges: readonly MonthRange[], month: Period): boolean {
  return ranges.some(({ from, to }) => from <= month && month <= to);
}

/** The ranges with one month more: in order, and merged where they touch. Throws a RangeError if they have it already. */
export function withMonth(ranges: readonly MonthRange[], month: Period): MonthRange[] {
  if (hasMonth(ranges, month)) throw new RangeError(`${month} is in the ranges.`);
  const inOrder = [...ranges, { from: month, to: month }].sort((left, right) => (left.from < right.from ? -1 : 1));
  const merged: MonthRange[] = [];
  for (const range of inOrder) {
    const last = merged.at(-1);
    if (last !== undefined && nextPeriod(last.to) === range.from) merged[merged.length - 1] = { ...last, to: range.to };
    else merged.push(range);
  }
  return merged;
}

/** All the months that no range has: before the first, between them, and after the last. */
export function gapsOf(ranges: readonly MonthRange[]): MonthGap[] {
  return [...ranges, undefined].map((range, index) => ({ after: ranges[index - 1]?.to, before: range?.from }));
}
