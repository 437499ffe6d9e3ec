import type { DiscrepancyType } from './discrepancy.ts';
import { ACCOUNTS, type JournalEntry, receivableOf } from './journal.ts';
import { ADJUSTMENT_LANE, type Lane } from './lane.ts';
import { nextPeriod, type Period } from './period.ts';

/** What an entry got wrong about the event it charges. */
export interface EntryFault {
  readonly type: DiscrepancyType;
  readonly expected: string;
  readonly posted: string;
  readonly message: string;
}

/**
 * Compares an entry with the one its intake record gives when it is rated again at its pinned price version, field by
 * field: whatever was edited on both legs alike, and hashed again without a seam, still is not what was accepted.
 */
export function entryFaults(posted: JournalEntry, expected: JournalEntry, lane: Lane): EntryFault[] {
  const faults: EntryFault[] = [];
  const compare = (type: DiscrepancyType, message: string, ours: unknown, theirs: unknown) => {
    if (ours !== theirs) faults.push({ type, message, expected: String(ours), posted: String(theirs) });
  };
  compare('kind_mismatch', 'its kind is not that of its intake', expected.kind, posted.kind);
  const laneKind = lane === ADJUSTMENT_LANE ? 'adjustment' : 'usage';
  compare('kind_mismatch', 'its kind does not belong in this lane', laneKind, posted.kind);
  compare('price_version_mismatch', 'it was rated at another version', expected.priceVersion, posted.priceVersion);
  const [charge, charged] = [receivableOf(expected), receivableOf(posted)];
  compare('amount_mismatch', 'it charges another amount', charge, charged);
  if (charge === charged) {
    compare('malformed_entry', 'its postings are not those of its kind', legsOf(expected), legsOf(posted));
  }
  compare('altered_entry', 'its transaction id is another', expected.txnId, posted.txnId);
  compare('altered_entry', 'its metric is another', expected.metric, posted.metric);
  compare('altered_entry', 'its quantity is another', expected.quantity, posted.quantity);
  compare('altered_entry', 'its date is another', expected.eventDate, posted.eventDate);
  return faults;
}

/** The months an entry was rolled past, each of which must have been closed; none when it lies before its own. */
export function* monthsRolledPast(natural: Period, booked: Period): Generator<Period, undefined> {
  // One by one: of a forged entry in a year far ahead there are a hundred thousand.
  for (let month = natural; month < booked; month = nextPeriod(month)) yield month;
}

function legsOf({ postings }: JournalEntry): string {
  const inOrder = [...postings].sort((left, right) => ACCOUNTS.indexOf(left.account) - ACCOUNTS.indexOf(right.account));
  return inOrder.map(({ account, amountMinor }) => `${account} ${amountMinor}`).join(', ');
}
