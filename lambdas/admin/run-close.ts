import { nowOf } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import { ALL_LANES } from '../domain/lane.ts';
import { hasMonth } from '../domain/month-ranges.ts';
import { priceBookAt } from '../domain/price-book.ts';
import { nextSeal, type Seal } from '../domain/seal.ts';
import { Problem } from '../http/problem.ts';
import { backOff } from '../retry.ts';
import type { CloseNote } from '../storage/close-notes.ts';
import type { Claim } from '../storage/closure-item.ts';
import { beingClosed, release } from './claim.ts';
import type { ClosePorts, Month } from './close-ports.ts';

/** A month and the claim by which it is being closed. */
interface CloseRun extends Month {
  readonly claim: Claim;
  readonly note: CloseNote;
}

/** Gates and seal take a fraction of a second; what takes this long is left to the schedule, and the caller told. */
const CLOSE_TIMEOUT_MS = 8_000;

/**
 * Shuts the month's lanes, seals it, and anchors the seal. Each step may have been done before, by this run or by one that
 * died; doing it again changes nothing.
 */
export async function runClose(run: CloseRun, ports: ClosePorts): Promise<void> {
  crashPoint('admin:after-claim');
  const seal = await shutAndSeal(run, ports).catch(async (error: unknown) => {
    await release(run, run.claim, ports);
    throw error;
  });
  crashPoint('admin:after-seal');
  await concludeClose(seal, run.note, ports);
}

async function shutAndSeal(run: CloseRun, ports: ClosePorts): Promise<Seal> {
  const deadlineMs = ports.clock.nowMs() + CLOSE_TIMEOUT_MS;
  await shutLanes(run, ports, deadlineMs);
  return sealMonth(run, ports, deadlineMs);
}

/**
 * Anchors a seal and takes the note of its close away. The month is closed by then, so a failure is said loudly and
 * stops nobody: the note stays, and the schedule tries again. False when it failed.
 */
export async function concludeClose(seal: Seal, note: CloseNote, ports: ClosePorts): Promise<boolean> {
  const { tenant, period, hash, sealedAt } = seal;
  const used = seal.lanes.filter(({ nextSeq }) => nextSeq > 1);
  const heads = used.map(({ lane, nextSeq, chain }) => ({ tenant, period, lane, seq: nextSeq - 1, chain }));
  try {
    await ports.anchors.putClose({ tenant, period, hash }, heads, sealedAt);
    await ports.notes.forget(note);
    return true;
  } catch (error) {
    ports.telemetry.count('closeAnchorFailures');
    ports.telemetry.error('A month is closed, but its seal is not anchored yet.', error, { tenant, period });
    return false;
  }
}

/** The currency of the price book in force. Throws a 503 when there is none: then nothing can have been charged either. */
export async function currencyInForce({ config, clock }: Pick<ClosePorts, 'config' | 'clock'>): Promise<string> {
  const now = nowOf(clock);
  // The first one may have been added a moment ago.
  const book = priceBookAt(await config.priceBooks(), now) ?? priceBookAt(await config.freshPriceBooks(), now);
  if (book !== undefined) return book.currency;
  throw new Problem('unavailable', 'No price book is in force yet: add one before closing a month.');
}

/** One by one: a single transaction over seventeen busy heads would lose to postings for ever. */
async function shutLanes({ tenant, period, claim }: CloseRun, ports: ClosePorts, deadlineMs: number): Promise<void> {
  for (const lane of ALL_LANES) {
    for (let attempt = 0; !(await ports.closing.shut({ tenant, period, lane }, claim.closedAt)); attempt += 1) {
      if (!(await backOff(ports.clock, attempt, deadlineMs))) throw outOfTime();
    }
    crashPoint('admin:after-gate');
  }
}

/** Seals what the shut lanes hold; the order in which a tenant's months are sealed is settled by who comes first. */
async function sealMonth(run: CloseRun, ports: ClosePorts, deadlineMs: number): Promise<Seal> {
  const { tenant, period, claim } = run;
  const currency = await currencyInForce(ports);
  const heads = await ports.balances.heads(tenant, period);
  for (let attempt = 0; ; attempt += 1) {
    const carry = await ports.closures.carry(tenant);
    if (hasMonth(carry.months, period)) return sealedBy(run, ports);
    const facts = { period, closedAt: claim.closedAt, sealedAt: nowOf(ports.clock), currency };
    const seal = nextSeal(carry, heads, facts);
    crashPoint('admin:before-seal');
    const outcome = await ports.closing.seal(seal, carry, claim.id);
    if (outcome === 'sealed') return seal;
    if (outcome === 'claim_lost') return sealedBy(run, ports);
    if (!(await backOff(ports.clock, attempt, deadlineMs))) throw outOfTime();
  }
}

/** The month's seal if an earlier try of this claim put it and the answer was lost; else the close is another's: a 409. */
async function sealedBy(run: CloseRun, { closures }: ClosePorts): Promise<Seal> {
  const found = await closures.find(run.tenant, run.period);
  if (found?.status === 'closed' && found.claimId === run.claim.id) return found.seal;
  throw beingClosed(run);
}

function outOfTime(): Problem {
  return new Problem(
    'unavailable',
    'The close could not be finished in time: send the same request again, and it goes on where it stopped.',
  );
}
