import { simulated, suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const lanes = suite('consumer/lane', 'consumer/adjustments', 'consumer/unstorable');
const faults = suite('consumer/random-faults');

const POSTER = 'lambdas/consumer/lane-poster.ts';
const GROUP = 'lambdas/consumer/group-run.ts';
const DELIVERY = 'lambdas/consumer/delivery.ts';
const CHARGE = 'lambdas/consumer/charge.ts';

/** From a message to its entries, or to its refusal. */
export const consumerMutants: readonly Mutant[] = [
  {
    name: 'acknowledges-before-the-commit',
    breaks: 'I3: what a crash or a failure leaves unposted does not come again',
    file: POSTER,
    before: 'const outcome = await this.#ports.posting.commit(head, page, hashes);',
    after: `for (const charge of pending) this.#settle(charge, 'posted');
      const outcome = await this.#ports.posting.commit(head, page, hashes);`,
    checks: [lanes, faults],
  },
  {
    name: 'acknowledges-the-message-that-failed',
    breaks: 'I3: the first unsettled message of a group does not come again',
    file: GROUP,
    before: 'deliveries.slice(firstOpen)',
    after: 'deliveries.slice(firstOpen + 1)',
    checks: [lanes, faults],
  },
  {
    name: 'gives-back-only-the-message-that-failed',
    breaks: 'I3: those behind it are acknowledged unposted',
    file: GROUP,
    before: 'deliveries.slice(firstOpen)',
    after: 'deliveries.slice(firstOpen, firstOpen + 1)',
    checks: [lanes, faults],
  },
  {
    name: 'takes-a-message-for-done-with-its-first-event',
    breaks: 'I3: the other events of a message are acknowledged unposted',
    file: GROUP,
    before: 'return events.every(({ payloadHash }) => this.#settled.has(payloadHash));',
    after: 'return events.some(({ payloadHash }) => this.#settled.has(payloadHash));',
    checks: [lanes, faults],
  },
  {
    name: 'leaves-no-reason-at-the-last-delivery',
    breaks: 'I3: an event is gone from its queue, and nobody can say why',
    file: GROUP,
    before: 'receiveCount >= this.#limits.maxReceiveCount',
    after: 'receiveCount > this.#limits.maxReceiveCount',
    checks: [lanes, faults],
  },
  {
    name: 'refuses-for-good-what-only-failed',
    breaks: 'I3: an event that could be posted never is',
    file: GROUP,
    before: 'const failure = { final: false, reason: refusalReasons.undelivered, deliveries: receiveCount };',
    after: 'const failure = { final: true, reason: refusalReasons.undelivered, deliveries: receiveCount };',
    checks: [lanes, faults],
  },
  {
    name: 'skips-the-closed-check',
    breaks: 'I3: late usage of a closed month is never posted',
    file: POSTER,
    before: 'if (head.closedAt === undefined) return head;',
    after: 'return head;',
    checks: [simulated, lanes, faults],
  },
  {
    name: 'skips-the-payloads-comparison',
    breaks: 'I4: another payload under a known id passes as posted',
    file: POSTER,
    before: 'else if (marker.payloadHash === charge.payloadHash)',
    after: 'else if (marker !== undefined)',
    checks: [lanes, faults],
  },
  {
    name: 'takes-an-unseen-marker-for-none',
    breaks: 'I3: an event that comes again blocks its lane when its marker was not sent along',
    file: POSTER,
    before: '(taken.has(index) ? await this.#ports.ledger.marker(tenant, eventId) : undefined)',
    after: 'undefined',
    checks: [lanes, faults],
  },
  {
    name: 'goes-on-past-a-head-that-was-rolled-back',
    breaks: 'I9: a lane whose head was rolled back is not stopped',
    file: POSTER,
    before: 'current.nextSeq <= page.seq',
    after: 'current.nextSeq < page.seq',
    checks: [lanes, faults],
  },
  {
    name: 'drops-the-half-that-could-be-stored',
    breaks: 'I3: one unstorable event takes others along',
    file: POSTER,
    before: '    await this.#postPage(period, charges.slice(middle));\n',
    after: '',
    checks: [lanes, faults],
  },
  {
    name: 'books-into-the-month-of-the-consumers-clock',
    breaks: 'I7: the month depends on how late a message comes',
    file: POSTER,
    before: 'groupBy(charges, (charge) => charge.period)',
    after: 'groupBy(charges, () => nowOf(this.#ports.clock).slice(0, 7) as Period)',
    checks: [simulated, lanes, faults],
  },
  {
    name: 'trusts-a-bodys-kind',
    breaks: 'I8: who may send usage can forge a credit',
    file: DELIVERY,
    before: "events: kind === 'usage' ? usageIn(record.body) : adjustmentsIn(record.body),",
    after: `events: record.body.includes('"adjustments"') ? adjustmentsIn(record.body) : usageIn(record.body),`,
    checks: [lanes, faults],
  },
  {
    name: 'takes-an-unknown-queue-for-usage',
    breaks: 'I8: whatever queue is attached is trusted',
    file: DELIVERY,
    before: "if (eventSourceARN === usageArn) return 'usage';",
    after: "if (eventSourceARN !== adjustmentArn) return 'usage';",
    checks: [lanes, faults],
  },
  {
    name: 'rates-at-the-newest-price',
    breaks: 'I6: a later price re-rates what was accepted before it',
    file: CHARGE,
    before: 'books.find(({ version }) => version === event.priceVersion)',
    after: 'books.at(-1)',
    checks: [simulated, lanes, faults],
  },
  {
    name: 'judges-a-price-by-the-cache-alone',
    breaks: 'I3: usage accepted under a new price is refused for good',
    file: CHARGE,
    before: 'rated(event, await prices.priceBooks()) ?? rated(event, await prices.priceBooksNow())',
    after: 'rated(event, await prices.priceBooks())',
    checks: [lanes, faults],
  },
  {
    name: 'rounds-the-charge',
    breaks: 'I6: money passes through a floating-point number',
    file: 'lambdas/domain/price-book.ts',
    before: 'amountMinor(unitPrice * quantity)',
    after: 'amountMinor(BigInt(Number(unitPrice) * Number(quantity)))',
    checks: [suite('domain/money-and-journal', 'domain/price-book')],
  },
  {
    name: 'takes-an-unseen-head-for-unmoved',
    breaks: 'I3: a lane is blocked when its shut head was not sent along',
    file: POSTER,
    before: 'else if (head === null || pageExists) this.#heads.delete(page.period);',
    after: 'else if (pageExists) this.#heads.delete(page.period);',
    checks: [lanes, faults],
  },
  {
    name: 'takes-a-message-of-two-tenants',
    breaks: 'I5: usage of one tenant is charged to another',
    file: 'lambdas/storage/event-message.ts',
    before: 'return events.every((event) => event.tenant === tenant) ? { tenant, events } : undefined;',
    after: 'return { tenant, events };',
    checks: [suite('storage/usage-message', 'storage/adjustment-message')],
  },
  {
    name: 'prices-by-the-older-of-two',
    breaks: 'I6: a correction of the prices has no effect',
    file: 'lambdas/domain/price-book.ts',
    before: 'left.version - right.version',
    after: 'right.version - left.version',
    checks: [suite('domain/price-book')],
  },
  {
    name: 'prices-by-what-is-yet-to-come',
    breaks: 'I6: a price applies before its time',
    file: 'lambdas/domain/price-book.ts',
    before: '    .filter((book) => !isAfter(book.effectiveAt, at))\n',
    after: '    .filter((book) => book.version > 0)\n',
    checks: [suite('domain/price-book')],
  },
];
