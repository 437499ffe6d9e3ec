import type { Clock } from '../clock.ts';
import type { TenantId } from '../domain/ids.ts';
import { ACCOUNTS, zeroTotals } from '../domain/journal.ts';
import { sum } from '../domain/money.ts';
import type { LaneHead } from '../domain/page.ts';
import type { Period } from '../domain/period.ts';
import { adminQuery } from '../http/admin-route.ts';
import type { AuditTrail } from '../http/call-log.ts';
import { checkedQuery } from '../http/fields.ts';
import { malformed, Problem } from '../http/problem.ts';
import type { Route } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import { addStanding, type Standing } from '../storage/balances.ts';
import { type TrialBalanceQuery, trialBalanceQuerySchema } from './trial-balance-query.ts';

/** All heads of a large table take longer than anybody waits for an answer: then there is none. */
const SCAN_TIMEOUT_MS = 15_000;

export interface TrialBalancePorts {
  readonly balances: {
    heads(tenant: TenantId, period: Period): Promise<LaneHead[]>;
    standing(tenant: TenantId): Promise<Standing>;
  };
  readonly scan: { sum(period: Period | undefined, isLate: () => boolean): Promise<Standing | undefined> };
  readonly config: { tenant(id: TenantId): Promise<object | undefined> };
  readonly clock: Clock;
}

/** `GET /trial-balance`: the totals of every account, which net to zero. */
export function trialBalanceRoute(trail: AuditTrail, ports: TrialBalancePorts): Route {
  return adminQuery(trail, 'GET', routes.trialBalance.path, {
    read: ({ request }) => checkedQuery(trialBalanceQuerySchema, request.query),
    about: ({ tenant, period }) => ({ target: { ...(tenant && { tenant }), ...(period && { period }) } }),
    answer: async (query) => ({ status: 200, body: await trialBalance(query, ports) }),
  });
}

/**
 * What all postings come to, account by account, of one tenant or all, in one month or all. A tenant that is neither
 * configured nor has a posting is a 400: it was misspelt, and a zero would hide that. Throws a 503 when the heads of all
 * tenants can't be read in time.
 */
export async function trialBalance({ tenant, period }: TrialBalanceQuery, ports: TrialBalancePorts): Promise<object> {
  const { totals, entryCount } = tenant ? await ofTenant(tenant, period, ports) : await ofAll(period, ports);
  const amounts = ACCOUNTS.map((account) => totals[account]);
  return {
    tenant: tenant ?? null,
    period: period ?? null,
    totals_minor: Object.fromEntries(ACCOUNTS.map((account) => [account, totals[account].toString()])),
    sum_minor: sum(amounts).toString(),
    entry_count: entryCount,
  };
}

async function ofTenant(tenant: TenantId, period: Period | undefined, ports: TrialBalancePorts): Promise<Standing> {
  const { balances, config } = ports;
  const all = await balances.standing(tenant);
  if (all.entryCount === 0 && (await config.tenant(tenant)) === undefined) {
    throw malformed([{ field: 'tenant', message: 'must be a tenant that exists' }]);
  }
  if (period === undefined) return all;
  return (await balances.heads(tenant, period)).reduce<Standing>(addStanding, { totals: zeroTotals, entryCount: 0 });
}

async function ofAll(period: Period | undefined, { scan, clock }: TrialBalancePorts): Promise<Standing> {
  const deadlineMs = clock.nowMs() + SCAN_TIMEOUT_MS;
  const standing = await scan.sum(period, () => clock.nowMs() >= deadlineMs);
  if (standing !== undefined) return standing;
  throw new Problem('unavailable', 'There is too much to add up in one answer: ask tenant by tenant.');
}
