import type { AnchoredHead } from '../../domain/anchor.ts';
import type { Discrepancy } from '../../domain/discrepancy.ts';
import type { IntakeTotal } from '../../domain/intake-tally.ts';
import type { LaneHead } from '../../domain/page.ts';
import type { Counts, ReconcileRun } from '../../domain/reconcile-run.ts';
import type { Evidence } from './ports.ts';

/** Where a run is: a phase, and a place in it as plain JSON and `bigint`. */
export interface Position {
  readonly phase: string;
  readonly state: unknown;
}

/** What one bounded piece of work has seen. It has changed nothing, so it can be done again. */
export interface StepResult {
  readonly found: readonly Discrepancy[];
  readonly counts: Counts;
  /** Undefined: the run is complete. */
  readonly next: Position | undefined;
  /** Lanes replayed to their ends without a finding. */
  readonly verified?: readonly LaneHead[];
  /** Of those, what to anchor now. */
  readonly toAnchor?: readonly AnchoredHead[];
  /** What both intakes held, to anchor now. */
  readonly intakeTotals?: readonly IntakeTotal[];
}

/** A part of a run, done in steps: from a state it gave itself, or from what the part before left. */
export type Phase<State> = (state: State, run: ReconcileRun, evidence: Evidence) => Promise<StepResult>;
