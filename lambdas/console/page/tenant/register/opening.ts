import type { Balance, Statement } from '../../../../../client/types/api.ts';
import { type CallRequest, call } from '../../api/call.ts';
import { lastMonth, monthAfter } from './months.ts';

/** Later months that are read to know what a month began with: two years. Of older ones the register counts from zero. */
const MONTHS_MAX = 24;

/** Postings may come between the reads, seldom so often. */
const TRIES = 3;

/**
 * What was owed when a month began, as its register's first line: the balance less what this month and all later ones
 * moved. The API tells balances of today alone, since an earlier one can still move while a month before it is open.
 * Undefined when it could not be read without something moving meanwhile.
 */
export async function openingMinor(period: string, nowMs: number, signal: AbortSignal): Promise<bigint | undefined> {
  const months = monthsFrom(period, lastMonth(nowMs));
  if (months === undefined) return undefined;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const before = await read<Balance>({ method: 'GET', path: '/balance', signal });
    const totals = await Promise.all(
      months.map((month) =>
        read<Statement>({ method: 'GET', path: '/statement', query: { period: month, limit: '1' }, signal }),
      ),
    );
    const after = await read<Balance>({ method: 'GET', path: '/balance', signal });
    if (before?.balance_minor === undefined || after === undefined) return undefined;
    let moved = 0n;
    for (const one of totals) {
      if (one === undefined) return undefined;
      moved += BigInt(one.total_minor);
    }
    if (before.balance_minor === after.balance_minor) return BigInt(after.balance_minor) - moved;
  }
  return undefined;
}

/** From one month to another, both included; undefined when they are too many. */
function monthsFrom(first: string, last: string): string[] | undefined {
  const months: string[] = [];
  for (let month = first; month <= last; month = monthAfter(month, 1)) {
    if (months.length === MONTHS_MAX) return undefined;
    months.push(month);
  }
  return months;
}

/** These would bury the calls that somebody made. */
async function read<Answer>(request: CallRequest): Promise<Answer | undefined> {
  const { json, problem } = await call({ ...request, isRepeat: true });
  return problem === undefined ? (json as Answer) : undefined;
}
