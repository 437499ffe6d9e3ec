import type { Discrepancy } from '../../../../../client/types/api.ts';

/** What to do about a finding, and under which heading of docs/runbook.md it is described. */
interface Cure {
  readonly next: string;
  readonly heading: string;
  /** Whether another try of the event is part of it. */
  readonly redrives?: true;
}

/** A kind of finding in words. */
interface FindingWords extends Cure {
  readonly title: string;
}

const drift: Cure = {
  next: "Close no month of this tenant, and find out which record is right: the entry, its intake record or the anchor. Look into the audit log and the provider's trail for who reached the tables. What was edited or removed is put back from a restore; a wrong amount is corrected by an adjustment, never by an edit.",
  heading: 'Drift',
};

const restore: Cure = {
  next: 'Put the item back as it was from a restore of the table to a moment before it was lost or edited; then reconcile again in full.',
  heading: 'Restore a table from a point in time',
};

const redrive: Cure = {
  next: 'It was accepted and lies in neither entry nor refusal. The sweep sends such events again by itself; redrive it to do so now. If nothing had failed, somebody removed its entry.',
  heading: 'StrandedEvents',
  redrives: true,
};

const halted: Cure = {
  next: 'Nothing is posted to this lane until head and pages agree again: put back what was edited or removed, then redrive what waited.',
  heading: 'LanesHalted',
};

/** Every kind of finding, by the name the API gives it. */
const findingWords: Readonly<Record<Discrepancy['type'], FindingWords>> = {
  gap: { title: 'A page is missing from a lane', ...restore },
  broken_chain: { title: 'A page does not continue the page before it', ...drift },
  altered_page: { title: 'A page was edited after it was posted', ...drift },
  unbalanced_entry: { title: 'An entry does not net to zero', ...drift },
  head_mismatch: { title: "A lane's head says otherwise than its pages", ...halted },
  page_beyond_head: { title: 'A page lies beyond the head of its lane', ...halted },
  page_without_head: { title: 'A page lies in a lane that has no head', ...halted },
  rolled_back_head: { title: "A lane's head was set back", ...halted },
  rewritten_chain: { title: 'A lane was rewritten since it was last verified', ...drift },
  missing_intake: { title: 'An entry was posted that nobody had sent', ...drift },
  missing_marker: { title: 'An entry lacks the marker that keeps it from being posted again', ...restore },
  marker_mismatch: { title: "An event's marker points to another place than its entry", ...drift },
  duplicate_entry: { title: 'An event was charged twice', ...drift },
  payload_mismatch: { title: 'What was posted is not what was accepted', ...drift },
  amount_mismatch: { title: 'The amount is not what usage and price come to', ...drift },
  malformed_entry: { title: 'An entry has other postings than its kind has', ...drift },
  altered_entry: { title: 'An entry says something else than what was accepted', ...drift },
  price_version_mismatch: { title: 'An entry was rated at another version of the prices', ...drift },
  unknown_price: { title: 'An entry was rated at a price that does not exist', ...drift },
  kind_mismatch: { title: 'Usage and adjustment were taken for each other', ...drift },
  period_mismatch: { title: 'An entry lies in the wrong month', ...drift },
  orphan_marker: { title: 'A marker points to an entry that is not there', ...restore },
  future_marker: { title: 'A marker points beyond the end of its lane', ...drift },
  refusal_without_intake: { title: 'Something was refused that nobody had sent', ...drift },
  unfounded_refusal: { title: 'An event was refused without a reason that holds', ...redrive },
  altered_intake: { title: 'The record of an accepted event was edited', ...restore },
  unsettled: { title: 'An accepted event was neither posted nor refused', ...redrive },
  gate_without_closure: { title: 'A lane is shut though its month was never closed', ...drift },
  reopened_gate: { title: 'A lane of a closed month is open again', ...drift },
  missing_seal: { title: "A closed month's seal is gone", ...restore },
  seal_mismatch: { title: 'A closed month no longer comes to what was sealed', ...drift },
  broken_seal_chain: { title: 'A seal does not continue the seal before it', ...drift },
  carry_mismatch: { title: 'The balance carried forward is not the sum of the seals', ...drift },
  anchored_hash_missing: { title: 'What was anchored is no longer in the lane', ...drift },
  anchored_seal_missing: { title: 'A seal that was anchored is no longer there', ...drift },
  anchored_intake_mismatch: { title: 'The accepted events are not those that were anchored', ...drift },
  damaged_anchor: { title: 'An anchor can no longer be read', ...drift },
  missing_anchor: { title: 'An anchor is gone', ...drift },
  anchor_link_mismatch: { title: 'An anchor does not continue the anchor before it', ...drift },
  anchor_index_mismatch: { title: 'The list of anchors says otherwise than the anchors', ...drift },
  damaged_item: { title: 'A record can no longer be read', ...restore },
  foreign_item: { title: 'A record lies here that no function wrote', ...drift },
};

/** A kind of finding in words; one that is newer than this page by its name. */
export function wordsOf(type: Discrepancy['type']): FindingWords {
  const words: FindingWords | undefined = findingWords[type];
  return words ?? { title: String(type).replaceAll('_', ' '), ...drift };
}
