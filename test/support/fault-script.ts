import fc from 'fast-check';
import type { PriceSource } from '../../lambdas/consumer/charge.ts';
import type { ConsumerPorts } from '../../lambdas/consumer/ports.ts';
import { usageEntry } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import type { JournalPage, LaneHead } from '../../lambdas/domain/page.ts';
import { nextPage } from '../../lambdas/domain/page.ts';
import { nextPeriod } from '../../lambdas/domain/period.ts';
import { type PayloadHash, payloadHash } from '../../lambdas/domain/usage-event.ts';
import type { Cancellation, CommitOutcome } from '../../lambdas/storage/posting.ts';
import { NOW, usageEvent } from './events.ts';
import type { FakeLedger } from './fake-ledger.ts';

/** What can befall one commit. */
export const commitFaults = [
  'none',
  'throttled',
  'one_reason_only',
  'no_items',
  'answer_lost',
  'lost_before_commit',
  'moved_before',
  'closed_before',
  'two_months_closed_before',
] as const;
export type CommitFault = (typeof commitFaults)[number];

/** What can befall any other call: it fails before or after it had its effect. */
export const callFaults = ['none', 'fails', 'answer_lost'] as const;
export type CallFault = (typeof callFaults)[number];

/** Faults in the order the calls meet them; calls beyond the script go well. */
export interface FaultScript {
  readonly commits: readonly CommitFault[];
  readonly heads: readonly CallFault[];
  readonly markers: readonly CallFault[];
  readonly refusals: readonly CallFault[];
  readonly prices: readonly CallFault[];
  /** Which reason survives when only one does. */
  readonly chosenReason: number;
}

export const noFaults: FaultScript = { commits: [], heads: [], markers: [], refusals: [], prices: [], chosenReason: 0 };

const rarely = fc.array(fc.constantFrom<CallFault>('none', 'none', 'none', ...callFaults), { maxLength: 6 });

export const faultScripts: fc.Arbitrary<FaultScript> = fc.record({
  commits: fc.array(fc.constantFrom(...commitFaults), { maxLength: 12 }),
  heads: rarely,
  markers: rarely,
  refusals: rarely,
  prices: rarely,
  chosenReason: fc.nat({ max: 100 }),
});

type LedgerPorts = Pick<ConsumerPorts, 'balances' | 'posting' | 'ledger' | 'prices'>;

/** The ports of a ledger that misbehaves by the script, for those pages and calls that `strikes` picks. */
export function faultyPorts(
  ledger: FakeLedger,
  prices: PriceSource,
  script: FaultScript,
  strikes: (page: JournalPage) => boolean = () => true,
): LedgerPorts {
  const commits = script.commits.values();
  const faulty = (faults: Iterator<CallFault>) => {
    return async <Value>(call: () => Promise<Value>): Promise<Value> => {
      const fault = faults.next().value ?? 'none';
      if (fault === 'fails') throw new Error('the table does not answer');
      const value = await call();
      if (fault === 'answer_lost') throw new Error('the answer was lost');
      return value;
    };
  };
  const [head, marker] = [faulty(script.heads.values()), faulty(script.markers.values())];
  const [refuse, price] = [faulty(script.refusals.values()), faulty(script.prices.values())];
  return {
    balances: { head: (lane) => head(() => ledger.head(lane)) },
    posting: {
      commit: async (from, page, hashes) => {
        const fault = strikes(page) ? (commits.next().value ?? 'none') : 'none';
        return commitWith(fault, script.chosenReason, ledger, [from, page, hashes]);
      },
    },
    ledger: {
      marker: (tenant, id) => marker(() => ledger.marker(tenant, id)),
      refuse: (refusal) => refuse(() => ledger.refuse(refusal)),
      keepUnreadable: (message) => refuse(() => ledger.keepUnreadable(message)),
    },
    prices: {
      priceBooks: () => price(() => prices.priceBooks()),
      priceBooksNow: () => price(() => prices.priceBooksNow()),
    },
  };
}

type Commit = [head: LaneHead, page: JournalPage, hashes: readonly PayloadHash[]];

async function commitWith(
  fault: CommitFault,
  chosen: number,
  ledger: FakeLedger,
  commit: Commit,
): Promise<CommitOutcome> {
  const [, page] = commit;
  // Lets the other groups of the batch come in between.
  await Promise.resolve();
  switch (fault) {
    case 'throttled':
      return { status: 'cancelled', taken: new Map(), head: undefined, pageExists: false, invalid: [] };
    case 'lost_before_commit':
      return { status: 'unknown', cause: new Error('no connection') };
    case 'answer_lost':
      await ledger.commit(...commit);
      return { status: 'unknown', cause: new Error('the answer was lost') };
    case 'moved_before':
      await postRival(ledger, page);
      break;
    case 'closed_before':
      ledger.close(page, NOW);
      break;
    case 'two_months_closed_before':
      ledger.close(page, NOW);
      ledger.close({ ...page, period: nextPeriod(page.period) }, NOW);
      break;
    default:
      break;
  }
  const outcome = await ledger.commit(...commit);
  if (outcome.status !== 'cancelled') return outcome;
  if (fault === 'one_reason_only') return withOneReason(outcome, chosen);
  return fault === 'no_items' ? withoutItems(outcome) : outcome;
}

/** Another writer's page in the same lane, of an event nobody else has. */
async function postRival(ledger: FakeLedger, { tenant, period, lane }: JournalPage): Promise<void> {
  const head = await ledger.head({ tenant, period, lane });
  if (head.closedAt !== undefined) return;
  const event = usageEvent(`rival-${lane}-${head.nextSeq}-${period}`, { tenant });
  const entry = usageEntry(event, amountMinor(event.quantity));
  await ledger.commit(head, nextPage(head, [entry], NOW), [payloadHash(event)]);
}

function withoutItems(outcome: { status: 'cancelled' } & Cancellation): CommitOutcome {
  const taken = new Map([...outcome.taken.keys()].map((index) => [index, null]));
  return { ...outcome, taken, head: outcome.head === undefined ? undefined : null };
}

/** DynamoDB may stop at the first condition that fails: the others are then not reported. */
function withOneReason(outcome: { status: 'cancelled' } & Cancellation, chosen: number): CommitOutcome {
  const none = { ...outcome, taken: new Map(), head: undefined, pageExists: false };
  const single: CommitOutcome[] = [...outcome.taken].map(([index, marker]) => ({
    ...none,
    taken: new Map([[index, marker]]),
  }));
  if (outcome.head !== undefined) single.push({ ...none, head: outcome.head });
  if (outcome.pageExists) single.push({ ...none, pageExists: true });
  return single[chosen % single.length] ?? outcome;
}
