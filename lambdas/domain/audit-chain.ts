import type { Branded } from './brand.ts';
import { sha256Hex } from './digest.ts';
import { type Instant, isAfter } from './instant.ts';
import type { Period } from './period.ts';

/**
 * What appends to the audit log, each to chains of its own: a function, so that none can write in another's name, and for
 * each function what tenants attempt, so that however much they attempt, no administrator waits for it.
 */
export const AUDIT_WRITERS = ['admin', 'reconcile', 'admin_attempts', 'reconcile_attempts'] as const;
export type AuditWriter = (typeof AUDIT_WRITERS)[number];

/** The functions that answer administrators. */
export type AuditedFunction = 'admin' | 'reconcile';

/** The chain in which a function puts an actor's entries. */
export function auditWriterFor(function_: AuditedFunction, { kind }: AuditActor): AuditWriter {
  return kind === 'tenant' ? `${function_}_attempts` : function_;
}

/** One writer's log of one month: one sequence and one chain. */
export interface AuditChainKey {
  readonly writer: AuditWriter;
  readonly month: Period;
}

/** Who acted: the verified credential's kind, whose it is if it says so, and a tenant's id if it was a tenant's. */
export interface AuditActor {
  readonly kind: 'admin' | 'tenant' | 'schedule';
  readonly subject: string | null;
  readonly tenant: string | null;
}

/** What was done, to what and why. */
export interface AuditFacts {
  readonly actor: AuditActor;
  /** Method and route, or the name of a schedule's task. */
  readonly action: string;
  /** What the call names: tenant, period, event id, by these names. */
  readonly target: Readonly<Record<string, string>>;
  readonly reason: string | null;
  /** The two entries of one call share it. */
  readonly requestId: string;
  /** The answer's HTTP status; null before the effect, when nothing is known yet of how it ends. */
  readonly status: number | null;
}

export type AuditHash = Branded<string, 'AuditHash'>;

export interface AuditEntry extends AuditChainKey, AuditFacts {
  /** 1, 2, 3, … without a gap. */
  readonly number: number;
  readonly at: Instant;
  readonly prevHash: AuditHash;
  readonly hash: AuditHash;
}

/** The entry that comes after `last`, or first; time never runs backwards in a chain, whatever the clock does. */
export function nextAuditEntry(
  chain: AuditChainKey,
  last: Pick<AuditEntry, 'number' | 'at' | 'hash'> | undefined,
  facts: AuditFacts,
  now: Instant,
): AuditEntry {
  const unsealed = {
    ...{ writer: chain.writer, month: chain.month, ...facts },
    number: (last?.number ?? 0) + 1,
    at: last !== undefined && isAfter(last.at, now) ? last.at : now,
    prevHash: last?.hash ?? genesisOf(chain),
  };
  return { ...unsealed, hash: auditHash(unsealed) };
}

/**
 * The number of the first entry that does not follow from the one before it, or undefined if all do. `entries` are
 * consecutive and oldest first; the first is only checked against a predecessor if it has none or `before` is it.
 */
export function firstBrokenEntry(
  entries: readonly AuditEntry[],
  before: Pick<AuditEntry, 'number' | 'hash'> | undefined,
): number | undefined {
  let previous = before;
  for (const entry of entries) {
    const expected = previous ?? { number: 0, hash: genesisOf(entry) };
    const follows = entry.number === expected.number + 1 && entry.prevHash === expected.hash;
    if (!follows || auditHash(entry) !== entry.hash) return entry.number;
    previous = entry;
  }
  return undefined;
}

/** What a chain's first entry continues: bound to its chain, so that no chain can be moved to another month. */
function genesisOf({ writer, month }: AuditChainKey): AuditHash {
  return sha256Hex(JSON.stringify(['zerosum/audit/1', writer, month])) as AuditHash;
}

/** SHA-256 over all of an entry and the hash of the one before it, in one fixed form of nested arrays. */
function auditHash(entry: Omit<AuditEntry, 'hash'>): AuditHash {
  const { kind, subject, tenant } = entry.actor;
  const target = Object.entries(entry.target).sort(([left], [right]) => (left < right ? -1 : 1));
  const form = [
    ...['zerosum/audit-entry/1', entry.prevHash, entry.writer, entry.month, entry.number, entry.at],
    ...[[kind, subject, tenant], entry.action, target, entry.reason, entry.requestId, entry.status],
  ];
  return sha256Hex(JSON.stringify(form)) as AuditHash;
}
