import { nowOf } from '../clock.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { type JournalEntry, receivableOf } from '../domain/journal.ts';
import { type AmountMinor, sum } from '../domain/money.ts';
import { type Period, type PeriodStatus, periodOf } from '../domain/period.ts';
import type { Seal } from '../domain/seal.ts';
import type { Closure } from '../storage/closure-item.ts';
import { currencyOf } from './currency.ts';
import { isFinished, type LaneSpan, laneSpan, mergeLanes } from './lane-lines.ts';
import type { ReadPorts } from './ports.ts';
import { badCursor, encodeCursor } from './statement-cursor.ts';
import { statementQuery } from './statement-query.ts';

interface Listing {
  readonly spans: readonly LaneSpan[];
  readonly total: AmountMinor;
}

/**
 * One month's lines, oldest first. A listing is fixed when it begins: its pages agree with each other and with the
 * total, whatever is posted meanwhile. Event ids are in it on request alone: who read a closed month before there were
 * any still reads the same bytes. Throws a 400 for a bad period, limit, cursor or request of more.
 */
export async function statement(
  tenant: TenantId,
  parameters: ReadonlyMap<string, string>,
  ports: ReadPorts,
): Promise<object> {
  const { period: asked, limit, resumed, hasEventIds } = statementQuery(parameters);
  const period = resumed?.period ?? asked ?? periodOf(nowOf(ports.clock));
  // Before the lanes: of a month that is closed by then, the lanes can't be read too early.
  const closure = await ports.closures.find(tenant, period);
  const listing = resumed ? await resume(tenant, resumed, ports) : await begin(tenant, period, ports);
  const seal = sealCovering(closure, listing);
  const { lines, spans } = await mergeLanes({ tenant, period }, listing.spans, limit, ports.ledger);
  return {
    period,
    status: seal ? 'closed' : statusOf(closure),
    currency: seal?.currency ?? (await currencyOf(ports)),
    lines: lines.map(({ entry, postedAt }) => {
      return { ...(hasEventIds && { event_id: entry.eventId }), ...lineOf(entry, postedAt) };
    }),
    total_minor: listing.total.toString(),
    ...(!spans.every(isFinished) && { next_cursor: encodeCursor(period, spans) }),
  };
}

/** A new listing reaches as far as each lane's head does now. */
async function begin(tenant: TenantId, period: Period, { balances }: ReadPorts): Promise<Listing> {
  const heads = (await balances.heads(tenant, period)).filter((head) => head.entryCount > 0);
  const spans = heads.map((head) => laneSpan(head.lane, head.nextSeq - 1));
  return { spans, total: sum(heads.map((head) => head.totals.receivable)) };
}

/** Each lane's last page carries the totals up to it, so the sum of a listing begun earlier is still known. */
async function resume(
  tenant: TenantId,
  { period, spans }: { period: Period; spans: readonly LaneSpan[] },
  { ledger }: ReadPorts,
): Promise<Listing> {
  const lastPages = await Promise.all(spans.map(({ lane, lastSeq }) => ledger.page({ tenant, period, lane }, lastSeq)));
  const totals = lastPages.map((page) => {
    if (page === undefined) throw badCursor();
    return page.totals.receivable;
  });
  return { spans, total: sum(totals) };
}

/**
 * The seal of a month whose every sealed page is in the listing. A listing that began while the month was open stays one
 * of an open month: its total is not what was sealed.
 */
function sealCovering(closure: Closure | undefined, { spans }: Listing): Seal | undefined {
  if (closure?.status !== 'closed') return undefined;
  const reached = new Map(spans.map(({ lane, lastSeq }) => [lane, lastSeq]));
  const isWhole = closure.seal.lanes.every(({ lane, nextSeq }) => (reached.get(lane) ?? 0) === nextSeq - 1);
  return isWhole ? closure.seal : undefined;
}

function statusOf(closure: Closure | undefined): PeriodStatus {
  return closure?.status === 'closing' ? 'closing' : 'open';
}

function lineOf(entry: JournalEntry, postedAt: Instant) {
  return {
    txn_id: entry.txnId,
    kind: entry.kind,
    metric: entry.metric,
    quantity: entry.quantity?.toString() ?? null,
    event_date: entry.eventDate,
    posted_at: postedAt,
    amount_minor: receivableOf(entry).toString(),
  };
}
