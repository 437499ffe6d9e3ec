import type { ZerosumClient } from '../client.ts';
import { ZerosumProblem, ZerosumUnexpectedAnswer, ZerosumUnreachable } from '../errors.ts';
import type { BatchAnswer, UsageCloudEvent } from '../types/api.ts';
import { BusyError, type OutgoingEvent, type Refusal, type Service, UNAVAILABLE, type Verdict } from './service.ts';
import { CLOUD_EVENT_FIELDS, type RawUsage, USAGE_FIELDS } from './usage-row.ts';

/** An import sets its own pace, so it wants to hear of each try. */
const ONE_TRY = { triesMax: 1 };

const SOURCE = 'zerosum-import';
const SERVER_FAULT = 500;
const TOO_MANY = 429;

const UNANSWERED: Refusal = {
  status: UNAVAILABLE,
  title: 'No answer',
  detail: 'The answer to the batch says nothing of this event.',
};

/** What the API calls a field in a CloudEvent, by what a file calls it. */
const ownNames = new Map(
  Object.entries(CLOUD_EVENT_FIELDS).map(([field, name]) => [name as string, USAGE_FIELDS[field as keyof RawUsage]]),
);

/** The API as an import sees it. Events go as CloudEvents, the one form that leaves the tenant to the credential. */
export function clientService(client: Pick<ZerosumClient, 'sendCloudEvents'>): Service {
  return {
    async send(events) {
      if (events.length === 0) return [];
      try {
        return verdictsOf(events.length, await client.sendCloudEvents(events.map(cloudEventOf), ONE_TRY));
      } catch (error) {
        throw busyOr(error);
      }
    },
  };
}

function cloudEventOf({ tenant, metric, quantity, idempotencyKey, eventDate }: OutgoingEvent): UsageCloudEvent {
  return {
    specversion: '1.0',
    id: idempotencyKey,
    source: SOURCE,
    type: metric,
    ...(tenant !== undefined && { subject: tenant }),
    ...(eventDate !== undefined && { time: eventDate }),
    data: { quantity },
  };
}

/** An event that the answer does not name is sent again. */
function verdictsOf(events: number, { results }: BatchAnswer): Verdict[] {
  const byIndex = new Map(results.map((result) => [result.index, result]));
  return Array.from({ length: events }, (_, index): Verdict => {
    const result = byIndex.get(index);
    if (result === undefined) return UNANSWERED;
    if (!('problem' in result)) return undefined;
    const { status, title, detail, errors } = result.problem;
    const refusal: Refusal = { status, title, detail };
    return errors === undefined ? refusal : { ...refusal, errors: errors.map(inOwnNames) };
  });
}

function inOwnNames({ field, message }: { readonly field: string; readonly message: string }) {
  return { field: ownNames.get(field) ?? field, message };
}

/** The error itself when there is no use in sending the same again. */
function busyOr(error: unknown): unknown {
  if (error instanceof ZerosumUnreachable) return new BusyError(error.message);
  if (error instanceof ZerosumProblem || error instanceof ZerosumUnexpectedAnswer) {
    const retryAfterMs = error instanceof ZerosumProblem ? error.retryAfterMs : undefined;
    if (error.status === TOO_MANY || error.status >= SERVER_FAULT) return new BusyError(error.message, retryAfterMs);
  }
  return error;
}
