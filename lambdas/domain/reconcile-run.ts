import type { Branded } from './brand.ts';
import type { TenantId } from './ids.ts';
import type { Instant } from './instant.ts';

export type RunId = Branded<string, 'RunId'>;

/** Everything from the first page on, or what was posted since it was last verified. */
export const RUN_MODES = ['full', 'new'] as const;
export type RunMode = (typeof RUN_MODES)[number];

/** How many of each kind of record a run has looked at. */
export type Counts = Readonly<Record<string, number>>;

/** A reconciliation: what it covers, and how far it has come. Only its steps in order make it, so any process can go on. */
export interface ReconcileRun {
  readonly id: RunId;
  readonly mode: RunMode;
  /** Only this tenant's records; undefined: everyone's. */
  readonly tenant: TenantId | undefined;
  readonly startedAt: Instant;
  readonly updatedAt: Instant;
  /** Counts the saves: who goes on from an older one is too late. */
  readonly version: number;
  /** The part it is in; undefined once it is complete. */
  readonly phase: string | undefined;
  /** Where it is in that part: plain JSON, known to the part alone; undefined at its beginning. */
  readonly state: unknown;
  readonly counts: Counts;
  /** Discrepancies found, the same one in two steps counted twice. */
  readonly found: number;
}

export const RUN_ID_PATTERN = /^run_[0-9]{17}_[0-9a-f]{8}$/;

export function parseRunId(text: string): RunId | undefined {
  return RUN_ID_PATTERN.test(text) ? (text as RunId) : undefined;
}

/** Sorts by time; `chance`, uniform in [0, 1), keeps two runs of one millisecond apart. */
export function runIdOf(startedAt: Instant, chance: number): RunId {
  const time = startedAt.replaceAll(/\D/g, '').padEnd(17, '0').slice(0, 17);
  const tail = Math.floor(chance * 2 ** 32);
  return `run_${time}_${tail.toString(16).padStart(8, '0')}` as RunId;
}

export function addCounts(left: Counts, right: Counts): Counts {
  const sum: Record<string, number> = { ...left };
  for (const [name, count] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
