import * as z from 'zod';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { LaneKey } from '../domain/page.ts';
import { mayChange, type RefusalState } from '../domain/refusal-change.ts';
import { stored } from './item.ts';
import { eventOfKey, pageOfKey } from './key-parts.ts';
import { type Key, REFUSAL_PREFIX } from './keys.ts';
import type { ItemChange } from './stream-record.ts';

/** What the item at a key stands for, as far as the key says. */
export type GuardedPlace =
  | { readonly tenant: TenantId; readonly eventId: EventId }
  | (LaneKey & { readonly seq: number });

/** Attributes that another attempt at a refused event may move. */
const ATTEMPT_ATTRIBUTES = ['attempts', 'last_at'];

const refusalSchema = z.object({
  is_final: z.boolean(),
  payload_hash: stored.payloadHash,
  attempts: stored.count.optional(),
  last_at: stored.instant.optional(),
});

export function placeOf(key: Key): GuardedPlace | undefined {
  return pageOfKey(key) ?? eventOfKey(key);
}

/** Whether the system itself changes items so: of all that is guarded, the ledger's refusals alone may change. */
export function isLegitimate(change: ItemChange, ledgerTable: string): boolean {
  if (change.event === 'REMOVE' || change.table !== ledgerTable) return false;
  if (!change.key.pk.startsWith(REFUSAL_PREFIX) || eventOfKey(change.key) === undefined) return false;
  const [before, after] = [refusalStateOf(change.before), refusalStateOf(change.after)];
  const isOtherwiseEqual = change.changed.every((name) => ATTEMPT_ATTRIBUTES.includes(name));
  return before !== undefined && after !== undefined && mayChange(before, after, isOtherwiseEqual);
}

function refusalStateOf(item: Record<string, unknown> | undefined): RefusalState | undefined {
  const parsed = refusalSchema.safeParse(item).data;
  return (
    parsed && {
      ...{ final: parsed.is_final, payloadHash: parsed.payload_hash },
      // A refusal from before attempts were counted is the first.
      ...{ attempts: parsed.attempts ?? 1, lastAt: parsed.last_at },
    }
  );
}
