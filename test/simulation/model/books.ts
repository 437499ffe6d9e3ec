/** An item as it lies in a table, its numbers as `bigint`. */
export type Item = Readonly<Record<string, unknown>>;

/** What lies in each table, read past every function. */
export type Tables = (
  table: 'UsageIntake' | 'AdjustmentIntake' | 'Ledger' | 'Balances' | 'Usage' | 'Operations',
) => readonly Item[];

export interface LanePlace {
  readonly tenant: string;
  readonly period: string;
  readonly lane: number;
}

export interface Posting {
  readonly account: string;
  readonly amount_minor: bigint;
}

export interface Entry {
  readonly event_id: string;
  readonly txn_id: string;
  readonly kind: string;
  readonly metric: string | null;
  readonly quantity: bigint | null;
  readonly event_date: string;
  readonly price_version: bigint | null;
  readonly postings: readonly Posting[];
}

export interface Page extends LanePlace {
  readonly seq: number;
  readonly postedMs: number;
  readonly entries: readonly Entry[];
  readonly totals: Readonly<Record<string, bigint>>;
  readonly prevHash: string;
  readonly hash: string;
}

export interface Head extends LanePlace {
  /** 1 for a lane nobody has posted to. */
  readonly nextSeq: number;
  readonly chain: string | undefined;
  readonly totals: Readonly<Record<string, bigint>>;
  readonly entryCount: number;
  readonly isShut: boolean;
}

export interface Marker extends LanePlace {
  readonly eventId: string;
  readonly seq: number;
  readonly index: number;
}

export interface Closure {
  readonly tenant: string;
  readonly period: string;
  readonly item: Item;
}

/** The ledger and what belongs to it, sorted out by keys alone. */
export interface Books {
  readonly pages: readonly Page[];
  readonly heads: readonly Head[];
  readonly markers: readonly Marker[];
  readonly refusals: readonly Item[];
  readonly closures: readonly Closure[];
  /** Items whose keys are nobody's. */
  readonly strange: readonly Item[];
}

export function booksOf(tables: Tables): Books {
  const books = { pages: [] as Page[], heads: [] as Head[], markers: [] as Marker[], refusals: [] as Item[] };
  const rest = { closures: [] as Closure[], strange: [] as Item[] };
  for (const item of [...tables('Ledger'), ...tables('Balances')]) {
    const [kind, tenant = '', period = '', lane = ''] = text(item, 'pk').split('#');
    const sk = text(item, 'sk');
    if (kind === 'J') books.pages.push(pageOf({ tenant, period, lane: Number(lane) }, item));
    else if (kind === 'E') books.markers.push(markerOf(tenant, item));
    else if (kind === 'R') books.refusals.push(item);
    else if (kind === 'H') books.heads.push(headOf(tenant, sk, item));
    else if (kind === 'C' && sk !== '~carried') rest.closures.push({ tenant, period: sk, item });
    else if (kind !== 'C') rest.strange.push(item);
  }
  return { ...books, ...rest };
}

export function text(item: Item, name: string): string {
  const value = item[name];
  return typeof value === 'string' ? value : '';
}

/** A number that is a count; -1 where there is none. */
export function count(item: Item, name: string): number {
  const value = item[name];
  return typeof value === 'bigint' ? Number(value) : -1;
}

export function laneName({ tenant, period, lane }: LanePlace): string {
  return `${tenant} ${period} lane ${lane}`;
}

function pageOf(place: LanePlace, item: Item): Page {
  return {
    ...place,
    seq: Number(text(item, 'sk')),
    postedMs: Date.parse(text(item, 'posted_at')),
    entries: item['entries'] as Entry[],
    totals: item['totals'] as Page['totals'],
    prevHash: text(item, 'prev_hash'),
    hash: text(item, 'hash'),
  };
}

function headOf(tenant: string, sk: string, item: Item): Head {
  const [period = '', lane = ''] = sk.split('#');
  const isUsed = item['next_seq'] !== undefined;
  return {
    ...{ tenant, period, lane: Number(lane) },
    nextSeq: isUsed ? count(item, 'next_seq') : 1,
    chain: isUsed ? text(item, 'chain') : undefined,
    totals: (item['totals'] ?? {}) as Head['totals'],
    entryCount: isUsed ? count(item, 'entry_count') : 0,
    isShut: item['closed_at'] !== undefined,
  };
}

function markerOf(tenant: string, item: Item): Marker {
  return {
    ...{ tenant, eventId: text(item, 'sk'), period: text(item, 'period'), lane: count(item, 'lane') },
    ...{ seq: count(item, 'seq'), index: count(item, 'index') },
  };
}
