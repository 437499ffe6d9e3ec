import type { AuditActor, AuditFacts } from '../domain/audit-chain.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Principal } from './authenticate.ts';
import { refuseEncoded } from './json-body.ts';
import { Problem } from './problem.ts';
import { type Answer, type Call, type Route, route } from './router.ts';

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

interface AdminCall<Wish> {
  /** Reads the request; throws a 400 and has no effect. */
  readonly read: (call: Call) => Wish;
  readonly about: (wish: Wish) => AuditSubject;
  readonly answer: (wish: Wish, call: Call) => Promise<Answer>;
}

/** A status the router gives to whatever is thrown and is no Problem. */
const UNEXPECTED_STATUS = 503;

/**
 * A route by which an administrator changes something. Nothing happens unless the audit log says before that it is about
 * to; a second entry says how it ended.
 */
export function adminCommand<Wish>(trail: AuditTrail, method: string, path: string, spec: AdminCall<Wish>): Route {
  return adminRoute(trail, method, path, async (call, log) => {
    const wish = spec.read(call);
    log.subject = spec.about(wish);
    await log.begin();
    return spec.answer(wish, call);
  });
}

/** A route by which an administrator reads. It shows nothing unless the audit log says that it was shown. */
export function adminQuery<Wish>(trail: AuditTrail, method: string, path: string, spec: AdminCall<Wish>): Route {
  return adminRoute(trail, method, path, async (call, log) => {
    const wish = spec.read(call);
    log.subject = spec.about(wish);
    const answer = await spec.answer(wish, call);
    await log.show(answer.status);
    return answer;
  });
}

/** A tenant's credential is a valid one that may not do this: a 403, on record like every other answer. */
function adminRoute(
  trail: AuditTrail,
  method: string,
  path: string,
  answer: (call: Call, log: CallLog) => Promise<Answer>,
): Route {
  return route(method, path, async (call, { authenticate }) => {
    const principal = await authenticate(call.request.headers.get('authorization'));
    const known = { actor: actorOf(principal), action: `${method} ${path}`, requestId: call.request.id };
    const log = new CallLog(trail, known);
    await log.watch(async () => {
      if (principal.kind !== 'admin') throw new Problem('forbidden', 'Only an administrator may do this.');
      refuseEncoded(call.request);
    });
    return () =>
      log.watch(async () => {
        const given = await answer(call, log);
        await log.end(given.status);
        return given;
      });
  });
}

/** What the audit log gets to know of one call. */
class CallLog {
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
      const { action, requestId } = this.#call;
      this.#trail.telemetry.count('auditFailures');
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

function actorOf(principal: Principal): AuditActor {
  const { kind, subject = null } = principal;
  return { kind, subject, tenant: principal.kind === 'tenant' ? principal.tenant : null };
}
