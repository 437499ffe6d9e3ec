import { type Clock, nowOf } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import type { EventId, RequestId, TenantId } from '../domain/ids.ts';
import { payloadHash, type UsageEvent, type UsagePayload } from '../domain/usage-event.ts';
import { malformed, Problem } from '../http/problem.ts';
import type { IntakeRecord } from '../storage/usage-intake.ts';
import type { UsageMessage } from '../storage/usage-message.ts';
import type { Telemetry } from '../telemetry.ts';
import { nameInLog, tellKnown } from '../trail.ts';
import { bookFor, type Prices, timelyFaults } from './timely-rules.ts';

/** All of the world that accepting an event reaches. */
export interface IngestPorts {
  readonly intake: {
    accept(event: UsageEvent, timeoutMs: number): Promise<IntakeRecord | undefined>;
    find(tenant: TenantId, eventId: EventId): Promise<IntakeRecord | undefined>;
  };
  readonly queue: { send(message: UsageMessage): Promise<void> };
  readonly prices: Prices;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Longer than a healthy write ever takes, and short enough that the caller still gets an answer to act on. */
export const INTAKE_TIMEOUT_MS = 5_000;

/**
 * Accepts a usage event, once: returns when its intake record is durable, which is what makes it certain to settle. A
 * known id with the same payload is accepted again, at any age and price; with another payload it is a 409. Throws a
 * Problem, and then nothing was written.
 */
export async function acceptUsage(
  payload: UsagePayload,
  ports: IngestPorts,
  requestId: RequestId | undefined,
): Promise<void> {
  const receivedAt = nowOf(ports.clock);
  const book = await bookFor([payload.metric], receivedAt, ports.prices);
  const faults = timelyFaults(payload, receivedAt, book);
  // A known id is recognised before the rules that change with time; only then is a look-up worth its read.
  if (book === undefined || faults.length > 0) {
    const known = await ports.intake.find(payload.tenant, payload.eventId);
    if (known === undefined) throw malformed(faults);
    return acceptAgain(payload, known, ports, requestId);
  }
  const event = { ...payload, receivedAt, priceVersion: book.version, requestId };
  crashPoint('ingest:before-intake');
  const known = await ports.intake.accept(event, INTAKE_TIMEOUT_MS);
  if (known !== undefined) return acceptAgain(payload, known, ports, requestId);
  crashPoint('ingest:after-intake');
  ports.telemetry.count('accepted');
  await enqueue(event, ports);
  crashPoint('ingest:after-send');
}

async function acceptAgain(
  payload: UsagePayload,
  known: IntakeRecord,
  ports: IngestPorts,
  requestId: RequestId | undefined,
): Promise<void> {
  if (known.payloadHash !== payloadHash(payload)) {
    ports.telemetry.count('conflicts');
    throw conflict();
  }
  ports.telemetry.count('replayed');
  tellKnown([known.event], requestId, ports.telemetry);
  // The first try may have died between its record and its message; a message too many is dropped by its marker.
  await enqueue(known.event, ports);
}

/** Sends the event on its way. Not part of the promise: what the queue does not take now, the sweep sends later. */
async function enqueue(event: UsageEvent, { queue, telemetry }: IngestPorts): Promise<void> {
  try {
    await queue.send({ tenant: event.tenant, events: [event] });
  } catch (error) {
    telemetry.count('enqueueFailed');
    telemetry.error('An accepted event was not enqueued; the sweep will send it.', error, nameInLog(event));
  }
}

export function conflict(): Problem {
  return new Problem('conflict', 'This id stands for another payload: use a new one for a new event.');
}
