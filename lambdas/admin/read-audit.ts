import type { Clock } from '../clock.ts';
import { nowOf } from '../clock.ts';
import {
  AUDIT_WRITERS,
  type AuditChainKey,
  type AuditEntry,
  type AuditWriter,
  firstBrokenEntry,
} from '../domain/audit-chain.ts';
import { compareInstants } from '../domain/instant.ts';
import { periodOf } from '../domain/period.ts';
import { adminQuery } from '../http/admin-route.ts';
import type { AuditTrail } from '../http/call-log.ts';
import type { Route } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import type { AuditRow } from '../storage/audit-log.ts';
import { type AuditPosition, type AuditQuery, auditQuery, encodeCursor } from './audit-query.ts';

export interface AuditPorts {
  readonly log: { rows(chain: AuditChainKey, newest: number | undefined, limit: number): Promise<AuditRow[]> };
  readonly clock: Clock;
}

/** `GET /audit`: who did what, when and why in one month, newest first. */
export function auditRoute(trail: AuditTrail, ports: AuditPorts): Route {
  return adminQuery(trail, 'GET', routes.audit.path, {
    read: ({ request }) => auditQuery(request.query),
    about: ({ month }) => ({ target: month === undefined ? {} : { month } }),
    answer: async (query) => ({ status: 200, body: await readAudit(query, ports) }),
  });
}

/** One writer's part of a page: its rows, newest first, of which the first `shown` are in the page. */
interface Part {
  readonly writer: AuditWriter;
  readonly rows: readonly AuditRow[];
  /** The number the rows must begin with, if a page before ended just above. */
  readonly expected: number | undefined;
  shown: number;
}

/**
 * A page of both writers' entries, merged by time, and whether their chains hold over it. Nothing is ever inserted below
 * an entry, so a page stays as it is. What is cut off a chain's newest end leaves no trace here.
 */
export async function readAudit({ month: asked, limit, position }: AuditQuery, ports: AuditPorts): Promise<object> {
  const month = asked ?? periodOf(nowOf(ports.clock));
  const parts = await Promise.all(
    AUDIT_WRITERS.map(async (writer): Promise<Part> => {
      const newest = position?.[writer];
      // One row more than may be shown: it is what the last one shown has to continue.
      const rows = newest === 0 ? [] : await ports.log.rows({ writer, month }, newest, limit + 1);
      return { writer, rows, expected: newest || undefined, shown: 0 };
    }),
  );
  const entries = merge(parts, limit);
  const next = Object.fromEntries(parts.map(({ writer, rows, shown }) => [writer, rows[shown]?.number ?? 0]));
  const cursor = encodeCursor(month, next as AuditPosition);
  return {
    month,
    entries: entries.map(rendered),
    chain: chainOf(parts),
    ...(cursor !== undefined && { next_cursor: cursor }),
  };
}

/** Up to `limit` entries, newest first; damaged rows are passed over and take no room. */
function merge(parts: readonly Part[], limit: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  while (entries.length < limit) {
    for (const part of parts) while (part.rows[part.shown] && !part.rows[part.shown]?.entry) part.shown += 1;
    const next = parts.reduce((best, part) => (isNewer(part, best) ? part : best));
    const entry = next.rows[next.shown]?.entry;
    if (entry === undefined) break;
    entries.push(entry);
    next.shown += 1;
  }
  return entries;
}

function isNewer(part: Part, best: Part): boolean {
  const [entry, other] = [part.rows[part.shown]?.entry, best.rows[best.shown]?.entry];
  if (entry === undefined || other === undefined) return other === undefined;
  return compareInstants(entry.at, other.at) > 0;
}

/** The first place in either chain, as far as this page shows them, that does not follow from the one before. */
function chainOf(parts: readonly Part[]): object {
  for (const part of parts) {
    const number = brokenAt(part);
    if (number !== undefined) return { ok: false, broken_at: { writer: part.writer, number } };
  }
  return { ok: true };
}

function brokenAt({ rows, expected, shown }: Part): number | undefined {
  if (expected !== undefined && rows[0]?.number !== expected) return expected;
  const seen = rows.slice(0, shown + 1).reverse();
  const damaged = seen.find(({ entry }) => entry === undefined);
  if (damaged !== undefined) return damaged.number;
  const before = rows[shown]?.entry;
  const entries = seen.map(({ entry }) => entry).filter((entry) => entry !== undefined);
  return firstBrokenEntry(before === undefined ? entries : entries.slice(1), before);
}

function rendered({
  writer,
  number,
  at,
  actor,
  action,
  target,
  reason,
  requestId,
  status,
  prevHash,
  hash,
}: AuditEntry) {
  return {
    ...{ writer, number, at, actor, action, target, reason, request_id: requestId },
    ...{ outcome: status === null ? 'begun' : 'answered', status, prev_hash: prevHash, hash },
  };
}
