import { beforeAll, expect } from 'vitest';
import type { Evidence } from './checks/evidence.ts';
import { Violations } from './checks/violation.ts';
import type { Books, Entry, Page } from './model/books.ts';
import type { Sent } from './model/claims.ts';
import { type Aftermath, play } from './play.ts';
import { Random } from './random.ts';
import { checkEvidence } from './run.ts';
import type { SimulatedResponse } from './system.ts';
import type { Performance } from './workload/history.ts';
import type { DeedKind } from './workload/operation.ts';

/** A run with a closed month, a conflict, and something of every kind. */
const SEED = '11';
const EVENTS = 500;

export let truth: Aftermath;

beforeAll(async () => {
  truth = await play(new Random(SEED), { seed: SEED, events: EVENTS }, new Violations());
});

/** What the checks say of what is known, once something of it is not true. */
export function said(lie: Partial<Evidence>, closed = truth.closed): string[] {
  const violations = new Violations();
  checkEvidence({ ...truth, evidence: { ...truth.evidence, ...lie }, closed }, violations);
  return violations.all.map(({ invariant, text }) => `${invariant} ${text}`);
}

export function ofBooks(change: (books: Books) => Partial<Books>): Partial<Evidence> {
  return { books: { ...truth.evidence.books, ...change(truth.evidence.books) } };
}

export function ofFirstPage(change: (page: Page) => Partial<Page>): Partial<Evidence> {
  return ofBooks(({ pages: [first, ...others] }) => ({
    pages: first ? [{ ...first, ...change(first) }, ...others] : [],
  }));
}

export function ofFirstEntry(change: (entry: Entry) => Partial<Entry>): Partial<Evidence> {
  return ofFirstPage(({ entries: [first, ...others] }) => ({
    entries: first ? [{ ...first, ...change(first) }, ...others] : [],
  }));
}

/** One sender was told something else. */
export function toldOtherwise(
  fits: (sent: Sent) => boolean,
  told: Sent['told'],
  more: Partial<Sent> = {},
): Partial<Evidence> {
  const claims = new Map(truth.evidence.claims);
  const [name, sent] = [...claims].find(([, each]) => each.some(fits)) ?? ['', []];
  const chosen = sent.find(fits);
  const lie = chosen && { ...chosen, ...more, told };
  claims.set(name, [...sent, ...(lie ? [lie] : [])]);
  return { claims };
}

/** One answer to a deed of this kind was another. */
export function answered(
  kind: DeedKind,
  change: (response: SimulatedResponse) => Partial<SimulatedResponse>,
): Partial<Evidence> {
  let isDone = false;
  const performances = truth.evidence.performances.map((performance): Performance => {
    const { operation, exchanges } = performance;
    const at = exchanges.findIndex(({ response }) => response !== undefined && response.status < 300);
    if (isDone || operation.deed.kind !== kind || at < 0) return performance;
    isDone = true;
    return {
      operation,
      exchanges: exchanges.map((exchange, index) => {
        const { response } = exchange;
        return index === at && response ? { ...exchange, response: { ...response, ...change(response) } } : exchange;
      }),
    };
  });
  expect(isDone, `the run has an answer to a ${kind}`).toBe(true);
  return { performances };
}

/** The body of a statement with this line, or none, and this total. */
export function statement(line: object | undefined, total: string): string {
  const lines = line === undefined ? [] : [{ posted_at: '2026', amount_minor: total, ...line }];
  return JSON.stringify({ lines, total_minor: total });
}
