import * as z from 'zod';
import { type Anchor, type AnchorHash, anchorHash } from '../../lambdas/domain/anchor.ts';
import { parseTxnId } from '../../lambdas/domain/ids.ts';
import { ACCOUNTS, type JournalEntry, receivableOf } from '../../lambdas/domain/journal.ts';
import { type Lane, parseLane } from '../../lambdas/domain/lane.ts';
import { type AmountMinor, amountMinor, parseQuantity, type Quantity } from '../../lambdas/domain/money.ts';
import type { ContentHash } from '../../lambdas/domain/page.ts';
import type { EntryProof } from '../../lambdas/domain/proof.ts';
import { anchorOf, DamagedAnchorError } from '../../lambdas/storage/anchor-document.ts';
import { stored, text } from '../../lambdas/storage/item.ts';

/** A file that is neither a receipt with a full proof nor an anchor; the message says what to do. */
export class ProofFileError extends Error {}

/** A posted receipt, as far as its proof goes. */
export interface Receipt {
  readonly proof: EntryProof;
  /** By sequence. */
  readonly links: ReadonlyMap<number, ContentHash>;
}

export type ProofFile =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'anchor'; readonly anchor: Anchor; readonly hash: AnchorHash };

const INTEGER = /^(?:0|-?[1-9]\d*)$/;

const hash = stored.pageHash;
const contentHash = hash.transform((value) => value as string as ContentHash);
const amount = z
  .string()
  .regex(INTEGER)
  .transform((value): AmountMinor => amountMinor(BigInt(value)));
const position = z.int().nonnegative();

const lane = z.int().transform((value, context): Lane => parseLane(value) ?? refuse(context));
const quantity = z
  .string()
  .regex(INTEGER)
  .transform((value, context): Quantity => parseQuantity(BigInt(value)) ?? refuse(context));

const entrySchema = z.object({
  event_id: stored.eventId,
  txn_id: text(parseTxnId),
  kind: z.enum(['usage', 'adjustment']),
  metric: stored.metric.nullable(),
  quantity: quantity.nullable(),
  event_date: stored.instant,
  price_version: position.nullable(),
  postings: z.array(z.object({ account: z.enum(ACCOUNTS), amount_minor: amount })),
});

const proofSchema = z.object({
  tenant: stored.tenant,
  period: stored.period,
  lane,
  seq: position,
  page_hash: hash,
  index: position,
  posted_at: stored.instant,
  prev_hash: hash,
  totals: z.object({ receivable: amount, revenue: amount, adjustments: amount }),
  entry: entrySchema,
  entry_hashes: z.array(hash),
  links: z.object({ from_seq: position, hashes: z.array(contentHash) }).optional(),
});

const receiptSchema = z.object({
  event_id: stored.eventId,
  status: z.literal('posted'),
  txn_id: text(parseTxnId),
  period: stored.period,
  amount_minor: amount,
  price_version: position.nullable(),
  proof: proofSchema,
});

/** What a file holds. Throws a ProofFileError that tells what is wrong with it and what to do. */
export function proofFileOf(name: string, content: string): ProofFile {
  const json = parseJson(content);
  if (json === undefined) throw new ProofFileError(`${name} is no JSON file: give receipts and anchors.`);
  if ('event_id' in json) return { kind: 'receipt', receipt: receiptOf(name, json) };
  try {
    return { kind: 'anchor', anchor: anchorOf(content), hash: anchorHash(content) };
  } catch (error) {
    if (!(error instanceof DamagedAnchorError)) throw error;
    throw new ProofFileError(`${name} is ${error.message}. Keep an anchor byte for byte as the bucket gives it.`);
  }
}

function receiptOf(name: string, json: Record<string, unknown>): Receipt {
  const id = encodeURIComponent(String(json['event_id']));
  const status = json['status'];
  if (status === 'accepted' || status === 'refused') {
    throw new ProofFileError(`${name} says "${status}": only a posted event has an entry that can be proven.`);
  }
  if (!isFull(json['proof'])) throw new ProofFileError(`${name} has no full proof: get /events/${id}?proof=full.`);
  const parsed = receiptSchema.safeParse(json);
  if (!parsed.success) {
    const paths = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new ProofFileError(`${name} is no receipt as the API gives it; at fault: ${paths}.`);
  }
  const { proof: shown, ...summary } = parsed.data;
  const entry = entryOf(shown.entry);
  const disagreeing = [
    ...(summary.event_id === entry.eventId ? [] : ['event_id']),
    ...(summary.txn_id === entry.txnId ? [] : ['txn_id']),
    ...(summary.period === shown.period ? [] : ['period']),
    ...(summary.amount_minor === receivableOf(entry) ? [] : ['amount_minor']),
    ...(summary.price_version === entry.priceVersion ? [] : ['price_version']),
  ];
  if (disagreeing.length > 0) {
    throw new ProofFileError(
      `${name} contradicts its own proof, so one of both was altered: ${disagreeing.join(', ')}.`,
    );
  }
  const { posted_at: postedAt, prev_hash: prevHash, page_hash: pageHash, entry_hashes: entryHashes, links } = shown;
  const { tenant, period, seq, index, totals } = shown;
  return {
    proof: { tenant, period, lane: shown.lane, seq, index, totals, entry, postedAt, prevHash, pageHash, entryHashes },
    links: new Map(links?.hashes.map((content, offset) => [links.from_seq + offset, content])),
  };
}

function entryOf(shown: z.output<typeof entrySchema>): JournalEntry {
  return {
    eventId: shown.event_id,
    txnId: shown.txn_id,
    kind: shown.kind,
    metric: shown.metric,
    quantity: shown.quantity,
    eventDate: shown.event_date,
    priceVersion: shown.price_version,
    postings: shown.postings.map(({ account, amount_minor }) => ({ account, amountMinor: amount_minor })),
  };
}

function isFull(proof: unknown): boolean {
  return typeof proof === 'object' && proof !== null && 'entry' in proof;
}

function parseJson(content: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(content);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: 'not a value the API gives' });
  return z.NEVER;
}
