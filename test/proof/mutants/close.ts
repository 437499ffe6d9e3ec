import { simulated, suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const seals = suite('domain/seal');
const storage = suite('storage/dynoxide');
const closes = suite('admin/close');
const races = suite('admin/close-and-post');
const books = suite('admin/closed-months');

const RUN = 'lambdas/admin/run-close.ts';
const SEAL = 'lambdas/domain/seal.ts';
const CLOSING = 'lambdas/storage/closing.ts';

/** At a month's end. */
export const closeMutants: readonly Mutant[] = [
  {
    name: 'seals-before-the-gates-are-shut',
    breaks: 'I7: what is posted during a close is in no seal',
    file: RUN,
    before: '  await shutLanes(run, ports, deadlineMs);\n  return sealMonth(run, ports, deadlineMs);',
    after: `  const early = await ports.balances.heads(run.tenant, run.period);
  await shutLanes(run, ports, deadlineMs);
  const heads = async () => {
    const shut = await ports.balances.heads(run.tenant, run.period);
    return shut.map((head) => ({ ...head, ...early.find(({ lane }) => lane === head.lane), closedAt: head.closedAt }));
  };
  return sealMonth(run, { ...ports, balances: { heads } }, deadlineMs);`,
    checks: [races, closes],
  },
  {
    name: 'seals-with-a-lane-open',
    breaks: 'I7: a closed month still changes',
    file: SEAL,
    before: 'if (head?.closedAt === undefined) throw',
    after: 'if (head === undefined) throw',
    checks: [seals],
  },
  {
    name: 'seals-without-the-carry',
    breaks: 'I6: a balance forgets the months before',
    file: SEAL,
    before: 'carried: addTotals(carry.totals, totals),',
    after: 'carried: totals,',
    checks: [seals],
  },
  {
    name: 'seals-without-the-seal-before',
    breaks: 'I9: a closed month can be exchanged unseen',
    file: SEAL,
    before: 'prevHash: carry.lastSeal,',
    after: 'prevHash: emptyCarry(carry.tenant).lastSeal,',
    checks: [seals],
  },
  {
    name: 'hashes-a-seal-without-its-currency',
    breaks: 'I9: the currency of a closed month can be altered unseen',
    file: SEAL,
    before: '...[seal.currency, inOrder(seal.totals),',
    after: '...[inOrder(seal.totals),',
    checks: [seals],
  },
  {
    name: 'forgets-the-lane-of-adjustments',
    breaks: 'I7: a credit is posted into a closed month',
    file: RUN,
    before: 'for (const lane of ALL_LANES) {',
    after: 'for (const lane of ALL_LANES.slice(0, -1)) {',
    checks: [closes],
  },
  {
    name: 'claims-a-month-that-is-claimed',
    breaks: 'I7: a month is closed twice',
    file: CLOSING,
    before: "      Item: claimItem(tenant, period, claim),\n      ConditionExpression: 'attribute_not_exists(pk)',",
    after:
      "      Item: claimItem(tenant, period, claim),\n      ConditionExpression: 'attribute_not_exists(seal_hash)',",
    checks: [storage, closes],
  },
  {
    name: 'seals-over-another-claim',
    breaks: 'I7: of two closes at once both win',
    file: CLOSING,
    before: "'#status = :closing AND claim_id = :claim'",
    after: "'#status = :closing OR claim_id = :claim'",
    checks: [storage, closes],
  },
  {
    name: 'moves-the-carry-whatever-it-was',
    breaks: 'I6: of two months sealed at once one is in no balance',
    file: CLOSING,
    before: "isFirst ? 'attribute_not_exists(pk)' : 'seal_count = :count'",
    after: "isFirst ? 'attribute_not_exists(pk)' : 'seal_count <= :count OR seal_count > :count'",
    checks: [storage, closes],
  },
  {
    name: 'shuts-a-gate-again',
    breaks: 'I7: when a month was closed changes afterwards',
    file: CLOSING,
    before: 'SET closed_at = if_not_exists(closed_at, :at)',
    after: 'SET closed_at = :at',
    checks: [storage, closes],
  },
  {
    name: 'closes-anew-on-taking-over',
    breaks: 'I7: the gates and the seal of a resumed close have different times',
    file: 'lambdas/admin/claim.ts',
    before: 'closedAt: held?.closedAt ?? now',
    after: 'closedAt: now',
    checks: [simulated, closes],
  },
  {
    name: 'takes-over-from-who-is-still-at-work',
    breaks: 'I7: of fifty closes at once many win',
    file: 'lambdas/admin/claim.ts',
    before: 'if (held !== undefined && !isStale(held, ports)) throw beingClosed(month);',
    after: '',
    checks: [closes],
  },
  {
    name: 'notes-a-close-after-its-claim',
    breaks: 'I7: nobody finishes a close whose caller died',
    file: 'lambdas/admin/close-period.ts',
    before: `  await ports.notes.note(note);
  if (!(await obtain(month, found?.claim, claim, ports))) throw beingClosed(month);
`,
    after: `  if (!(await obtain(month, found?.claim, claim, ports))) throw beingClosed(month);
  await ports.notes.note(note);
`,
    checks: [closes],
  },
  {
    name: 'adds-a-sealed-month-twice',
    breaks: 'I6: a balance counts a month in its head and in the carry',
    file: 'lambdas/storage/balances.ts',
    before: 'gapsOf(carry.months).map(',
    after: 'gapsOf([]).map(',
    checks: [simulated, storage, books],
  },
  {
    name: 'reads-the-heads-before-the-carry',
    breaks: 'I6: a balance counts a month twice while it is sealed',
    file: 'lambdas/storage/balances.ts',
    before: `    const { Item } = await this.#client.send(get);
    const carry = Item ? carryOf(tenant, Item) : emptyCarry(tenant);
    const unsealed = await Promise.all(gapsOf(carry.months).map((gap) => this.#headsWithin(tenant, gap)));
`,
    after: `    const early = new Map((await this.heads(tenant)).map((head) => [\`\${head.period}#\${head.lane}\`, head]));
    const { Item } = await this.#client.send(get);
    const carry = Item ? carryOf(tenant, Item) : emptyCarry(tenant);
    const unsealed = [[...early.values()].filter(({ period }) => !carry.months.some(({ from, to }) => from < period && period < to))];
`,
    checks: [books],
  },
  {
    name: 'tells-two-callers-that-they-closed',
    breaks: 'I7: of two closes both are told that they did it',
    file: RUN,
    before: "if (found?.status === 'closed' && found.claimId === run.claim.id) return found.seal;",
    after: "if (found?.status === 'closed') return found.seal;",
    checks: [closes],
  },
  {
    name: 'anchors-a-close-without-its-lanes',
    breaks: 'I9: a closed month can be rewritten together with its seal',
    file: RUN,
    before: 'const used = seal.lanes.filter(({ nextSeq }) => nextSeq > 1);',
    after: 'const used = seal.lanes.filter(({ nextSeq }) => nextSeq > 2);',
    checks: [closes],
  },
];
