import { type Head, laneName, type Page } from '../model/books.ts';
import { type Evidence, postedByName } from './evidence.ts';
import type { Violations } from './violation.ts';

const ACCOUNTS = ['receivable', 'revenue', 'adjustments'] as const;

/** I1, I6 and I9: markers, pages and heads agree; sequences have no gap, and each page continues the one before. */
export function checkLanes({ books }: Evidence, violations: Violations): void {
  const heads = new Map(books.heads.map((head) => [laneName(head), head]));
  const lanes = new Map<string, Page[]>();
  for (const page of books.pages) {
    const pages = lanes.get(laneName(page)) ?? [];
    pages.push(page);
    lanes.set(laneName(page), pages);
  }
  for (const [name, pages] of lanes) checkLane(name, pages, heads.get(name), violations);
  for (const [name, head] of heads) {
    if (!lanes.has(name)) violations.expect(head.nextSeq === 1, 'I6', `${name} has a head and no page`);
  }
  checkMarkers({ books }, violations);
  for (const item of books.strange) violations.add('I9', `nobody writes ${item['pk']} / ${item['sk']}`);
}

function checkLane(name: string, pages: readonly Page[], head: Head | undefined, violations: Violations): void {
  const inOrder = pages.toSorted((left, right) => left.seq - right.seq);
  const totals = new Map<string, bigint>(ACCOUNTS.map((account) => [account, 0n]));
  let entries = 0;
  for (const [index, page] of inOrder.entries()) {
    const before = inOrder[index - 1];
    violations.expect(page.seq === index + 1, 'I9', `${name} has page ${page.seq} in place of ${index + 1}`);
    if (before !== undefined) {
      violations.expect(page.prevHash === before.hash, 'I9', `${name} page ${page.seq} does not continue its chain`);
      violations.expect(page.postedMs >= before.postedMs, 'I9', `${name} page ${page.seq} runs back in time`);
    }
    for (const { account, amount_minor: amount } of page.entries.flatMap(({ postings }) => postings)) {
      totals.set(account, (totals.get(account) ?? 0n) + amount);
    }
    entries += page.entries.length;
    violations.expect(isSame(page.totals, totals), 'I6', `${name} page ${page.seq} has other totals than its entries`);
  }
  const last = inOrder.at(-1);
  if (head === undefined) {
    violations.add('I6', `${name} has pages and no head`);
    return;
  }
  violations.expect(head.nextSeq === inOrder.length + 1, 'I6', `${name}: the head is not at the last page`);
  violations.expect(head.chain === last?.hash, 'I9', `${name}: the head does not have the last page's hash`);
  violations.expect(isSame(head.totals, totals), 'I6', `${name}: the head has other totals than its pages`);
  violations.expect(head.entryCount === entries, 'I6', `${name}: the head counts ${head.entryCount} of ${entries}`);
}

function checkMarkers({ books }: Pick<Evidence, 'books'>, violations: Violations): void {
  const posted = postedByName(books);
  for (const { tenant, eventId, period, lane, seq, index } of books.markers) {
    const isThere = (posted.get(`${tenant} ${eventId}`) ?? []).some(({ page, index: place }) => {
      return page.period === period && page.lane === lane && page.seq === seq && place === index;
    });
    violations.expect(isThere, 'I9', `the marker of ${tenant} ${eventId} does not say where its entry is`);
  }
  violations.expect(
    books.markers.length === posted.size,
    'I9',
    `${books.markers.length} markers of ${posted.size} events`,
  );
}

function isSame(totals: Readonly<Record<string, bigint>>, sums: ReadonlyMap<string, bigint>): boolean {
  return [...sums].every(([account, sum]) => totals[account] === sum);
}
