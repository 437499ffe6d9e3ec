import { suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const replays = suite('domain/lane-replay');
const journal = suite('reconcile/corrupted-journal');
const records = suite('reconcile/corrupted-records');
const anchors = suite('reconcile/anchors');

const REPLAY = 'lambdas/domain/lane-replay.ts';
const ENTRIES = 'lambdas/reconcile/run/check-entries.ts';

/** What finds a contradiction in the records, and nothing else. */
export const reconcileMutants: readonly Mutant[] = [
  {
    name: 'reports-a-suspect-without-a-second-look',
    breaks: 'I9: what is only being written is reported as a contradiction',
    file: 'lambdas/reconcile/run/confirm.ts',
    before: 'if (first.found.length === 0) return first;',
    after: 'if (first.found.length >= 0) return first;',
    checks: [records, suite('reconcile/runs')],
  },
  {
    name: 'overlooks-a-gap',
    breaks: 'I9: a deleted page is not found',
    file: REPLAY,
    before: 'if (seq === head.nextSeq) return [];',
    after: 'if (seq >= head.nextSeq) return [];',
    checks: [replays, journal],
  },
  {
    name: 'overlooks-a-heads-totals',
    breaks: 'I6: a forged balance is not found',
    file: REPLAY,
    before: "    if (!isBlind && !sameTotals(head.totals, replayed.totals)) wrong.push('totals');\n",
    after: '',
    checks: [replays, journal],
  },
  {
    name: 'overlooks-a-broken-chain',
    breaks: 'I9: a page put in place of another is not found',
    file: REPLAY,
    before: 'if (!isBlind && page.prevHash !== before.chain) {',
    after: 'if (isBlind && page.prevHash !== before.chain) {',
    checks: [replays, journal],
  },
  {
    name: 'overlooks-an-unbalanced-entry',
    breaks: 'I1: an entry that does not net to zero is not found',
    file: REPLAY,
    before: 'if (!isBalanced(entry)) fault(',
    after: 'if (entry.postings.length === 0) fault(',
    checks: [replays, journal],
  },
  {
    name: 'overlooks-a-forged-pair',
    breaks: 'I9: an entry that nothing was accepted for is not found',
    file: ENTRIES,
    before:
      "if (record === undefined) return [discrepancy(one, 'missing_intake', 'nothing was accepted under its id')];",
    after: 'if (record === undefined) return [];',
    checks: [journal, records],
  },
  {
    name: 'overlooks-a-missing-marker',
    breaks: 'I2: that an event can be charged again is not found',
    file: ENTRIES,
    before:
      "if (marker === undefined) return [discrepancy(one, 'missing_marker', 'no marker keeps it from being posted again')];",
    after: 'if (marker === undefined) return [];',
    checks: [records, journal],
  },
  {
    name: 'overlooks-a-second-entry',
    breaks: 'I2: an event charged twice is not found',
    file: ENTRIES,
    before: 'return isDouble\n',
    after: 'return isDouble ? [] : isDouble\n',
    checks: [journal, records],
  },
  {
    name: 'overlooks-a-month-that-was-passed-over',
    breaks: 'I7: an entry booked past an open month is not found',
    file: ENTRIES,
    before: 'if (shut !== undefined && !wasAfter(shut, postedAt)) continue;',
    after: 'if (shut === undefined || !wasAfter(shut, postedAt)) continue;',
    checks: [journal, records],
  },
  {
    name: 'overlooks-another-amount',
    breaks: 'I6: an entry that charges another amount is not found',
    file: 'lambdas/domain/entry-check.ts',
    before: "  compare('amount_mismatch', 'it charges another amount', charge, charged);\n",
    after: '',
    checks: [suite('domain/entry-check'), journal],
  },
  {
    name: 'looks-for-no-orphaned-marker',
    breaks: 'I3: an event that its marker alone calls posted is not found',
    file: 'lambdas/reconcile/run/ledger-phase.ts',
    before: "return markers === pointedAt ? closures : { phase: 'orphans', state: {} };",
    after: "return markers >= pointedAt ? closures : { phase: 'orphans', state: {} };",
    checks: [records, journal],
  },
  {
    name: 'overlooks-a-forged-refusal',
    breaks: 'I3: a charge made to vanish by a refusal is not found',
    file: 'lambdas/reconcile/run/check-refusals.ts',
    before: 'if ((await ratedAgain(record.value, evidence)) !== undefined) faults.push(unfounded(refusal));',
    after: 'if ((await ratedAgain(record.value, evidence)) === undefined) faults.push(unfounded(refusal));',
    checks: [records, journal],
  },
  {
    name: 'overlooks-what-never-settled',
    breaks: 'I3: an event accepted and never charged is not found',
    file: 'lambdas/reconcile/run/intake-phase.ts',
    before: 'if (refusal !== undefined && settles(refusal, payloadHash)) continue;',
    after: 'if (refusal === undefined || settles(refusal, payloadHash)) continue;',
    checks: [records, journal],
  },
  {
    name: 'overlooks-an-altered-intake-record',
    breaks: 'I9: what was accepted can be altered unseen',
    file: 'lambdas/reconcile/run/intake-phase.ts',
    before: 'if (expected === posted) return [];',
    after: 'if (expected.length === posted.length) return [];',
    checks: [records, journal],
  },
  {
    name: 'overlooks-a-page-beyond-the-head',
    breaks: 'I9: a rolled-back head is not found',
    file: 'lambdas/reconcile/run/advance-lane.ts',
    before: 'if (beyond?.seq !== undefined && (await',
    after: 'if (beyond?.seq === 0 && (await',
    checks: [journal, records],
  },
  {
    name: 'overlooks-a-rewritten-past',
    breaks: 'I9: a lane rewritten since it was verified is not found',
    file: 'lambdas/reconcile/run/advance-lane.ts',
    before: 'if (seq !== mark?.seq || page.value.hash === mark.chain) continue;',
    after: 'if (seq !== mark?.seq || page.value.seq === mark.seq) continue;',
    checks: [journal, suite('reconcile/runs-over-news')],
  },
  {
    name: 'overlooks-an-anchored-page-that-is-gone',
    breaks: 'I9: a lane cut back behind its anchor is not found',
    file: 'lambdas/reconcile/anchors/check-anchor.ts',
    before: `      const posted = hashes[index];
      if (posted === expected) continue;
      const what =
        posted === undefined`,
    after: `      const posted = hashes[index];
      if (posted === undefined || posted === expected) continue;
      const what =
        posted === undefined`,
    checks: [anchors],
  },
  {
    name: 'overlooks-an-anchored-seal-that-was-exchanged',
    breaks: 'I7: a closed month sealed anew is not found',
    file: 'lambdas/reconcile/anchors/check-anchor.ts',
    before: "const what = posted === undefined ? 'The anchored seal is gone'",
    after: "if (posted !== undefined) continue;\n      const what = posted === undefined ? 'The anchored seal is gone'",
    checks: [anchors],
  },
  {
    name: 'overlooks-an-anchored-intake',
    breaks: 'I9: an intake record altered with its hash is not found',
    file: 'lambdas/reconcile/anchors/check-anchor.ts',
    before: 'if (now === undefined || (now.count === count && now.digest === digest)) continue;',
    after: 'if (now === undefined || now.count === count) continue;',
    checks: [anchors, suite('reconcile/anchored-intake')],
  },
  {
    name: 'anchors-over-an-anchor',
    breaks: 'I9: what was anchored can be replaced',
    file: 'lambdas/storage/anchors.ts',
    before: "...{ IfNoneMatch: '*', ChecksumAlgorithm: 'SHA256' },",
    after: "...{ ChecksumAlgorithm: 'SHA256' },",
    checks: [suite('storage/anchors')],
  },
  {
    name: 'overlooks-a-reopened-gate',
    breaks: 'I7: a closed month that can change again is not found',
    file: 'lambdas/domain/seal-check.ts',
    before: 'if (head?.closedAt !== closedAt) {',
    after: 'if (head === undefined) {',
    checks: [suite('reconcile/closed-months')],
  },
  {
    name: 'passes-over-a-head-whose-totals-moved',
    breaks: 'I6: a forged balance is not found by a run over what is new',
    file: 'lambdas/reconcile/run/lanes-phase.ts',
    before: 'return isSameSum && mark.lastPostedAt === head.lastPostedAt;',
    after: 'return mark.lastPostedAt === head.lastPostedAt;',
    checks: [suite('reconcile/runs-over-news')],
  },
  {
    name: 'overlooks-a-head-rolled-back-since',
    breaks: 'I9: a lane cut back since it was verified is not found',
    file: 'lambdas/reconcile/run/lanes-phase.ts',
    before: 'current.nextSeq < mark.nextSeq) {',
    after: 'current.nextSeq + 1 < mark.nextSeq) {',
    checks: [suite('reconcile/runs-over-news')],
  },
  {
    name: 'overlooks-a-seal-that-is-gone',
    breaks: 'I7: a closed month taken away is not found',
    file: 'lambdas/domain/seal-check.ts',
    before: "return [...faults, { type: 'missing_seal',",
    after: "if (number > 0) continue;\n      return [...faults, { type: 'missing_seal',",
    checks: [suite('reconcile/closed-months')],
  },
  {
    name: 'overlooks-a-forged-carry',
    breaks: 'I6: a balance carried wrongly is not found',
    file: 'lambdas/domain/seal-check.ts',
    before: 'if (JSON.stringify(textOf(carry)) !== JSON.stringify(textOf(before))) {',
    after: 'if (carry.sealCount !== before.sealCount) {',
    checks: [suite('reconcile/closed-months')],
  },
  {
    name: 'overlooks-an-anchor-that-is-gone',
    breaks: 'I9: an anchor hidden is hidden in earnest',
    file: 'lambdas/reconcile/anchors/check-anchor.ts',
    before: '...(anchor.previous === null ? [] : await checkLink(key, anchor.previous, ports)),',
    after: '',
    checks: [anchors],
  },
  {
    name: 'anchors-a-rewritten-past-again',
    breaks: 'I9: a rewritten lane is anchored as if it were true',
    file: 'lambdas/reconcile/anchors/anchor-recorder.ts',
    before: 'if (fault !== undefined || !hasMoved) return fault;',
    after: 'if (!hasMoved) return fault;',
    checks: [anchors],
  },
  {
    name: 'tallies-without-the-payload',
    breaks: 'I9: an intake record altered with its hash is not found',
    file: 'lambdas/domain/intake-tally.ts',
    before: 'source, tenant, eventId, payloadHash, receivedAt]',
    after: 'source, tenant, eventId, receivedAt]',
    checks: [suite('domain/intake-tally')],
  },
  {
    name: 'allows-no-difference-of-clocks',
    breaks: 'I9: two clocks that differ by seconds are reported as a contradiction',
    file: 'lambdas/reconcile/run/cut.ts',
    before: 'const CLOCKS_DIFFER_MS = 600_000;',
    after: 'const CLOCKS_DIFFER_MS = 0;',
    checks: [records],
  },
];
