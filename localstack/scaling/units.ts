import { ENTRIES_PER_PAGE_MAX } from '../../lambdas/domain/page.ts';

/** Of a transaction of the consumer, from the read of the lane's head to its commit; the design of the lanes assumes as much. */
export const TRANSACTION_SECONDS = 0.05;

/** SQS's limit for a FIFO event source. */
export const MESSAGES_PER_BATCH = 10;

/** A page is some 300 bytes and 262 an entry, and is written in a transaction (test/scaling holds it to what is counted). */
const PAGE_BYTES = 300;
const ENTRY_BYTES = 262;
const WRITE_UNIT_BYTES = 1_024;
const TRANSACTIONAL = 2;

export function pageUnits(entries: number): number {
  return TRANSACTIONAL * Math.ceil((PAGE_BYTES + ENTRY_BYTES * entries) / WRITE_UNIT_BYTES);
}

/** Write units of one event at rest, by where they are written. */
export function intakeUnits(batch: number): number {
  // A batch goes into the intake in transactions.
  return batch > 1 ? TRANSACTIONAL : 1;
}
export const INDEX_UNITS = 1;
export const MARKER_UNITS = TRANSACTIONAL;
export const HEAD_UNITS = TRANSACTIONAL;

/** Events in one message of a batch of so many, on average. */
export function eventsPerMessage(batch: number): number {
  return batch / Math.ceil(batch / ENTRIES_PER_PAGE_MAX);
}

/**
 * Events that a lane's consumer posts in one transaction while so many come each second: what has come while the one before was
 * under way, at least a message, at most a page.
 */
export function eventsPerTransaction(laneEventsPerSecond: number, batch: number): number {
  const message = eventsPerMessage(batch);
  const waiting = laneEventsPerSecond * TRANSACTION_SECONDS;
  return Math.min(ENTRIES_PER_PAGE_MAX, MESSAGES_PER_BATCH * message, Math.max(message, waiting));
}

/** What a lane posts each second at most: its batches come one after another, each in as many transactions as it fills pages. */
export function laneEventsPerSecond(batch: number): number {
  const events = MESSAGES_PER_BATCH * eventsPerMessage(batch);
  return events / (Math.ceil(events / ENTRIES_PER_PAGE_MAX) * TRANSACTION_SECONDS);
}
