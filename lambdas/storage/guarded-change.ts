import { isDeepStrictEqual } from 'node:util';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { LaneKey } from '../domain/page.ts';
import type { Refusal } from '../domain/refusal.ts';
import { maySucceed } from '../domain/refusal-change.ts';
import { DamagedItemError } from './item.ts';
import { eventOfKey, pageOfKey } from './key-parts.ts';
import type { Key } from './keys.ts';
import { refusalItem, refusalOf } from './refusal-item.ts';
import type { ItemChange } from './stream-record.ts';

/** What the item at a key stands for, as far as the key says. */
export type GuardedPlace =
  | { readonly tenant: TenantId; readonly eventId: EventId }
  | (LaneKey & { readonly seq: number });

export function placeOf(key: Key): GuardedPlace | undefined {
  return pageOfKey(key) ?? eventOfKey(key);
}

/** Whether the system itself changes items so: of all that is guarded, the ledger's refusals alone may change. */
export function isLegitimate(change: ItemChange, ledgerTable: string): boolean {
  if (change.event === 'REMOVE' || change.table !== ledgerTable) return false;
  const [before, after] = [refusalIn(change.key, change.before), refusalIn(change.key, change.after)];
  return before !== undefined && after !== undefined && maySucceed(before, after);
}

/** The refusal in an item, or undefined unless it is exactly as the system writes it. */
function refusalIn(key: Key, item: Record<string, unknown> | undefined): Refusal | undefined {
  const event = eventOfKey(key);
  if (event === undefined || item === undefined) return undefined;
  try {
    const refusal = refusalOf(event.tenant, event.eventId, item);
    const written = { ...refusalItem(refusal), attempts: BigInt(refusal.attempts) };
    return isDeepStrictEqual(written, item) ? refusal : undefined;
  } catch (error) {
    if (error instanceof DamagedItemError) return undefined;
    throw error;
  }
}
