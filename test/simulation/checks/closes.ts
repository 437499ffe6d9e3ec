import { type Books, count, type Item, type Tables, text } from '../model/books.ts';
import { isFinal } from '../workload/history.ts';
import type { Evidence } from './evidence.ts';
import type { Violations } from './violation.ts';

const LANES = 17;

/** What a closed month was at the moment somebody was told that it is closed, by tenant and month. */
export type ClosedMonths = ReadonlyMap<string, string>;

/** I7: one winner, a seal that says what its lanes say, and not a bit that changed since. */
export function checkCloses(evidence: Evidence, closed: ClosedMonths, tables: Tables, violations: Violations): void {
  for (const [name, then] of closed) {
    const [tenant = '', period = ''] = name.split(' ');
    violations.expect(monthAsItLies(tables, tenant, period) === then, 'I7', `${name} changed after it was closed`);
  }
  for (const { tenant, period, item } of evidence.books.closures) {
    const name = `${tenant} ${period}`;
    violations.expect(item['status'] === 'closed', 'I7', `${name} is still ${item['status']}`);
    if (item['status'] === 'closed') checkSeal(name, item, monthBooks(evidence.books, tenant, period), violations);
  }
  checkWinners(evidence, violations);
}

/** Everything there is of a tenant's month, as text. */
export function monthAsItLies(tables: Tables, tenant: string, period: string): string {
  const items = [...tables('Ledger'), ...tables('Balances')].filter((item) => {
    const [pk, sk] = [text(item, 'pk'), text(item, 'sk')];
    if (pk.startsWith(`J#${tenant}#${period}#`)) return true;
    return (pk === `H#${tenant}` && sk.startsWith(`${period}#`)) || (pk === `C#${tenant}` && sk === period);
  });
  return items.map(canonical).sort().join('\n');
}

function canonical(item: Item): string {
  return JSON.stringify(item, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isMap ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))) : value;
  });
}

function monthBooks({ pages, heads }: Books, tenant: string, period: string) {
  const isOfMonth = (each: { tenant: string; period: string }) => each.tenant === tenant && each.period === period;
  return { pages: pages.filter(isOfMonth), heads: heads.filter(isOfMonth) };
}

function checkSeal(
  name: string,
  seal: Item,
  { pages, heads }: ReturnType<typeof monthBooks>,
  violations: Violations,
): void {
  violations.expect(
    heads.length === LANES && heads.every(({ isShut }) => isShut),
    'I7',
    `${name} is sealed and not every gate of it is shut`,
  );
  const entries = pages.flatMap((page) => page.entries);
  violations.expect(count(seal, 'entry_count') === entries.length, 'I7', `${name} is sealed with another count`);
  for (const [account, total] of Object.entries(seal['totals'] as Record<string, bigint>)) {
    const sum = entries
      .flatMap(({ postings }) => postings)
      .filter((posting) => posting.account === account)
      .reduce((amount, posting) => amount + posting.amount_minor, 0n);
    violations.expect(sum === total, 'I7', `${name} is sealed with ${account} ${total} instead of ${sum}`);
  }
}

/** Of all who close a month, one is told that it did; whoever was told no, was told so for another who did. */
function checkWinners({ performances, books }: Evidence, violations: Violations): void {
  const closed = new Set(books.closures.map(({ tenant, period }) => `${tenant} ${period}`));
  const tries = new Map<string, { won: number; lost: number; unheard: number }>();
  for (const { operation, exchanges } of performances) {
    const { deed } = operation;
    if (deed.kind !== 'close') continue;
    const name = `${deed.tenant} ${deed.period}`;
    const sums = tries.get(name) ?? { won: 0, lost: 0, unheard: 0 };
    for (const { response } of exchanges) {
      if (!isFinal(response)) sums.unheard += 1;
      else if (response.status === 200) sums.won += 1;
      else if (response.status === 409) sums.lost += 1;
    }
    tries.set(name, sums);
  }
  for (const [name, { won, lost, unheard }] of tries) {
    violations.expect(won <= 1, 'I7', `${name} was closed by ${won} winners`);
    if (won + lost > 0) violations.expect(closed.has(name), 'I7', `${name} was called closed and is not`);
    if (won === 0) violations.expect(lost === 0 || unheard > 0, 'I7', `${name} was closed by nobody`);
  }
  for (const name of closed) violations.expect(tries.has(name), 'I7', `${name} was closed and nobody asked for it`);
}
