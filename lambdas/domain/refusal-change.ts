import { isAfter } from './instant.ts';
import type { Refusal } from './refusal.ts';

/**
 * Whether a refusal may have become another by what `afterFailure` does: a provisional one makes way for another payload's
 * or becomes final, and any counts one more failure. Nothing else in an intake or the ledger ever changes.
 */
export function maySucceed(before: Refusal, after: Refusal): boolean {
  if (before.payloadHash !== after.payloadHash) return !before.final;
  if (after.attempts <= before.attempts || isAfter(before.lastAt, after.lastAt)) return false;
  if (after.firstAt !== before.firstAt) return false;
  return !before.final || (after.final && after.reason === before.reason);
}
