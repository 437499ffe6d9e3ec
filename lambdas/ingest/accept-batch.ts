import { nowOf } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import type { EventId, RequestId, TenantId } from '../domain/ids.ts';
import { ENTRIES_PER_PAGE_MAX } from '../domain/page.ts';
import { type PayloadHash, payloadHash, type UsagePayload } from '../domain/usage-event.ts';
import { groupBy } from '../group-by.ts';
import { type FieldError, malformed, Problem } from '../http/problem.ts';
import { TRANSACTION_ITEMS_MAX } from '../storage/intake-transaction.ts';
import type { IntakeRecord } from '../storage/usage-intake.ts';
import type { UsageMessage } from '../storage/usage-message.ts';
import { tellKnown } from '../trail.ts';
import { conflict, INTAKE_TIMEOUT_MS } from './accept-usage.ts';
import type { BatchItem } from './batch-request.ts';
import { bookFor, type Prices, timelyFaults } from './timely-rules.ts';
import { type WritePorts, type Written, writeIntake } from './write-intake.ts';

/** All of the world that accepting a batch reaches. */
export interface BatchPorts extends WritePorts {
  readonly intake: WritePorts['intake'] & {
    findMany(tenant: TenantId, eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, IntakeRecord>>;
  };
  readonly queue: {
    sendAll(messages: readonly UsageMessage[]): Promise<ReadonlyMap<number, unknown>>;
  };
  readonly prices: Prices;
}

/** A payload at its place in the batch, and what is wrong with it today, if it is a new one. */
interface Sent {
  readonly payload: UsagePayload;
  readonly hash: PayloadHash;
  readonly faults: readonly FieldError[];
}

/** What becomes of each place of a batch: undefined where its event is accepted. Throws only before anything is written. */
export async function acceptItems(
  items: readonly BatchItem[],
  ports: BatchPorts,
  requestId: RequestId | undefined,
): Promise<(Problem | undefined)[]> {
  const payloads = items.filter((item): item is UsagePayload => !(item instanceof Problem));
  const verdicts = (payloads.length === 0 ? [] : await acceptBatch(payloads, ports, requestId)).values();
  return items.map((item) => (item instanceof Problem ? item : verdicts.next().value));
}

/**
 * Accepts a tenant's usage events, each once, as if they came one by one: returns when every accepted one has a durable
 * record. What is wrong with one is its own problem and no other's; undefined where there is none.
 */
async function acceptBatch(
  payloads: readonly UsagePayload[],
  ports: BatchPorts,
  requestId: RequestId | undefined,
): Promise<(Problem | undefined)[]> {
  const deadlineMs = ports.clock.nowMs() + INTAKE_TIMEOUT_MS;
  const receivedAt = nowOf(ports.clock);
  const book = await bookFor(new Set(payloads.map(({ metric }) => metric)), receivedAt, ports.prices);
  const sent = payloads.map(
    (payload): Sent => ({
      payload,
      hash: payloadHash(payload),
      faults: timelyFaults(payload, receivedAt, book),
    }),
  );
  const known = await lookUp(sent, ports);
  // Without a price book nothing is acceptable, so nothing is new.
  const events =
    book === undefined
      ? []
      : newEvents(sent, known).map((payload) => ({ ...payload, receivedAt, priceVersion: book.version, requestId }));
  const limits = { perTransaction: TRANSACTION_ITEMS_MAX, deadlineMs };
  const written = await writeIntake(events, ports, limits);
  for (const [eventId, record] of known) written.set(eventId, { record, isNew: false });
  const verdicts = judge(sent, written, ports);
  const before = [...written.values()].filter(({ isNew }) => !isNew);
  tellKnown(
    before.map(({ record }) => record.event),
    requestId,
    ports.telemetry,
  );
  await enqueue(sent, verdicts, written, ports);
  crashPoint('ingest:after-send');
  return verdicts;
}

/**
 * The records of ids whose payload is not acceptable today: a known id is recognised before the rules that change with
 * time. All others are recognised by the attempt to write them.
 */
async function lookUp(sent: readonly Sent[], { intake }: BatchPorts): Promise<ReadonlyMap<EventId, IntakeRecord>> {
  const doubtful = sent.filter(({ faults }) => faults.length > 0).map(({ payload }) => payload);
  const [first] = doubtful;
  if (first === undefined) return new Map();
  return intake.findMany(first.tenant, [...new Set(doubtful.map(({ eventId }) => eventId))]);
}

/** Of each id that may be new, the first payload that is acceptable: it alone is written. */
function newEvents(sent: readonly Sent[], known: ReadonlyMap<EventId, IntakeRecord>): UsagePayload[] {
  const acceptable = sent.filter(({ faults }) => faults.length === 0).map(({ payload }) => payload);
  const unknown = acceptable.filter(({ eventId }) => !known.has(eventId));
  return [...groupBy(unknown, ({ eventId }) => eventId).values()].flatMap(([first]) => first ?? []);
}

/** What each is, in order, by what its id stands for now. */
function judge(
  sent: readonly Sent[],
  written: ReadonlyMap<EventId, Written>,
  { telemetry }: BatchPorts,
): (Problem | undefined)[] {
  // From the first acceptable payload on, an id that was new stands for it.
  const taken = new Set<EventId>();
  return sent.map(({ payload: { eventId }, hash, faults }) => {
    const standing = written.get(eventId);
    const isUnknownYet = standing === undefined || (standing.isNew && !taken.has(eventId));
    if (isUnknownYet && faults.length > 0) return malformed(faults);
    if (standing === undefined) return notInTime();
    if (standing.record.payloadHash !== hash) {
      telemetry.count('conflicts');
      return conflict();
    }
    telemetry.count(standing.isNew && !taken.has(eventId) ? 'accepted' : 'replayed');
    taken.add(eventId);
    return undefined;
  });
}

/**
 * Sends what was accepted on its way, about a journal page to a message; also what was known, for its first try may have
 * died before its message. What the queue does not take now, the sweep sends later.
 */
async function enqueue(
  sent: readonly Sent[],
  verdicts: readonly (Problem | undefined)[],
  written: ReadonlyMap<EventId, Written>,
  { queue, telemetry }: BatchPorts,
): Promise<void> {
  const accepted = new Set(
    sent.filter((_, index) => verdicts[index] === undefined).map(({ payload }) => payload.eventId),
  );
  const events = [...accepted].flatMap((eventId) => written.get(eventId)?.record.event ?? []);
  const messages: UsageMessage[] = [];
  for (let start = 0; start < events.length; start += ENTRIES_PER_PAGE_MAX) {
    const some = events.slice(start, start + ENTRIES_PER_PAGE_MAX);
    if (some[0] !== undefined) messages.push({ tenant: some[0].tenant, events: some });
  }
  if (messages.length === 0) return;
  for (const [index, cause] of await queue.sendAll(messages)) {
    const count = messages[index]?.events.length ?? 0;
    telemetry.count('enqueueFailed', count);
    telemetry.error('Accepted events were not enqueued; the sweep will send them.', cause, { events: count });
  }
}

function notInTime(): Problem {
  return new Problem('unavailable', 'It could not be accepted in time: send the same event again in a moment.');
}
