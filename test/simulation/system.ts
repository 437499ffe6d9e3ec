import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** A request as a client sends it; the token names who it is: `tenant:alpha`, `admin`, or anything else that is nobody's. */
export interface SimulatedRequest {
  readonly method: string;
  /** With its query: `/statement?period=2026-03`. */
  readonly path: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SimulatedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the invocation that answered wrote, as `table command`: a refusal must have changed nothing. */
  readonly writes: readonly string[];
}

/** Zerosum in a simulation, as those see it who use it and those who check it. */
export interface SimulatedSystem {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Sends a request through the gateway; undefined when its function died, or timed out, before it answered. */
  request(request: SimulatedRequest): Promise<SimulatedResponse | undefined>;
}
