import type { RunMode } from '../../domain/reconcile-run.ts';
import { anchorsPhase } from './anchors-phase.ts';
import { closuresPhase } from './closures-phase.ts';
import { intakePhase } from './intake-phase.ts';
import { lanesPhase } from './lanes-phase.ts';
import { ledgerPhase, orphansPhase } from './ledger-phase.ts';
import type { Phase, Position } from './step.ts';

/** Each phase says which comes next; what a run over what is new leaves out, the next full one has. */
const phases: Readonly<Record<string, Phase<never>>> = {
  lanes: lanesPhase,
  ledger: ledgerPhase,
  orphans: orphansPhase,
  closures: closuresPhase,
  intake: intakePhase,
  anchors: anchorsPhase,
};

export function firstPosition(_mode: RunMode): Position {
  return { phase: 'lanes', state: {} };
}

/** Throws for a phase that this build does not have: the run was begun by another. */
export function phaseOf(name: string): Phase<unknown> {
  const phase = phases[name];
  if (phase === undefined) throw new Error(`There is no phase ${name}: start a new run.`);
  // A state is only ever handed to the phase it came from, or was made for.
  return phase as Phase<unknown>;
}
