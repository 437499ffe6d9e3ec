import { beforeEach, expect, it } from 'vitest';
import type { Discrepancy, DiscrepancyType } from '../../lambdas/domain/discrepancy.ts';
import type { JournalEntry } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import {
  emptyHead,
  headAfter,
  type JournalPage,
  type LaneHead,
  nextPage,
  pageHash,
} from '../../lambdas/domain/page.ts';
import { type PayloadHash, payloadHash } from '../../lambdas/domain/usage-event.ts';
import { markerKey } from '../../lambdas/storage/keys.ts';
import { markerItem } from '../../lambdas/storage/ledger.ts';
import { refusalItem } from '../../lambdas/storage/refusal-item.ts';
import { dynoxide, useDynamodb } from './dynamodb.ts';
import { alpha, beta, eventId, instant, lane, laneKey, must, NOW, period, usageEvent } from './events.ts';
import { RunWorld } from './run-world.ts';

const dynamodb = useDynamodb(dynoxide);

/** The lane that the tests corrupt: three pages of three events. */
export const key = laneKey();
export const PAGES = [
  ['a1', 'a2', 'a3'],
  ['b1', 'b2', 'b3'],
  ['c1', 'c2', 'c3'],
];

export let world: RunWorld;

beforeEach(async () => {
  world = await RunWorld.create(dynamodb);
  await world.charge(key, PAGES);
  await world.charge(laneKey({ lane: lane(7) }), [['d1']]);
  await world.charge(laneKey({ tenant: beta }), [['a1', 'a2']]);
});

export interface Corruption {
  readonly name: string;
  readonly corrupt: () => Promise<unknown>;
  /** What must be among the findings. */
  readonly expected: readonly Expected[];
  /** Other types that may follow from it. */
  readonly follows?: readonly DiscrepancyType[];
}

export type Expected = Pick<Discrepancy, 'type' | 'place'> & Partial<Discrepancy>;

export const place = (seq?: number, index?: number) => ({
  ...{ period: key.period, lane: key.lane },
  ...(seq !== undefined && { seq }),
  ...(index !== undefined && { index }),
});

export function orphan(name: string, seq: number, index: number): Expected {
  return { type: 'orphan_marker', place: place(seq, index), eventId: eventId(`api:${name}`) };
}

export function unsettled(name: string): Expected {
  return { type: 'unsettled', place: {}, eventId: eventId(`api:${name}`) };
}

export function headEdits(edits: readonly (readonly [string, (head: LaneHead) => LaneHead])[]): Corruption[] {
  return edits.map(([name, edit]) => ({
    name: `a head altered in ${name}`,
    corrupt: async () => world.putHead(edit(await world.head(key))),
    expected: [{ type: 'head_mismatch', place: place(3) }],
  }));
}

export function doubled(entry: JournalEntry): JournalEntry {
  return {
    ...entry,
    postings: entry.postings.map((each) => ({ ...each, amountMinor: amountMinor(each.amountMinor * 2n) })),
  };
}

export function usageEntryOf(name: string): JournalEntry {
  return world.entryOf(usageEvent(name));
}

/** The page with one entry changed, its hash as it was. */
export async function edited(
  seq: number,
  index: number,
  edit: (entry: JournalEntry) => JournalEntry,
): Promise<JournalPage> {
  const page = must((await world.pages(key))[seq - 1]);
  return { ...page, entries: page.entries.map((entry, at) => (at === index ? edit(entry) : entry)) };
}

export async function editEntry(
  seq: number,
  index: number,
  edit: (entry: JournalEntry) => JournalEntry,
): Promise<void> {
  await world.putPage(await edited(seq, index, edit));
}

export async function putSeamless(page: JournalPage): Promise<void> {
  await world.putPage({ ...page, hash: pageHash(page) });
}

/** Puts the page and posts every later one again on top of it, head included: not a seam is left in the lane. */
export async function rewriteFrom(changed: JournalPage): Promise<void> {
  let head = emptyHead(key);
  for (const page of await world.pages(key)) {
    const { entries, postedAt } = page.seq === changed.seq ? changed : page;
    const rewritten = nextPage(head, entries, postedAt);
    await world.putPage(rewritten);
    head = headAfter(head, rewritten);
  }
  await world.putHead(head);
}

export async function cutBack(): Promise<void> {
  const [first, second] = await world.pages(key);
  for (const name of ['c1', 'c2', 'c3']) await world.delete('ledger', markerKey(alpha, eventId(`api:${name}`)));
  await world.deletePage(key, 3);
  await world.putHead(headAfter(headAfter(emptyHead(key), must(first)), must(second)));
}

/** Posts an event that was never accepted, with all that belongs to a posting. */
export async function forge(event: ReturnType<typeof usageEvent>): Promise<void> {
  const page = nextPage(await world.head(key), [world.entryOf(event)], instant('2026-03-15T11:00:00Z'));
  await world.putPage(page);
  const marker = { ...key, seq: page.seq, index: 0, payloadHash: payloadHash(event), postedAt: page.postedAt };
  await world.put('ledger', markerItem(marker, event.eventId));
  await world.putHead(headAfter(await world.head(key), page));
}

/** Makes an accepted event look posted. */
export async function forgeMarker(postedAt: string): Promise<void> {
  const [event] = await world.accept(['lost']);
  const marker = { ...key, seq: 2, index: 1, payloadHash: payloadHash(must(event)), postedAt: instant(postedAt) };
  await world.put('ledger', markerItem(marker, must(event).eventId));
}

export async function putRefusal(name: string, hash: string, changes: Record<string, unknown> = {}): Promise<void> {
  const [payloadHash, id] = [hash as PayloadHash, eventId(`api:${name}`)];
  const times = { firstAt: NOW, lastAt: NOW, attempts: 1 };
  const refusal = { tenant: alpha, eventId: id, final: true, reason: 'forged', payloadHash, ...times };
  await world.put('ledger', { ...refusalItem(refusal), ...changes });
}

export async function misplace(month: string): Promise<void> {
  await world.post(laneKey({ period: period(month) }), await world.accept(['lost']));
}

/** A test of each: that a full run names and locates it, and nothing that does not follow from it. */
export function namesAndLocates(corruptions: readonly Corruption[]): void {
  it.each(corruptions)('names and locates $name', async ({ corrupt, expected, follows = [] }) => {
    await corrupt();
    const { run, found } = await world.run();
    expect(run.phase).toBeUndefined();
    for (const one of expected) expect(found).toContainEqual(expect.objectContaining({ tenant: alpha, ...one }));
    const allowed = new Set([...expected.map(({ type }) => type), ...follows]);
    expect(
      found.filter(({ type }) => !allowed.has(type)),
      'and nothing else',
    ).toEqual([]);
    expect(found.every(({ tenant }) => tenant !== beta)).toBe(true);
    expect(world.telemetry.counted('discrepancies')).toBeGreaterThan(0);
    expect(world.telemetry.errors).toHaveLength(found.length);
  });
}
