import { nowOf } from '../clock.ts';
import { nextPeriod, periodOf } from '../domain/period.ts';
import { adminCommand } from '../http/admin-route.ts';
import type { AuditTrail } from '../http/call-log.ts';
import { checked } from '../http/fields.ts';
import { jsonObject } from '../http/json-body.ts';
import { malformed, Problem } from '../http/problem.ts';
import type { Route } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import { beingClosed, newClaim, obtain } from './claim.ts';
import type { ClosePorts, Month } from './close-ports.ts';
import { closeRequestSchema } from './close-request.ts';
import { currencyInForce, runClose } from './run-close.ts';

/** `POST /periods/close`: nothing is posted to the month any more, and what it came to is sealed. */
export function closeRoute(trail: AuditTrail, ports: ClosePorts): Route {
  return adminCommand(trail, 'POST', routes.periodsClose.path, {
    read: ({ request }) => checked(closeRequestSchema, jsonObject(request)),
    about: ({ tenant, period }) => ({ target: { tenant, period } }),
    answer: async ({ tenant, period }) => {
      await closePeriod({ tenant, period }, ports);
      return { status: 200, body: { closed: true, tenant, period } };
    },
  });
}

/**
 * Closes a month. Of many who try, one does it, and the others get a 409; a close whose caller died goes on with whoever
 * tries next. Throws a 400 for an unknown tenant or a month after next month.
 */
export async function closePeriod(month: Month, ports: ClosePorts): Promise<void> {
  await validate(month, ports);
  const { tenant, period } = month;
  const now = nowOf(ports.clock);
  const found = await ports.closures.find(tenant, period);
  if (found?.status === 'closed') throw new Problem('period_closed', `${period} of ${tenant} is closed already.`);
  const claim = newClaim(month, found?.claim, ports);
  // Before the claim: whatever dies from here on, the schedule knows where to look.
  const note = { tenant, period, notedAt: now };
  await ports.notes.note(note);
  if (!(await obtain(month, found?.claim, claim, ports))) throw beingClosed(month);
  await runClose({ ...month, claim, note }, ports);
  ports.telemetry.count('periodsClosed');
}

async function validate({ tenant, period }: Month, ports: ClosePorts): Promise<void> {
  if (period > nextPeriod(periodOf(nowOf(ports.clock)))) {
    throw malformed([{ field: 'period', message: 'must be at the latest next month' }]);
  }
  if ((await ports.config.tenant(tenant)) === undefined) {
    throw malformed([{ field: 'tenant', message: 'must be a tenant that exists' }]);
  }
  // A seal names it, so without one nothing is begun.
  await currencyInForce(ports);
}
