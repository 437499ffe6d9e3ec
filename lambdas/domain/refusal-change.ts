import { type Instant, isAfter } from './instant.ts';
import type { PayloadHash } from './usage-event.ts';

/** What of a refusal decides whether it may change. */
export interface RefusalState {
  readonly final: boolean;
  readonly payloadHash: PayloadHash;
  /** How often the event was refused so. */
  readonly attempts: number;
  readonly lastAt: Instant | undefined;
}

/**
 * Whether a refusal may change so: a provisional one says nothing for good and may become another or a final one; a final
 * one may only count another attempt with the same payload. `isOtherwiseEqual` says that nothing but that count and its
 * time differs. Nothing else in an intake or the ledger may change at all, and nothing may be removed.
 */
export function mayChange(before: RefusalState, after: RefusalState, isOtherwiseEqual: boolean): boolean {
  if (!before.final) return true;
  if (!after.final || !isOtherwiseEqual || before.payloadHash !== after.payloadHash) return false;
  if (after.attempts <= before.attempts || after.lastAt === undefined) return false;
  return before.lastAt === undefined || !isAfter(before.lastAt, after.lastAt);
}
