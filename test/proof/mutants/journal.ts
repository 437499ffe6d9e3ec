import { simulated, suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const lanes = suite('consumer/lane', 'consumer/adjustments');
const domain = suite(
  'domain/money-and-journal',
  'domain/lane-replay',
  'domain/period',
  'domain/seal',
  'domain/refusal',
);

const PAGE = 'lambdas/domain/page.ts';
const JOURNAL = 'lambdas/domain/journal.ts';
const REFUSAL = 'lambdas/domain/refusal.ts';

/** In the rules themselves, which know no table and no queue. */
export const journalMutants: readonly Mutant[] = [
  {
    name: 'reuses-a-sequence-number',
    breaks: 'I9: two pages have one place in their lane',
    file: PAGE,
    before: 'nextSeq: page.seq + 1,',
    after: 'nextSeq: Math.max(2, page.seq),',
    checks: [domain, lanes],
  },
  {
    name: 'lets-posted-at-run-backwards',
    breaks: 'I9: a statement merges its lanes in the wrong order',
    file: PAGE,
    before: 'postedAt: lastPostedAt !== undefined && isAfter(lastPostedAt, now) ? lastPostedAt : now,',
    after: 'postedAt: now,',
    checks: [domain, lanes],
  },
  {
    name: 'hashes-a-page-without-its-time',
    breaks: 'I9: when an entry was posted can be altered unseen',
    file: PAGE,
    before: 'page.seq, page.postedAt, entryHashes, totals]',
    after: 'page.seq, entryHashes, totals]',
    checks: [domain],
  },
  {
    name: 'hashes-an-entry-without-its-quantity',
    breaks: 'I9: a quantity can be altered unseen',
    file: PAGE,
    before: 'entry.metric, entry.quantity?.toString() ?? null],',
    after: 'entry.metric],',
    checks: [domain],
  },
  {
    name: 'chains-a-page-to-nothing',
    breaks: 'I9: a page can be cut out of its chain',
    file: PAGE,
    before: "JSON.stringify(['zerosum/chain/2', prevHash, content])",
    after: "JSON.stringify(['zerosum/chain/2', content])",
    checks: [domain],
  },
  {
    name: 'begins-every-chain-alike',
    breaks: 'I9: a chain can be moved to another tenant',
    file: PAGE,
    before: "JSON.stringify(['zerosum/lane/1', tenant, period, lane])",
    after: "JSON.stringify(['zerosum/lane/1', period, lane])",
    checks: [domain],
  },
  {
    name: 'credits-the-wrong-account',
    breaks: 'I1: usage is booked as an adjustment',
    file: JOURNAL,
    before: "postings: transfer(charge, 'revenue', 'receivable'),",
    after: "postings: transfer(charge, 'adjustments', 'receivable'),",
    checks: [simulated, domain, lanes],
  },
  {
    name: 'posts-one-leg',
    breaks: 'I1: an entry does not net to zero',
    file: JOURNAL,
    before: '    { account: from, amountMinor: negate(amount) },\n',
    after: '',
    checks: [simulated, domain, lanes],
  },
  {
    name: 'books-by-the-events-date-alone',
    breaks: 'I7: late usage books into a month that was reported',
    file: 'lambdas/domain/period.ts',
    before: 'if (happened > accepted) return happened;\n  return accepted;',
    after: 'return happened < accepted ? happened : accepted;',
    checks: [simulated, domain, lanes],
  },
  {
    name: 'rolls-december-to-the-thirteenth-month',
    breaks: 'I7: late usage of December is booked nowhere',
    file: 'lambdas/domain/period.ts',
    before: 'month === 12 ? [year + 1, 1] : [year, month + 1]',
    after: '[year, month + 1]',
    checks: [domain],
  },
  {
    name: 'settles-by-another-payloads-refusal',
    breaks: 'I3: an event is given up because another of its id was refused',
    file: REFUSAL,
    before: 'return refusal.final && refusal.payloadHash === payloadHash;',
    after: 'return refusal.final;',
    checks: [domain, suite('reconcile/sweep')],
  },
  {
    name: 'settles-by-a-provisional-refusal',
    breaks: 'I3: what failed its deliveries is never tried again',
    file: REFUSAL,
    before: 'return refusal.final && refusal.payloadHash === payloadHash;',
    after: 'return refusal.payloadHash === payloadHash;',
    checks: [domain, suite('reconcile/sweep')],
  },
  {
    name: 'lets-a-failure-take-a-final-refusal-back',
    breaks: 'I3: a refusal that was reported vanishes',
    file: REFUSAL,
    before: 'const kept = before.final ? before : {',
    after: 'const kept = {',
    checks: [domain],
  },
  {
    name: 'adjusts-alike-for-another-reason',
    breaks: 'I4: the same key with another reason passes as the same adjustment',
    file: 'lambdas/domain/adjustment-event.ts',
    before: 'eventId, amountMinor.toString(), reason]',
    after: 'eventId, amountMinor.toString()]',
    checks: [simulated, suite('domain/adjustment-event', 'admin/accept-adjustment')],
  },
  {
    name: 'hashes-a-payload-without-its-date',
    breaks: 'I4: the same id with another date passes as the same event',
    file: 'lambdas/domain/usage-event.ts',
    before: 'metric, quantity.toString(), eventDate]',
    after: 'metric, quantity.toString()]',
    checks: [simulated, suite('domain/payload-hash')],
  },
  {
    name: 'names-a-delivery-without-its-key',
    breaks: 'I2: the deliveries of one provider suppress those of another',
    file: 'lambdas/domain/ids.ts',
    before: 'return `wh:${keyId}:${deliveryId}` as EventId;',
    after: 'return `wh:hook:${deliveryId}` as EventId;',
    checks: [suite('domain/ids', 'ingest/usage-request')],
  },
];
