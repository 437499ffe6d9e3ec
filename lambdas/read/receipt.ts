import { type EventId, parseAdjustmentEventId, type TenantId } from '../domain/ids.ts';
import { receivableOf } from '../domain/journal.ts';
import { notFound } from '../http/problem.ts';
import { DamagedItemError } from '../storage/item.ts';
import type { Marker } from '../storage/ledger.ts';
import { fullProof } from './full-proof.ts';
import type { ReadPorts } from './ports.ts';
import type { LinkRange } from './receipt-query.ts';

/**
 * What became of an accepted event, with the proof of its entry once it is posted; a 404 for what was never accepted for this
 * tenant. With a range, the proof is a full one, linked to the pages in it.
 */
export async function receipt(
  tenant: TenantId,
  eventId: EventId,
  ports: ReadPorts,
  range?: LinkRange,
): Promise<object> {
  const { ledger } = ports;
  const isAdjustment = parseAdjustmentEventId(eventId) !== undefined;
  const record = await (isAdjustment ? ports.adjustments : ports.intake).find(tenant, eventId);
  if (record === undefined) throw notFound();
  const { receivedAt } = record.event;
  const marker = await ledger.marker(tenant, eventId);
  if (marker !== undefined) return posted(eventId, marker, receivedAt, { ledger, range });
  const refusal = await ledger.refusal(tenant, eventId);
  // The id's refusal may be of another payload: that says nothing about this one.
  if (refusal?.payloadHash !== record.payloadHash) {
    return { event_id: eventId, status: 'accepted', received_at: receivedAt };
  }
  const status = refusal.final ? 'refused' : 'accepted';
  return { event_id: eventId, status, received_at: receivedAt, reason: refusal.reason };
}

async function posted(
  eventId: EventId,
  marker: Marker,
  receivedAt: string,
  { ledger, range }: { ledger: ReadPorts['ledger']; range: LinkRange | undefined },
): Promise<object> {
  const { tenant, period, lane, seq, index } = marker;
  const page = await ledger.page({ tenant, period, lane }, seq);
  const entry = page?.entries[index];
  if (page === undefined || entry?.eventId !== eventId) {
    throw new DamagedItemError(
      `The marker of ${eventId} points to page ${seq} of lane ${lane}, which lacks its entry.`,
    );
  }
  const place = { period, lane, seq, page_hash: page.hash };
  return {
    event_id: eventId,
    status: 'posted',
    received_at: receivedAt,
    txn_id: entry.txnId,
    period,
    amount_minor: receivableOf(entry).toString(),
    price_version: entry.priceVersion,
    proof: range === undefined ? place : await fullProof(page, index, entry, range, ledger),
  };
}
