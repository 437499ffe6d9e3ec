import type { EventId, TenantId } from '../domain/ids.ts';
import { receivableOf } from '../domain/journal.ts';
import { notFound } from '../http/problem.ts';
import { DamagedItemError } from '../storage/item.ts';
import type { Marker } from '../storage/ledger.ts';
import type { ReadPorts } from './ports.ts';

/** What became of an accepted event, with the proof of its entry once it is posted; a 404 for what the tenant never sent. */
export async function receipt(tenant: TenantId, eventId: EventId, { intake, ledger }: ReadPorts): Promise<object> {
  const record = await intake.find(tenant, eventId);
  if (record === undefined) throw notFound();
  const { receivedAt } = record.event;
  const marker = await ledger.marker(tenant, eventId);
  if (marker !== undefined) return posted(eventId, marker, receivedAt, ledger);
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
  ledger: ReadPorts['ledger'],
): Promise<object> {
  const { tenant, period, lane, seq, index } = marker;
  const page = await ledger.page({ tenant, period, lane }, seq);
  const entry = page?.entries[index];
  if (page === undefined || entry?.eventId !== eventId) {
    throw new DamagedItemError(
      `The marker of ${eventId} points to page ${seq} of lane ${lane}, which lacks its entry.`,
    );
  }
  return {
    event_id: eventId,
    status: 'posted',
    received_at: receivedAt,
    txn_id: entry.txnId,
    period,
    amount_minor: receivableOf(entry).toString(),
    price_version: entry.priceVersion,
    proof: { period, lane, seq, page_hash: page.hash },
  };
}
