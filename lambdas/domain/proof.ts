import type { Anchor, AnchoredHead } from './anchor.ts';
import { txnIdOf } from './ids.ts';
import { isBalanced, type JournalEntry } from './journal.ts';
import { type ContentHash, chainHash, contentHash, entryHash, type PageFacts, type PageHash } from './page.ts';

/** What shows, without the ledger, that an entry stands in a page of this hash: its neighbours only by their hashes. */
export interface EntryProof extends PageFacts {
  readonly entry: JournalEntry;
  /** The entry's place among `entryHashes`. */
  readonly index: number;
  readonly entryHashes: readonly string[];
  readonly prevHash: PageHash;
  readonly pageHash: PageHash;
}

/** The content hashes of the pages after the entry's, by sequence: they lead to the page that was anchored. */
export type ChainLinks = ReadonlyMap<number, ContentHash>;

/** Why an entry isn't proven. What was tampered with, or what is still needed. */
export type ProofFailure =
  | { readonly status: 'entry_altered'; readonly detail: string }
  | { readonly status: 'page_altered'; readonly detail: string }
  /** The lane was anchored with another history than the one the receipt shows. */
  | { readonly status: 'chain_differs'; readonly anchor: Anchor; readonly head: AnchoredHead }
  | { readonly status: 'links_missing'; readonly fromSeq: number; readonly toSeq: number }
  /** Every anchor of this lane was put before the entry was posted. */
  | { readonly status: 'anchor_older'; readonly anchoredSeq: number }
  | { readonly status: 'lane_not_anchored' };

export type ProofOutcome =
  | { readonly status: 'proven'; readonly anchor: Anchor; readonly head: AnchoredHead }
  | ProofFailure;

/**
 * Whether the entry was in the ledger when one of these anchors was put, unchanged: entry in page, page in chain, chain up to
 * the anchored hash. Needs nothing but its arguments. One anchor that contradicts the receipt outweighs all that agree.
 */
export function verifyProof(proof: EntryProof, links: ChainLinks, anchors: readonly Anchor[]): ProofOutcome {
  const altered = entryFault(proof) ?? pageFault(proof);
  if (altered !== undefined) return altered;
  const outcomes = anchors.flatMap((anchor) =>
    anchor.heads.filter((head) => isSameLane(head, proof)).map((head) => follow(proof, links, anchor, head)),
  );
  // Of several proofs the earliest says most, of several steps missing the shortest.
  return [...outcomes].sort(byWeight)[0] ?? { status: 'lane_not_anchored' };
}

function entryFault({ tenant, entry, index, entryHashes }: EntryProof): ProofFailure | undefined {
  const fault = (detail: string) => ({ status: 'entry_altered', detail }) as const;
  if (!isBalanced(entry)) return fault('its postings do not net to zero');
  if (entry.txnId !== txnIdOf(tenant, entry.eventId)) return fault('its transaction id is not that of the event');
  if (entryHashes[index] !== entryHash(entry)) return fault('its hash is not the one in its page');
  return undefined;
}

function pageFault(proof: EntryProof): ProofFailure | undefined {
  if (chainHash(proof.prevHash, contentHash(proof, proof.entryHashes)) === proof.pageHash) return undefined;
  return { status: 'page_altered', detail: 'what the receipt says of its page does not give the page hash' };
}

/** Follows the chain from the entry's page to the anchored one. */
function follow(proof: EntryProof, links: ChainLinks, anchor: Anchor, head: AnchoredHead): ProofOutcome {
  if (head.seq < proof.seq) return { status: 'anchor_older', anchoredSeq: head.seq };
  let hash = proof.pageHash;
  for (let seq = proof.seq + 1; seq <= head.seq; seq += 1) {
    const content = links.get(seq);
    if (content === undefined) return { status: 'links_missing', fromSeq: seq, toSeq: head.seq };
    hash = chainHash(hash, content);
  }
  return { status: hash === head.chain ? 'proven' : 'chain_differs', anchor, head };
}

const weights: readonly ProofOutcome['status'][] = ['chain_differs', 'proven', 'links_missing', 'anchor_older'];

function byWeight(left: ProofOutcome, right: ProofOutcome): number {
  const difference = weights.indexOf(left.status) - weights.indexOf(right.status);
  if (difference !== 0) return difference;
  if (left.status === 'proven' && right.status === 'proven') return left.anchor.at < right.anchor.at ? -1 : 1;
  if (left.status === 'links_missing' && right.status === 'links_missing') return left.toSeq - right.toSeq;
  if (left.status === 'anchor_older' && right.status === 'anchor_older') return right.anchoredSeq - left.anchoredSeq;
  return 0;
}

function isSameLane(head: AnchoredHead, { tenant, period, lane }: EntryProof): boolean {
  return head.tenant === tenant && head.period === period && head.lane === lane;
}
