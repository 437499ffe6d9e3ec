import type { AnchoredHead } from '../../domain/anchor.ts';
import type { Discrepancy } from '../../domain/discrepancy.ts';
import { sameTotals } from '../../domain/journal.ts';
import { replayFrom, replayStart } from '../../domain/lane-replay.ts';
import type { LaneHead, LaneKey } from '../../domain/page.ts';
import { addCounts, type Counts, type ReconcileRun } from '../../domain/reconcile-run.ts';
import type { BalancesRecord } from '../../storage/balances-evidence.ts';
import type { Cursor } from '../../storage/bulk-read.ts';
import { advanceLane, type LaneProgress } from './advance-lane.ts';
import { cutOf } from './cut.ts';
import type { Evidence } from './ports.ts';
import type { Phase, Position } from './step.ts';

/** Heads listed at once: their lanes wait in the run's state, some 500 bytes each. */
const HEADS_PER_READ = 24;

/** Lanes taken further in one step, some of them side by side. */
const LANES_PER_STEP = 8;
const LANES_AT_ONCE = 4;

/** Verified lanes that wait for their anchor: one anchor holds many, so that there are few to check for ever. */
const ANCHORED_TOGETHER = 100;

export interface LanesState {
  readonly cursor?: Cursor | undefined;
  readonly isListed?: boolean;
  readonly open?: readonly LaneProgress[];
  readonly unanchored?: readonly AnchoredHead[];
  /** Entries posted before the cut that their own markers point at. */
  readonly pointedAt?: number;
}

/**
 * Replays every lane there is a head for, or, in a run over what is new, those whose heads have moved since they were last
 * verified, from there on.
 */
export const lanesPhase: Phase<LanesState> = async (state, run, evidence) => {
  const open = state.open ?? [];
  if (open.length > 0) return advanceSome(state, run, evidence);
  if (state.isListed) return { found: [], counts: {}, ...ended(state, run) };
  const { records, cursor } = await evidence.balances.survey(run, state.cursor, HEADS_PER_READ);
  const { begun, found, counts } = await begin(records, run, evidence);
  const next = { ...state, cursor, isListed: cursor === undefined, open: begun };
  return { found, counts, next: { phase: 'lanes', state: next } };
};

async function begin(records: readonly BalancesRecord[], run: ReconcileRun, { verified, balances }: Evidence) {
  const found: Discrepancy[] = [];
  const listed: LaneKey[] = [];
  for (const record of records) {
    if (record.kind === 'head') listed.push(record.lane);
    if (record.kind !== 'foreign') continue;
    const message = 'the balances hold an item that this system would not write';
    found.push({ type: 'foreign_item', tenant: undefined, place: { item: record.item }, message });
  }
  // The marks first: a head read later has come at least as far.
  const marks = await verified.heads(listed);
  const heads = await balances.heads(listed);
  const begun: LaneProgress[] = [];
  for (const lane of listed) {
    const [mark, head] = [marks.of(lane), heads.of(lane)];
    const current = head?.status === 'read' ? head.value : undefined;
    if (mark !== undefined && current !== undefined && current.nextSeq < mark.nextSeq) {
      const { tenant, period, lane: number } = lane;
      const message = `it ended at page ${mark.nextSeq - 1} when it was verified, and ends at ${current.nextSeq - 1} now`;
      const place = { period, lane: number, seq: current.nextSeq };
      found.push({ type: 'rolled_back_head', tenant, place, message });
      if (run.mode === 'new') continue;
    }
    if (run.mode === 'new' && mark !== undefined && isSame(mark, current)) continue;
    const replay = run.mode === 'new' && mark !== undefined ? replayFrom(mark) : replayStart(lane);
    begun.push({ replay, mark: mark && { seq: mark.nextSeq - 1, chain: mark.chain }, isFaulty: false });
  }
  return { begun, found, counts: { heads: listed.length } };
}

function isSame(mark: LaneHead, head: LaneHead | undefined): boolean {
  if (head === undefined || mark.nextSeq !== head.nextSeq || mark.chain !== head.chain) return false;
  const isSameSum = sameTotals(mark.totals, head.totals) && mark.entryCount === head.entryCount;
  return isSameSum && mark.lastPostedAt === head.lastPostedAt;
}

async function advanceSome(state: LanesState, run: ReconcileRun, evidence: Evidence) {
  const open = state.open ?? [];
  const some = open.slice(0, LANES_PER_STEP);
  const heads = await evidence.balances.heads(some.map(({ replay }) => replay.head));
  const cut = cutOf(run);
  const steps: Awaited<ReturnType<typeof advanceLane>>[] = [];
  for (let start = 0; start < some.length; start += LANES_AT_ONCE) {
    const together = some.slice(start, start + LANES_AT_ONCE);
    const advanced = together.map((one) => advanceLane(one, heads.of(one.replay.head), cut, evidence));
    steps.push(...(await Promise.all(advanced)));
  }
  const verified = steps.flatMap((step) => (step.verified === undefined ? [] : [step.verified]));
  const rest = steps.flatMap((step) => (step.rest === undefined ? [] : [step.rest]));
  const waiting = [...(state.unanchored ?? []), ...verified.flatMap(anchoredHead)];
  const isFull = waiting.length >= ANCHORED_TOGETHER;
  const pointedAt = steps.reduce((sum, step) => sum + step.pointedAt, state.pointedAt ?? 0);
  const next: LanesState = {
    ...{ ...state, pointedAt, open: [...rest, ...open.slice(LANES_PER_STEP)] },
    unanchored: isFull ? [] : waiting,
  };
  return {
    found: steps.flatMap((step) => step.found),
    counts: steps.reduce<Counts>((sum, step) => addCounts(sum, step.counts), {}),
    ...{ verified, toAnchor: isFull ? waiting : [] },
    next: { phase: 'lanes', state: next },
  };
}

/** What is anchored of a head; of an empty lane there is nothing. */
function anchoredHead({ tenant, period, lane, nextSeq, chain }: LaneHead): AnchoredHead[] {
  return nextSeq === 1 ? [] : [{ tenant, period, lane, seq: nextSeq - 1, chain }];
}

function ended(
  state: LanesState,
  { mode }: ReconcileRun,
): { toAnchor: readonly AnchoredHead[]; next: Position | undefined } {
  const next = mode === 'new' ? undefined : { phase: 'ledger', state: { pointedAt: state.pointedAt ?? 0 } };
  return { toAnchor: state.unanchored ?? [], next };
}
