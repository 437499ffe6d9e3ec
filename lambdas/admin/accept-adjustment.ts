import { type Clock, nowOf } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import { type AdjustmentEvent, type AdjustmentPayload, adjustmentHash } from '../domain/adjustment-event.ts';
import type { EventId, RequestId, TenantId } from '../domain/ids.ts';
import { malformed, Problem } from '../http/problem.ts';
import type { AdjustmentRecord } from '../storage/adjustment-intake.ts';
import type { AdjustmentMessage } from '../storage/adjustment-message.ts';
import type { Telemetry } from '../telemetry.ts';
import { nameInLog, tellKnown } from '../trail.ts';

/** All of the world that accepting an adjustment reaches. */
export interface AdjustmentPorts {
  readonly intake: {
    accept(event: AdjustmentEvent, timeoutMs: number): Promise<AdjustmentRecord | undefined>;
    find(tenant: TenantId, eventId: EventId): Promise<AdjustmentRecord | undefined>;
  };
  readonly queue: { send(message: AdjustmentMessage): Promise<void> };
  readonly tenants: { tenant(id: TenantId): Promise<object | undefined> };
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Longer than a healthy write ever takes, and short enough that the caller still gets an answer to act on. */
const INTAKE_TIMEOUT_MS = 5_000;

/**
 * Accepts an adjustment, once: returns when its intake record is durable, which is what makes it certain to settle. A
 * known id with the same payload is accepted again, at any age; with another payload it is a 409. Throws a Problem, and
 * then nothing was written.
 */
export async function acceptAdjustment(
  payload: AdjustmentPayload,
  ports: AdjustmentPorts,
  requestId: RequestId | undefined,
): Promise<void> {
  const { intake, tenants, clock, telemetry } = ports;
  if ((await tenants.tenant(payload.tenant)) === undefined) {
    // A known id is recognised before the rules that change with time.
    const known = await intake.find(payload.tenant, payload.eventId);
    if (known === undefined) throw malformed([{ field: 'tenant', message: 'must be a tenant that exists' }]);
    return acceptAgain(payload, known, ports, requestId);
  }
  const event = { ...payload, receivedAt: nowOf(clock), requestId };
  const known = await intake.accept(event, INTAKE_TIMEOUT_MS);
  if (known !== undefined) return acceptAgain(payload, known, ports, requestId);
  crashPoint('adjustment:after-intake');
  telemetry.count('accepted');
  await enqueue(event, ports);
  crashPoint('adjustment:after-send');
}

async function acceptAgain(
  payload: AdjustmentPayload,
  known: AdjustmentRecord,
  ports: AdjustmentPorts,
  requestId: RequestId | undefined,
): Promise<void> {
  if (known.payloadHash !== adjustmentHash(payload)) {
    ports.telemetry.count('conflicts');
    throw new Problem('conflict', 'This idempotency key stands for another adjustment: use a new key for a new one.');
  }
  ports.telemetry.count('replayed');
  tellKnown([known.event], requestId, ports.telemetry);
  // The first try may have died between its record and its message; a message too many is dropped by its marker.
  await enqueue(known.event, ports);
}

/** Sends the adjustment on its way. Not part of the promise: what the queue does not take now, the sweep sends later. */
async function enqueue(event: AdjustmentEvent, { queue, telemetry }: AdjustmentPorts): Promise<void> {
  try {
    await queue.send({ tenant: event.tenant, events: [event] });
  } catch (error) {
    telemetry.count('enqueueFailed');
    const details = { tenant: event.tenant, ...nameInLog(event) };
    telemetry.error('An accepted adjustment was not enqueued; the sweep will send it.', error, details);
  }
}
