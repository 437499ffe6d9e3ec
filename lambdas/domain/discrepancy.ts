import type { Branded } from './brand.ts';
import { sha256Hex } from './digest.ts';
import type { EventId, TenantId, TxnId } from './ids.ts';
import type { Lane } from './lane.ts';
import type { Period } from './period.ts';

/** Every way in which the records can contradict each other, by the name a reconciliation reports it under. */
export const DISCREPANCY_TYPES = [
  // A lane's pages and head.
  'gap',
  'broken_chain',
  'altered_page',
  'unbalanced_entry',
  'head_mismatch',
  'page_beyond_head',
  'page_without_head',
  'rolled_back_head',
  'rewritten_chain',
  // An entry and what it came from.
  'missing_intake',
  'missing_marker',
  'marker_mismatch',
  'duplicate_entry',
  'payload_mismatch',
  'amount_mismatch',
  'malformed_entry',
  'altered_entry',
  'price_version_mismatch',
  'unknown_price',
  'kind_mismatch',
  'period_mismatch',
  // A marker, refusal or intake record.
  'orphan_marker',
  'future_marker',
  'refusal_without_intake',
  'unfounded_refusal',
  'altered_intake',
  'unsettled',
  // A closed month.
  'gate_without_closure',
  'reopened_gate',
  'missing_seal',
  'seal_mismatch',
  'broken_seal_chain',
  'carry_mismatch',
  // What was anchored.
  'anchored_hash_missing',
  'anchored_seal_missing',
  'anchored_intake_mismatch',
  'damaged_anchor',
  'missing_anchor',
  'anchor_link_mismatch',
  'anchor_index_mismatch',
  // Anything.
  'damaged_item',
  'foreign_item',
] as const;
export type DiscrepancyType = (typeof DISCREPANCY_TYPES)[number];

/** Where it is, as far as that can be said. */
export interface Place {
  readonly period?: Period;
  readonly lane?: Lane;
  readonly seq?: number;
  /** The entry's place in its page. */
  readonly index?: number;
  /** Keys of the item, where nothing of the above can be read from it. */
  readonly item?: string;
}

/** One contradiction between two records: what it is, whose, where, and what was expected instead. */
export interface Discrepancy {
  readonly type: DiscrepancyType;
  /** Undefined when the item names no tenant. */
  readonly tenant: TenantId | undefined;
  readonly eventId?: EventId;
  readonly txnId?: TxnId;
  readonly expected?: string;
  readonly posted?: string;
  readonly place: Place;
  /** For the person who looks into it. */
  readonly message: string;
}

export type DiscrepancyId = Branded<string, 'DiscrepancyId'>;

/** The same for the same contradiction in the same place, whichever run sees it and whatever has become of its amounts. */
export function discrepancyId({ type, tenant, eventId, place }: Discrepancy): DiscrepancyId {
  const { period, lane, seq, index, item } = place;
  const where = [tenant, eventId, period, lane, seq, index, item].map((part) => part ?? null);
  return sha256Hex(JSON.stringify(['zerosum/discrepancy/1', type, ...where])).slice(0, 32) as DiscrepancyId;
}
