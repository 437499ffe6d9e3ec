import { type Anchor, anchorHash, anchorText } from '../../lambdas/domain/anchor.ts';
import { receivableOf } from '../../lambdas/domain/journal.ts';
import type { EntryProof, ProofOutcome } from '../../lambdas/domain/proof.ts';

/** The outcome for a person: what is proven, or which step failed and what to do. */
export function proofReport(proof: EntryProof, outcome: ProofOutcome): string {
  const { eventId } = proof.entry;
  if (outcome.status === 'proven') return proven(proof, outcome.anchor, outcome.head.seq);
  return `NOT PROVEN: ${eventId}\n${reasonOf(proof, outcome)}`;
}

function proven(proof: EntryProof, anchor: Anchor, anchoredSeq: number): string {
  const { tenant, period, lane, seq, index, entry, entryHashes, postedAt } = proof;
  const usage =
    entry.metric === null ? '' : ` for ${entry.quantity} ${entry.metric}, price version ${entry.priceVersion}`;
  return [
    `PROVEN: ${entry.eventId}`,
    `  ${entry.kind} of ${tenant}, dated ${entry.eventDate}: ${receivableOf(entry)} minor units in ${period}${usage}`,
    `  posted at ${postedAt}: page ${seq} of lane ${lane}, entry ${index + 1} of ${entryHashes.length}`,
    `  anchored at ${anchor.at} by a ${anchor.kind}, with page ${anchoredSeq}; unchanged since it was posted`,
    `  the anchor's SHA-256 is ${anchorHash(anchorText(anchor))}: it must be the one the bucket holds`,
  ].join('\n');
}

function reasonOf(proof: EntryProof, outcome: Exclude<ProofOutcome, { status: 'proven' }>): string {
  const { tenant, period, lane, seq, entry } = proof;
  const request = `/events/${encodeURIComponent(entry.eventId)}?proof=full`;
  switch (outcome.status) {
    case 'entry_altered':
      return `  The entry was altered: ${outcome.detail}. Get the receipt again from ${request}.`;
    case 'page_altered':
      return `  The page was altered: ${outcome.detail}. Get the receipt again from ${request}.`;
    case 'chain_differs':
      return [
        `  TAMPERING: at ${outcome.anchor.at} page ${outcome.head.seq} of lane ${lane} was anchored with another hash than this`,
        `  receipt leads to. Since then the receipt, its links or the ledger were changed. Keep both files, and have`,
        `  an administrator run a full reconciliation.`,
      ].join('\n');
    case 'links_missing':
      return [
        `  The anchor holds page ${outcome.toSeq}; how pages ${outcome.fromSeq} to ${outcome.toSeq} lead there is missing. Get it from`,
        `  ${request}&from_seq=${outcome.fromSeq}&to_seq=${outcome.toSeq}`,
        `  and give that file, too.`,
      ].join('\n');
    case 'anchor_older':
      return [
        `  The anchors reach page ${outcome.anchoredSeq} of lane ${lane}, the entry is in page ${seq}: they were put before it was posted.`,
        `  Give an anchor put after ${proof.postedAt}.`,
      ].join('\n');
    case 'lane_not_anchored':
      return `  No anchor lists lane ${lane} of ${tenant} in ${period}: give one put after ${proof.postedAt} that does.`;
  }
}
