import { simulated, suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const storage = suite('storage/dynoxide');
const projector = suite('projector/project-batch', 'projector/random-deliveries');
const guard = suite('guard/guard-batch');

/** What follows the streams: meters and guard. */
export const projectionMutants: readonly Mutant[] = [
  {
    name: 'adds-to-a-meter-whatever-it-holds',
    breaks: 'I6: a page delivered again is metered again',
    file: 'lambdas/storage/meter-writer.ts',
    before: '(generation = :generation AND seq <= :from)`,',
    after: '(generation = :generation AND (seq <= :from OR seq > :from))`,',
    checks: [simulated, storage, projector],
  },
  {
    name: 'moves-the-cursor-whatever-it-was',
    breaks: 'I6: the cursor runs backwards or over pages',
    file: 'lambdas/storage/meter-writer.ts',
    before: '(seq = :seq AND generation = :generation)`,',
    after: '(seq = :seq OR generation = :generation)`,',
    checks: [storage, projector],
  },
  {
    name: 'counts-past-a-gap-in-the-stream',
    breaks: 'I6: a page the stream lost is in no meter',
    file: 'lambdas/projector/project-lane.ts',
    before:
      '    if (page.seq === cursor.seq + pages.length + 1 && pages.length < PAGES_PER_STEP) pages.push(page);\n  }\n  if (pages.length > 0) return { pages, toSeq: cursor.seq + pages.length };',
    after:
      '    if (pages.length < PAGES_PER_STEP) pages.push(page);\n  }\n  if (pages.length > 0) return { pages, toSeq: pages.at(-1)?.seq ?? 0 };',
    checks: [projector],
  },
  {
    name: 'meters-by-the-day-of-posting',
    breaks: 'I6: late usage shows on another day than its own',
    file: 'lambdas/domain/meter.ts',
    before: 'day: dayOf(eventDate) };',
    after: 'day: dayOf(page.postedAt) };',
    checks: [simulated, suite('domain/meter')],
  },
  {
    name: 'guards-edits-and-not-removals',
    breaks: 'I9: a deleted page raises no alarm',
    file: 'lambdas/storage/stream-record.ts',
    before: "if (event !== 'MODIFY' && event !== 'REMOVE') return undefined;",
    after: "if (event !== 'MODIFY') return undefined;",
    checks: [guard],
  },
  {
    name: 'lets-a-refusal-be-removed',
    breaks: 'I9: a deleted refusal raises no alarm',
    file: 'lambdas/storage/guarded-change.ts',
    before: "if (change.event === 'REMOVE' || change.table !== ledgerTable) return false;",
    after:
      'if (change.table !== ledgerTable) return false;\n  if (change.after === undefined) return refusalIn(change.key, change.before) !== undefined;',
    checks: [guard],
  },
  {
    name: 'lets-a-final-refusal-change',
    breaks: 'I9: a forged reason raises no alarm',
    file: 'lambdas/domain/refusal-change.ts',
    before: 'return !before.final || (after.final && after.reason === before.reason);',
    after: 'return !before.final || after.final;',
    checks: [suite('domain/refusal-change'), guard],
  },
  {
    name: 'forgets-a-finding-it-could-not-record',
    breaks: 'I9: an alarm is lost',
    file: 'lambdas/guard/guard-batch.ts',
    before: 'return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };',
    after: 'continue;',
    checks: [guard],
  },
  {
    name: 'counts-a-page-of-a-crash-twice',
    breaks: 'I6: a meter holds a page twice after a crash',
    file: 'lambdas/projector/lane-meters.ts',
    before: 'if (page.seq > seq) tally.count(page);',
    after: 'if (page.seq >= seq) tally.count(page);',
    checks: [projector],
  },
  {
    name: 'lets-refusals-change-in-an-intake',
    breaks: 'I9: an intake record altered into a refusal raises no alarm',
    file: 'lambdas/storage/guarded-change.ts',
    before: "if (change.event === 'REMOVE' || change.table !== ledgerTable) return false;",
    after: "if (change.event === 'REMOVE' || ledgerTable === '') return false;",
    checks: [guard],
  },
  {
    name: 'forks-the-audit-log',
    breaks: 'I9: of two entries at once one is overwritten',
    file: 'lambdas/storage/audit-log.ts',
    before: "      ConditionExpression: 'attribute_not_exists(pk)',\n",
    after: '',
    checks: [storage],
  },
  {
    name: 'chains-no-audit-entries',
    breaks: 'I9: an entry of the audit log can be exchanged unseen',
    file: 'lambdas/domain/audit-chain.ts',
    before: 'prevHash: last?.hash ?? genesisOf(chain),',
    after: 'prevHash: genesisOf(chain),',
    checks: [suite('domain/audit-chain')],
  },
  {
    name: 'hashes-an-audit-entry-without-its-reason',
    breaks: 'I9: why an administrator acted can be altered unseen',
    file: 'lambdas/domain/audit-chain.ts',
    before: 'target, entry.reason, entry.requestId',
    after: 'target, entry.requestId',
    checks: [suite('domain/audit-chain')],
  },
];
