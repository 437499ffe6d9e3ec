import { expect } from 'vitest';
import { isBalanced, receivableOf } from '../../lambdas/domain/journal.ts';
import { nextPeriod } from '../../lambdas/domain/period.ts';
import { type PriceBook, rate } from '../../lambdas/domain/price-book.ts';
import { type Refusal, refusalReasons } from '../../lambdas/domain/refusal.ts';
import { bookingPeriod, payloadHash, type UsageEvent } from '../../lambdas/domain/usage-event.ts';
import { MAX_RECEIVES, type TestMessage } from './deliveries.ts';
import { must } from './events.ts';
import type { FakeLedger } from './fake-ledger.ts';
import { verifyLane } from './verify-lane.ts';

/** What a ledger must be like at any time, whatever befell the consumer. */
export async function auditLedger(ledger: FakeLedger, books: readonly PriceBook[], delivered: readonly UsageEvent[]) {
  const byHash = new Map(delivered.map((event) => [payloadHash(event) as string, event]));
  const posted = new Set<string>();
  for (const page of ledger.allPages()) {
    for (const [index, entry] of page.entries.entries()) {
      const id = `${page.tenant}#${entry.eventId}`;
      expect(posted.has(id), `${id} is posted once`).toBe(false);
      posted.add(id);
      expect(isBalanced(entry), `${id} nets to zero`).toBe(true);
      const marker = must(ledger.markers.get(id), `the marker of ${id}`);
      const { tenant, period, lane, seq } = page;
      expect(marker).toMatchObject({ tenant, period, lane, seq, index });
      const event = byHash.get(marker.payloadHash);
      if (event === undefined) continue;
      const book = must(books.find(({ version }) => version === event.priceVersion));
      expect(entry).toMatchObject({ eventId: event.eventId, metric: event.metric, quantity: event.quantity });
      expect(receivableOf(entry), `${id} at its price`).toBe(rate(book, event.metric, event.quantity));
      for (let month = bookingPeriod(event); month !== period; month = nextPeriod(month)) {
        expect(month < period, `${id} is in no month before its own`).toBe(true);
        expect((await ledger.head({ tenant, lane, period: month })).closedAt, `${month} was closed`).toBeDefined();
      }
    }
  }
  expect(ledger.markers.size, 'every marker has an entry').toBe(posted.size);
  for (const head of ledger.allHeads()) expect(verifyLane(ledger.pagesOf(head), head)).toEqual([]);
}

/** That each refusal has a reason that is true. */
export function auditRefusals(ledger: FakeLedger, books: readonly PriceBook[], messages: readonly TestMessage[]) {
  const byHash = new Map(
    messages.flatMap(({ events }) => events).map((event) => [payloadHash(event) as string, event]),
  );
  for (const [id, refusal] of ledger.refusals) {
    const event = must(byHash.get(refusal.payloadHash), `the delivered event refused as ${id}`);
    expect(refusal).toMatchObject({ tenant: event.tenant, eventId: event.eventId });
    expect(isTrue(refusal, event, ledger, books, messages), `${id}: ${refusal.reason}`).toBe(true);
  }
}

function isTrue(
  refusal: Refusal,
  event: UsageEvent,
  ledger: FakeLedger,
  books: readonly PriceBook[],
  messages: readonly TestMessage[],
): boolean {
  const marker = ledger.markers.get(`${event.tenant}#${event.eventId}`);
  switch (refusal.reason) {
    case refusalReasons.conflict:
      return refusal.final && marker !== undefined && marker.payloadHash !== refusal.payloadHash;
    case refusalReasons.unpriced:
      return (
        refusal.final && !books.some((book) => book.version === event.priceVersion && book.unitPrices.has(event.metric))
      );
    case refusalReasons.undelivered:
      return (
        !refusal.final &&
        messages.some(
          ({ events, receiveCount }) =>
            receiveCount >= MAX_RECEIVES && events.some((other) => payloadHash(other) === refusal.payloadHash),
        )
      );
    default:
      return false;
  }
}

/** Whether the event is done for good: posted with this payload, or refused finally (one refusal holds an id). */
export function isSettled(ledger: FakeLedger, event: UsageEvent): boolean {
  const id = `${event.tenant}#${event.eventId}`;
  return ledger.markers.get(id)?.payloadHash === payloadHash(event) || ledger.refusals.get(id)?.final === true;
}

/** That what was not returned is settled, and that what was returned is the rest of its group, in order. */
export function auditAnswer(ledger: FakeLedger, messages: readonly TestMessage[], returned: readonly string[]) {
  expect(new Set(returned).size).toBe(returned.length);
  for (const group of new Set(messages.map((message) => message.group))) {
    const own = messages.filter((message) => message.group === group);
    const answered = returned.filter((id) => own.some((message) => message.id === id));
    const first = own.findIndex(({ id }) => id === answered[0]);
    const expected = first < 0 ? [] : own.slice(first).map(({ id }) => id);
    expect(answered, `what group ${group} returns`).toEqual(expected);
    for (const { id, events } of first < 0 ? own : own.slice(0, first)) {
      if (events.length === 0) expect(ledger.unreadable.has(id), `${id} is kept`).toBe(true);
      for (const event of events) expect(isSettled(ledger, event), `${event.eventId} of ${id} is settled`).toBe(true);
    }
  }
}
