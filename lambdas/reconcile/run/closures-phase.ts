import type { Discrepancy } from '../../domain/discrepancy.ts';
import type { TenantId } from '../../domain/ids.ts';
import { ALL_LANES } from '../../domain/lane.ts';
import type { LaneHead } from '../../domain/page.ts';
import { type SealFault, sealChainFaults, sealFaults } from '../../domain/seal-check.ts';
import type { BalancesRecord } from '../../storage/balances-evidence.ts';
import type { Cursor } from '../../storage/bulk-read.ts';
import type { Evidence } from './ports.ts';
import type { Phase } from './step.ts';

interface ClosuresState {
  readonly cursor?: Cursor | undefined;
  /** Whose chain of seals was checked last: a tenant's closures lie together. */
  readonly checked?: TenantId | undefined;
}

/** Each closed month brings the seventeen heads of its lanes along. */
const ITEMS_PER_READ = 50;

/** Holds every closed month against the heads it was sealed from, and every tenant's seals against each other and the carry. */
export const closuresPhase: Phase<ClosuresState> = async (state, run, evidence) => {
  const { records, cursor } = await evidence.balances.survey(run, state.cursor, ITEMS_PER_READ);
  const closures = records.filter((record) => record.kind === 'closure');
  const tenants = [...new Set(records.flatMap((record) => (isOfClosures(record) ? [record.tenant] : [])))];
  const found = [...(await shutWithoutClosure(records, evidence)), ...(await sealsAmong(closures, evidence))];
  for (const tenant of tenants) if (tenant !== state.checked) found.push(...(await chainOf(tenant, evidence)));
  const next = { cursor, checked: tenants.at(-1) ?? state.checked };
  return {
    found,
    counts: { closures: closures.length },
    next: cursor === undefined ? { phase: 'intake', state: {} } : { phase: 'closures', state: next },
  };
};

type ClosureRecord = Extract<BalancesRecord, { kind: 'closure' }>;

function isOfClosures(record: BalancesRecord): record is Extract<BalancesRecord, { kind: 'closure' | 'carry' }> {
  return record.kind === 'closure' || record.kind === 'carry';
}

/** A month is claimed before its first gate is shut. */
async function shutWithoutClosure(records: readonly BalancesRecord[], { balances }: Evidence): Promise<Discrepancy[]> {
  const shut: LaneHead[] = records.flatMap((record) =>
    record.kind === 'head' && record.head.status === 'read' && record.head.value.closedAt !== undefined
      ? [record.head.value]
      : [],
  );
  const isClosed = await balances.closedAmong(shut);
  return shut
    .filter((head) => !isClosed(head))
    .map(({ tenant, period, lane }) => {
      const message = 'the gate is shut, and nobody has closed the month';
      return { type: 'gate_without_closure', tenant, place: { period, lane }, message };
    });
}

async function sealsAmong(closures: readonly ClosureRecord[], { balances }: Evidence): Promise<Discrepancy[]> {
  const lanes = closures.flatMap(({ tenant, period }) => ALL_LANES.map((lane) => ({ tenant, period, lane })));
  const heads = await balances.heads(lanes);
  return closures.flatMap(({ tenant, period, closure }): Discrepancy[] => {
    if (closure.status === 'damaged') {
      return [{ type: 'damaged_item', tenant, place: { period }, message: closure.message }];
    }
    if (closure.value.status === 'closing') return [];
    const headOf = (lane: (typeof ALL_LANES)[number]) => {
      const head = heads.of({ tenant, period, lane });
      return head?.status === 'read' ? head.value : undefined;
    };
    return sealFaults(closure.value.seal, headOf).map((fault) => ofTenant(tenant, fault));
  });
}

async function chainOf(tenant: TenantId, { balances }: Evidence): Promise<Discrepancy[]> {
  const { before, closures, after } = await balances.closures(tenant);
  if (before.status === 'damaged' || after.status === 'damaged') {
    const message = "what the tenant's sealed months come to can't be read";
    return [{ type: 'damaged_item', tenant, place: { item: 'carry' }, message }];
  }
  const seals = closures.flatMap((closure) =>
    closure.status === 'read' && closure.value.status === 'closed' ? [closure.value.seal] : [],
  );
  return sealChainFaults(seals, before.value, after.value).map((fault) => ofTenant(tenant, fault));
}

function ofTenant(tenant: TenantId, { type, period, lane, expected, found, message }: SealFault): Discrepancy {
  return {
    ...{ type, tenant, message },
    ...(expected !== undefined && { expected }),
    ...(found !== undefined && { posted: found }),
    place: { ...(period !== undefined && { period }), ...(lane !== undefined && { lane }) },
  };
}
