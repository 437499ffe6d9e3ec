import type { AuditFacts } from '../domain/audit-chain.ts';
import type { Telemetry } from '../telemetry.ts';
import { Problem } from './problem.ts';

/** Where administrators' calls are put on record. */
export interface AuditTrail {
  /** Throws when the entry could not be written. */
  append(facts: AuditFacts): Promise<void>;
  readonly telemetry: Telemetry;
}

/** What the log says a call is about. */
export interface AuditSubject {
  /** Tenant, period, event id, by these names; nothing secret. */
  readonly target: Readonly<Record<string, string>>;
  readonly reason?: string;
}

/** A status the router gives to whatever is thrown and is no Problem. */
const UNEXPECTED_STATUS = 503;

/** What the audit log gets to know of one call, or of one thing that a schedule does. */
export class CallLog {
  subject: AuditSubject = { target: {} };
  readonly #trail: AuditTrail;
  readonly #call: Pick<AuditFacts, 'actor' | 'action' | 'requestId'>;
  /** The answer is on record, or the log has failed and would only fail again. */
  #isOver = false;

  constructor(trail: AuditTrail, call: Pick<AuditFacts, 'actor' | 'action' | 'requestId'>) {
    this.#trail = trail;
    this.#call = call;
  }

  /** Does a step of the call; a refusal or fault that ends the call there is on record before it goes on. */
  async watch<Result>(step: () => Promise<Result>): Promise<Result> {
    try {
      return await step();
    } catch (error) {
      await this.end(error instanceof Problem ? error.status : UNEXPECTED_STATUS);
      throw error;
    }
  }

  /** Before an effect; throws when it could not be recorded. */
  begin(): Promise<void> {
    return this.#require(null);
  }

  /** Before something is shown; throws when it could not be recorded. */
  async show(status: number): Promise<void> {
    await this.#require(status);
    this.#isOver = true;
  }

  /** After the fact. What has happened is not undone by a log that fails, so that is only said loudly. */
  async end(status: number): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      await this.#append(status);
    } catch (error) {
      const { actor, action, requestId } = this.#call;
      // A tenant's attempt changed nothing: many at once keep some off the record, and should wake nobody.
      if (actor.kind !== 'tenant') this.#trail.telemetry.count('auditFailures');
      this.#trail.telemetry.error("A call's end is missing in the audit log.", error, {
        action,
        status,
        request_id: requestId,
      });
    }
  }

  async #require(status: number | null): Promise<void> {
    try {
      await this.#append(status);
    } catch (error) {
      this.#isOver = true;
      this.#trail.telemetry.count('auditFailures');
      throw error;
    }
  }

  #append(status: number | null): Promise<void> {
    const { target, reason = null } = this.subject;
    return this.#trail.append({ ...this.#call, target, reason, status });
  }
}
