import { createHash } from 'node:crypto';
import { sha256Hex } from './digest.ts';
import type { EventId, TenantId } from './ids.ts';
import { epochMsOf, type Instant, instantOf, isAfter } from './instant.ts';
import { nextPeriod, type Period, periodOf, previousPeriod, startOf } from './period.ts';
import type { PayloadHash } from './usage-event.ts';

/** The intake table a record lies in. */
export const INTAKE_SOURCES = ['usage', 'adjustment'] as const;
export type IntakeSource = (typeof INTAKE_SOURCES)[number];

/** What was accepted in one UTC day (`YYYY-MM-DD`) or month (`YYYY-MM`) that is over. */
export interface IntakeTotal {
  readonly source: IntakeSource;
  readonly span: string;
  readonly count: number;
  /** SHA-256 over the sum of the records' hashes: whoever alters, adds or removes one changes it, in whatever order they are read. */
  readonly digest: string;
}

/** A record as far as a tally covers it: the payload by its hash. */
export interface TalliedRecord {
  readonly tenant: TenantId;
  readonly eventId: EventId;
  readonly payloadHash: PayloadHash;
  readonly receivedAt: Instant;
}

/** A tally between two steps of a run, as plain JSON: by source and span, `count:sum` with the sum in base64. */
export type SavedTally = Readonly<Record<string, string>>;

/**
 * Bits of the sum. A sum of 256-bit hashes would fall to 2^32 steps by the generalised birthday attack (Wagner, CRYPTO
 * 2002): 2^(2 * sqrt(bits)). With 2,048 it takes 2^90.
 */
const SUM_BYTES = 256;
const SUM_MODULUS = 1n << BigInt(SUM_BYTES * 8);

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;

/** Days a run anchors: one that failed leaves no hole. */
const DAYS_ANCHORED = 7;

/** A day is tallied once it has been over for longer than an accept can take and clocks can differ. */
const SETTLE_MS = MS_PER_HOUR;

/** Nothing was accepted before there was anything to accept it: no anchor holds a total from before. */
const FIRST_MONTH = '2020-01';

const DAY_CHARS = 'YYYY-MM-DD'.length;
const MONTH_CHARS = 'YYYY-MM'.length;

/**
 * Counts and sums the intake records by the day they were accepted, fed in any order, each once. Memory stays flat: days of
 * the current and the last month, whole months before, some 400 bytes each. A run feeds it every record and then knows
 * what no later run may find different.
 */
export class IntakeTally {
  readonly #startedAt: Instant;
  readonly #daysFrom: Period;
  readonly #sums: Map<string, { count: number; sum: bigint }>;

  /** @param startedAt when the run began; what was accepted later may be seen or not, so it is in no total */
  constructor(startedAt: Instant, saved: SavedTally = {}) {
    this.#startedAt = startedAt;
    this.#daysFrom = previousPeriod(periodOf(startedAt));
    this.#sums = new Map(Object.entries(saved).map(([name, text]) => [name, sumOf(text)]));
  }

  /** Counts a record, unless it claims a time that is in no total: of such times whoever forges records can make up any number. */
  add(source: IntakeSource, record: TalliedRecord): void {
    const { receivedAt } = record;
    if (receivedAt < FIRST_MONTH || isAfter(receivedAt, this.#startedAt)) return;
    const length = periodOf(receivedAt) >= this.#daysFrom ? DAY_CHARS : MONTH_CHARS;
    const name = `${source} ${receivedAt.slice(0, length)}`;
    const before = this.#sums.get(name) ?? { count: 0, sum: 0n };
    this.#sums.set(name, { count: before.count + 1, sum: (before.sum + hashOf(source, record)) % SUM_MODULUS });
  }

  /** What there is to keep between two steps; belongs into the same item as how far the records were read. */
  saved(): SavedTally {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, textOf(sum)]));
  }

  /**
   * The total of a day or month, zero records included; undefined when it was not over by the run's beginning, or is a day so
   * long ago that only its month was summed, or from before there was anything.
   */
  total(source: IntakeSource, span: string): IntakeTotal | undefined {
    const isDay = span.length === DAY_CHARS;
    if (span < FIRST_MONTH || !this.#isOver(span) || (isDay && span.slice(0, MONTH_CHARS) < this.#daysFrom))
      return undefined;
    const prefix = `${source} ${span}`;
    let [count, sum] = [0, 0n];
    for (const [name, part] of this.#sums) {
      if (!name.startsWith(prefix)) continue;
      count += part.count;
      sum = (sum + part.sum) % SUM_MODULUS;
    }
    return { source, span, count, digest: sha256Hex(textOf({ count, sum })) };
  }

  /** What the run's anchor holds: the days of the last week and the last two months, as far as they are over. */
  totals(): IntakeTotal[] {
    const startMs = epochMsOf(this.#startedAt);
    const days = Array.from({ length: DAYS_ANCHORED }, (_, back) => {
      return instantOf(startMs - (back + 1) * MS_PER_DAY).slice(0, DAY_CHARS);
    });
    const spans = [previousPeriod(this.#daysFrom), this.#daysFrom, ...days.reverse()];
    const totals = INTAKE_SOURCES.flatMap((source) => spans.map((span) => this.total(source, span)));
    return totals.filter((total) => total !== undefined);
  }

  #isOver(span: string): boolean {
    return endMsOf(span) + SETTLE_MS <= epochMsOf(this.#startedAt);
  }
}

function hashOf(source: IntakeSource, { tenant, eventId, payloadHash, receivedAt }: TalliedRecord): bigint {
  const form = JSON.stringify(['zerosum/intake/1', source, tenant, eventId, payloadHash, receivedAt]);
  const hash = createHash('shake256', { outputLength: SUM_BYTES }).update(form, 'utf8');
  return BigInt(`0x${hash.digest('hex')}`);
}

function textOf({ count, sum }: { count: number; sum: bigint }): string {
  return `${count}:${Buffer.from(sum.toString(16).padStart(SUM_BYTES * 2, '0'), 'hex').toString('base64')}`;
}

function sumOf(text: string): { count: number; sum: bigint } {
  const [count = '', sum = ''] = text.split(':');
  return { count: Number(count), sum: BigInt(`0x${Buffer.from(sum, 'base64').toString('hex')}`) };
}

function endMsOf(span: string): number {
  if (span.length === DAY_CHARS) return epochMsOf(`${span}T00:00:00.000Z` as Instant) + MS_PER_DAY;
  return epochMsOf(startOf(nextPeriod(span as Period)));
}
