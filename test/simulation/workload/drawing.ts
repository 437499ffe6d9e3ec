import type { Random } from '../random.ts';
import type { Deed, Operation } from './operation.ts';
import type { Payload } from './payload.ts';
import type { Setting, SigningKey } from './setting.ts';

/** What an operation is drawn from: its own chance, and those planned before it. */
export interface Drawing {
  readonly index: number;
  readonly random: Random;
  /** Of it only those who have to do with the operation. */
  readonly setting: Setting;
  readonly allKeys: readonly SigningKey[];
  readonly earlier: readonly Operation[];
  /** When it happens, unless it has a reason for another time. */
  readonly afterMs: number;
  /** Whether something of before comes again much later in this run. */
  readonly hasLate: boolean;
}

/** An operation without its place. */
export interface Draft {
  readonly deed: Deed;
  readonly events?: number;
  /** When it happens, if it is not anywhere in the run. */
  readonly afterMs?: number;
}

/** Events that were handed in before, with when. */
export function sentEarlier({ earlier }: Drawing): { readonly payload: Payload; readonly operation: Operation }[] {
  return earlier.flatMap((operation) => {
    const { deed } = operation;
    if (deed.kind !== 'send') return [];
    return deed.items.flatMap((item) => ('payload' in item ? [{ payload: item.payload, operation }] : []));
  });
}
