import { type Clock, nowOf } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import type { EventId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { type PriceBook, priceBookAt } from '../domain/price-book.ts';
import { payloadHash, type UsageEvent, type UsagePayload } from '../domain/usage-event.ts';
import { isWithinWindow } from '../domain/window.ts';
import { type FieldError, malformed, Problem } from '../http/problem.ts';
import type { IntakeRecord } from '../storage/usage-intake.ts';
import type { UsageMessage } from '../storage/usage-message.ts';
import type { Telemetry } from '../telemetry.ts';

/** All of the world that accepting an event reaches. */
export interface IngestPorts {
  readonly intake: {
    accept(event: UsageEvent, timeoutMs: number): Promise<IntakeRecord | undefined>;
    find(tenant: TenantId, eventId: EventId): Promise<IntakeRecord | undefined>;
  };
  readonly queue: { send(message: UsageMessage): Promise<void> };
  readonly prices: {
    priceBooks(): Promise<readonly PriceBook[]>;
    freshPriceBooks(): Promise<readonly PriceBook[]>;
  };
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Longer than a healthy write ever takes, and short enough that the caller still gets an answer to act on. */
const INTAKE_TIMEOUT_MS = 5_000;

/**
 * Accepts a usage event, once: returns when its intake record is durable, which is what makes it certain to settle. A
 * known id with the same payload is accepted again, at any age and price; with another payload it is a 409. Throws a
 * Problem, and then nothing was written.
 */
export async function acceptUsage(payload: UsagePayload, ports: IngestPorts): Promise<void> {
  const receivedAt = nowOf(ports.clock);
  const book = await bookFor(payload, receivedAt, ports);
  const faults = timelyFaults(payload, receivedAt, book);
  // A known id is recognised before the rules that change with time; only then is a look-up worth its read.
  if (book === undefined || faults.length > 0) {
    const known = await ports.intake.find(payload.tenant, payload.eventId);
    if (known === undefined) throw malformed(faults);
    return acceptAgain(payload, known, ports);
  }
  const event = { ...payload, receivedAt, priceVersion: book.version };
  crashPoint('ingest:before-intake');
  const known = await ports.intake.accept(event, INTAKE_TIMEOUT_MS);
  if (known !== undefined) return acceptAgain(payload, known, ports);
  crashPoint('ingest:after-intake');
  ports.telemetry.count('accepted');
  await enqueue(event, ports);
  crashPoint('ingest:after-send');
}

async function acceptAgain(payload: UsagePayload, known: IntakeRecord, ports: IngestPorts): Promise<void> {
  if (known.payloadHash !== payloadHash(payload)) {
    ports.telemetry.count('conflicts');
    throw new Problem('conflict', 'This id stands for another payload: use a new one for a new event.');
  }
  ports.telemetry.count('replayed');
  // The first try may have died between its record and its message; a message too many is dropped by its marker.
  await enqueue(known.event, ports);
}

/** Sends the event on its way. Not part of the promise: what the queue does not take now, the sweep sends later. */
async function enqueue(event: UsageEvent, { queue, telemetry }: IngestPorts): Promise<void> {
  try {
    await queue.send({ tenant: event.tenant, events: [event] });
  } catch (error) {
    telemetry.count('enqueueFailed');
    telemetry.error('An accepted event was not enqueued; the sweep will send it.', error, { event_id: event.eventId });
  }
}

/** The price book now in force, read afresh when the cached one does not know the metric. */
async function bookFor(payload: UsagePayload, at: Instant, { prices }: IngestPorts): Promise<PriceBook | undefined> {
  const cached = priceBookAt(await prices.priceBooks(), at);
  if (cached?.unitPrices.has(payload.metric)) return cached;
  return priceBookAt(await prices.freshPriceBooks(), at);
}

/** What is wrong with the payload today, if it is a new one. */
function timelyFaults(payload: UsagePayload, now: Instant, book: PriceBook | undefined): FieldError[] {
  const faults: FieldError[] = [];
  if (!book?.unitPrices.has(payload.metric)) faults.push({ field: 'metric', message: 'is not in the price book' });
  if (payload.eventDate !== null && !isWithinWindow(payload.eventDate, now)) {
    faults.push({ field: 'event_date', message: 'must lie within the last year and at most a day ahead' });
  }
  return faults;
}
