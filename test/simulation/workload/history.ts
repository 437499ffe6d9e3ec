import type { SimulatedRequest, SimulatedResponse } from '../system.ts';
import type { Operation } from './operation.ts';

/** One request and what was heard of it. */
export interface Exchange {
  readonly request: SimulatedRequest;
  readonly sentMs: number;
  readonly answeredMs: number;
  /** Undefined when nobody answered. */
  readonly response: SimulatedResponse | undefined;
}

/** All that one operation came to, in order. */
export interface Performance {
  readonly operation: Operation;
  readonly exchanges: readonly Exchange[];
}

const SERVER_FAULT = 500;
const THROTTLED = 429;

/** Whether the answer tells what has become of a request; else it may have been done or not. */
export function isFinal(response: SimulatedResponse | undefined): response is SimulatedResponse {
  return response !== undefined && response.status < SERVER_FAULT && response.status !== THROTTLED;
}

/** The answer's document; undefined where it is no JSON. */
export function documentOf(response: SimulatedResponse): Record<string, unknown> | undefined {
  try {
    return JSON.parse(response.body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
