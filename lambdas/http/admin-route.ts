import type { AuditActor } from '../domain/audit-chain.ts';
import type { Principal } from './authenticate.ts';
import { type AuditSubject, type AuditTrail, CallLog } from './call-log.ts';
import { refuseEncoded } from './json-body.ts';
import { Problem } from './problem.ts';
import { type Answer, type Call, type Route, route } from './router.ts';

/** An answer, and what the log gets to know only by the effect: the number or id of what was made. Nothing secret. */
export type AdminAnswer = Answer & { readonly effect?: AuditSubject['target'] };

interface AdminCall<Wish> {
  /** Reads the request; throws a 400 and has no effect. */
  readonly read: (call: Call) => Wish;
  readonly about: (wish: Wish) => AuditSubject;
  readonly answer: (wish: Wish, call: Call) => Promise<AdminAnswer>;
}

/**
 * A route by which an administrator changes something. Nothing happens unless the audit log says before that it is about
 * to; a second entry says how it ended.
 */
export function adminCommand<Wish>(trail: AuditTrail, method: string, path: string, spec: AdminCall<Wish>): Route {
  return adminRoute(trail, method, path, async (call, log) => {
    const wish = spec.read(call);
    log.subject = spec.about(wish);
    await log.begin();
    const { effect, ...answer } = await spec.answer(wish, call);
    log.subject = { ...log.subject, target: { ...log.subject.target, ...effect } };
    return answer;
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

function actorOf(principal: Principal): AuditActor {
  const { kind, subject = null } = principal;
  return { kind, subject, tenant: principal.kind === 'tenant' ? principal.tenant : null };
}
