import type { FullProof, JournalEntry } from '../../../../../client/types/api.ts';

const ACCOUNTS = ['receivable', 'revenue', 'adjustments'] as const;

/** What of a proof holds by itself. */
export interface ProofCheck {
  /** The entry's hash, made from what is shown, is the one that the page lists for it. */
  readonly isEntrysHash: boolean;
  /** The page's hash follows from its entries' hashes, time and totals, and the page before. */
  readonly isPagesHash: boolean;
}

/**
 * Makes the hashes of a proof again, by the rules of the service's journal (`lambdas/domain/page.ts`). Undefined where the browser has no
 * cryptography: on an address that is neither https nor this machine's own.
 */
export async function checkProof(proof: FullProof): Promise<ProofCheck | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  const entryHash = await sha256(entryForm(proof.entry));
  const content = await sha256([
    ...['zerosum/page/2', proof.tenant, proof.period, proof.lane, proof.seq, proof.posted_at, proof.entry_hashes],
    ACCOUNTS.map((account) => proof.totals[account]),
  ]);
  const page = await sha256(['zerosum/chain/2', proof.prev_hash, content]);
  return { isEntrysHash: proof.entry_hashes[proof.index] === entryHash, isPagesHash: page === proof.page_hash };
}

function entryForm(entry: JournalEntry): unknown[] {
  return [
    ...['zerosum/entry/1', entry.event_id, entry.txn_id, entry.kind, entry.metric, entry.quantity],
    ...[entry.event_date, entry.price_version],
    entry.postings.map(({ account, amount_minor: amount }) => [account, amount]),
  ];
}

/** SHA-256 in hex of a form's JSON. */
async function sha256(form: readonly unknown[]): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(form))));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
