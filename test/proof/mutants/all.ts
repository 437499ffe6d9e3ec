import { authorityMutants } from './authority.ts';
import { closeMutants } from './close.ts';
import { configurationMutants } from './configuration.ts';
import { consumerMutants } from './consumer.ts';
import { intakeMutants } from './intake.ts';
import { journalMutants } from './journal.ts';
import { keyMutants } from './keys.ts';
import type { Mutant } from './mutant.ts';
import { postingMutants } from './posting.ts';
import { projectionMutants } from './projections.ts';
import { readMutants } from './reads.ts';
import { reconcileMutants } from './reconcile.ts';
import { requestMutants } from './requests.ts';
import { sweepMutants } from './sweep.ts';

const parts = [
  ...[postingMutants, consumerMutants, journalMutants, intakeMutants, requestMutants, keyMutants, closeMutants],
  ...[sweepMutants, reconcileMutants, projectionMutants, readMutants, authorityMutants, configurationMutants],
];

/** Every deliberate bug. Dealt out part by part, so that those whose turn it is together are of different parts. */
export const MUTANTS: readonly Mutant[] = parts
  .flatMap((mutants) => mutants.map((mutant, place) => ({ mutant, place: (place + 0.5) / mutants.length })))
  .sort((left, right) => left.place - right.place)
  .map(({ mutant }) => mutant);
