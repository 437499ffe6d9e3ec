import type { FieldFault, ImportedEvent } from './usage-row.ts';

/** An event as it is sent. */
export interface OutgoingEvent extends ImportedEvent {
  readonly idempotencyKey: string;
}

/** What became of one event: undefined when it is accepted, also if it was known before. */
export type Verdict = Refusal | undefined;

/** Why an event is not accepted, in the API's words. */
export interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldFault[];
}

/** An import's view of the API. */
export interface Service {
  /**
   * Sends up to a batch's events; gives their verdicts in order. Throws a BusyError when the same may be sent again later,
   * any other error when there is no use in that.
   */
  send(events: readonly OutgoingEvent[]): Promise<readonly Verdict[]>;
}

/** The service is down, out of reach, or has too much to do: nothing is known to be accepted. */
export class BusyError extends Error {
  readonly retryAfterMs: number | undefined;

  /** @param retryAfterMs what the service asked for */
  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The status of an event that may be sent again as it is. */
export const UNAVAILABLE = 503;

/** What is wrong with a row, said as the API would. */
export function malformedRow(faults: readonly FieldFault[]): Refusal {
  const detail = faults.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return { status: 400, title: 'The request is not valid', detail, errors: faults };
}
