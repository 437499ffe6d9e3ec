import type { AdjustmentEvent } from './adjustment-event.ts';
import { type EventId, type Metric, type TxnId, txnIdOf } from './ids.ts';
import type { Instant } from './instant.ts';
import { type AmountMinor, add, negate, type Quantity, sum, zeroMinor } from './money.ts';
import { effectiveDate, type UsageEvent } from './usage-event.ts';

/** The chart of accounts: what a tenant owes, what was earned from usage, and what was credited or charged by hand. */
export const ACCOUNTS = ['receivable', 'revenue', 'adjustments'] as const;
export type Account = (typeof ACCOUNTS)[number];

export interface Posting {
  readonly account: Account;
  /** A debit is positive, a credit negative. */
  readonly amountMinor: AmountMinor;
}

export type EntryKind = 'usage' | 'adjustment';

/** One event's charge. Never changed once written: a correction is another entry. */
export interface JournalEntry {
  readonly eventId: EventId;
  readonly txnId: TxnId;
  readonly kind: EntryKind;
  readonly metric: Metric | null;
  readonly quantity: Quantity | null;
  readonly eventDate: Instant;
  readonly priceVersion: number | null;
  readonly postings: readonly Posting[];
}

/** Sums per account; an account that never moved is zero. */
export type Totals = Readonly<Record<Account, AmountMinor>>;

export const zeroTotals: Totals = { receivable: zeroMinor, revenue: zeroMinor, adjustments: zeroMinor };

/** Charges a usage event: the tenant's receivable is debited and revenue credited with the same amount. */
export function usageEntry(event: UsageEvent, charge: AmountMinor): JournalEntry {
  return {
    eventId: event.eventId,
    txnId: txnIdOf(event.tenant, event.eventId),
    kind: 'usage',
    metric: event.metric,
    quantity: event.quantity,
    eventDate: effectiveDate(event),
    priceVersion: event.priceVersion,
    postings: transfer(charge, 'revenue', 'receivable'),
  };
}

/** Charges (a positive amount) or credits by hand; there is neither a metric nor a price behind it. */
export function adjustmentEntry(event: AdjustmentEvent): JournalEntry {
  return {
    eventId: event.eventId,
    txnId: txnIdOf(event.tenant, event.eventId),
    kind: 'adjustment',
    metric: null,
    quantity: null,
    eventDate: event.receivedAt,
    priceVersion: null,
    postings: transfer(event.amountMinor, 'adjustments', 'receivable'),
  };
}

/** The only way postings come into being: one amount leaves an account and arrives in another, so they net to zero. */
function transfer(amount: AmountMinor, from: Account, to: Account): readonly Posting[] {
  return [
    { account: to, amountMinor: amount },
    { account: from, amountMinor: negate(amount) },
  ];
}

/** What the entry adds to what the tenant owes. */
export function receivableOf(entry: JournalEntry): AmountMinor {
  return sum(entry.postings.filter(({ account }) => account === 'receivable').map(({ amountMinor }) => amountMinor));
}

export function isBalanced(entry: JournalEntry): boolean {
  return sum(entry.postings.map(({ amountMinor }) => amountMinor)) === zeroMinor;
}

export function sameTotals(left: Totals, right: Totals): boolean {
  return ACCOUNTS.every((account) => left[account] === right[account]);
}

export function addTotals(left: Totals, right: Totals): Totals {
  const sums = ACCOUNTS.map((account) => [account, add(left[account], right[account])]);
  return Object.fromEntries(sums) as Totals;
}

/** The totals once these entries are posted on top. */
export function totalsAfter(before: Totals, entries: readonly JournalEntry[]): Totals {
  const totals = { ...before };
  for (const { postings } of entries) {
    for (const { account, amountMinor } of postings) totals[account] = add(totals[account], amountMinor);
  }
  return totals;
}
