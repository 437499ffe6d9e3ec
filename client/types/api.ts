// Written by `npm run client-types` from the OpenAPI document: change the schemas in lambdas/, not this file.

/** What became of an accepted event. */
export type Receipt =
  | {
      /** The channel it came in by, and the id its sender chose. */
      event_id: string;
      /** When it was accepted. */
      received_at: string;
      /** Not settled yet: ask again in a moment. */
      status: 'accepted';
      /** Why it takes longer, if it does. */
      reason?: string;
    }
  | {
      /** The channel it came in by, and the id its sender chose. */
      event_id: string;
      /** When it was accepted. */
      received_at: string;
      /** Charged, once and for ever. */
      status: 'posted';
      /** The journal entry. */
      txn_id: string;
      /** A UTC month. */
      period: string;
      /** What it was charged: negative for a credit. In minor units (cents). */
      amount_minor: string;
      /** The price book it was rated at; null for an adjustment. */
      price_version: number | null;
      proof: FullProof | Proof;
    }
  | {
      /** The channel it came in by, and the id its sender chose. */
      event_id: string;
      /** When it was accepted. */
      received_at: string;
      /** It can never be charged, for this reason. */
      status: 'refused';
      reason: string;
    };

export type DeadLetter =
  | {
      /** A tenant id. */
      tenant: string;
      /** The channel it came in by, and the id its sender chose. */
      event_id: string;
      /** `refused`: it can never be posted as it is. `undelivered`: the sweep will try it again. `given_up`: the sweep has tried it often enough. */
      status: 'refused' | 'undelivered' | 'given_up';
      /** Why it was not posted. */
      reason: string;
      /** When that was first so. */
      first_failed_at: string;
      /** When it was last so. */
      last_failed_at: string;
      /** How often it was tried. */
      attempts: number;
    }
  | {
      tenant: null;
      event_id: null;
      /** Of the message in the queue. */
      message_id: string;
      /** A message from which no event could be read. */
      status: 'unreadable';
      /** Why it was not posted. */
      reason: string;
      /** When that was first so. */
      first_failed_at: string;
      /** When it was last so. */
      last_failed_at: string;
      /** How often it was tried. */
      attempts: number;
    };


/** A refusal as problem details (RFC 9457). */
export interface Problem {
  /** Which kind of refusal this is: a stable URN. */
  type: string;
  /** The kind in words, always the same. */
  title: string;
  /** The HTTP status, again. */
  status: number;
  /** What was wrong with this request, and what to do next. */
  detail: string;
  /** The same as the header x-request-id: name it when you ask us. */
  request_id: string;
  /** Every field at fault. */
  errors?: {
    field: string;
    message: string;
  }[];
}

export interface UsageRequest {
  /** Your tenant id: the token's. */
  tenant: string;
  /** What was used: a metric that has a price in the price book in force. */
  metric: string;
  /** How much was used, in the metric's own unit: a whole number. `1.0` and `1e3` are whole numbers too. */
  quantity: number;
  /** Your own id for this, the same at every retry: 1 to 200 bytes of UTF-8. */
  idempotency_key: string;
  /** When it was used: within the last year and at most a day ahead. Without it, the moment of acceptance. */
  event_date?: string;
}

/** An event that is certain to settle. */
export interface Accepted {
  accepted: true;
  /** The channel it came in by, and the id its sender chose. */
  event_id: string;
}

export interface UsageCloudEvent {
  specversion: '1.0';
  /** The event's own id, the same at every retry: what `idempotency_key` is elsewhere. */
  id: string;
  /** Where it comes from; required by CloudEvents, not kept. */
  source: string;
  /** What was used: a metric that has a price in the price book in force. */
  type: string;
  /** Your tenant id: the token's, which counts without it too. */
  subject?: string | null;
  /** When it was used: within the last year and at most a day ahead. Without it, the moment of acceptance. */
  time?: string | null;
  /** The quantity; anything else in it is ignored. */
  data: {
    /** How much was used, in the metric's own unit: a whole number. `1.0` and `1e3` are whole numbers too. */
    quantity: number;
  };
}

export interface BatchAnswer {
  /** How many events are certain to settle. */
  accepted: number;
  /** How many are not. */
  rejected: number;
  /** What became of each event, in the order of the batch. */
  results: (
    | {
        /** The place in the batch, from 0. */
        index: number;
        status: 202;
        /** The channel it came in by, and the id its sender chose. */
        event_id: string;
      }
    | {
        /** The place in the batch, from 0. */
        index: number;
        status: 400 | 403 | 409 | 503;
        /** Absent when the event could not be read. */
        event_id?: string;
        problem: Problem;
      }
  )[];
}

export interface WebhookUsage {
  /** The delivery's own id, the same at every retry. */
  event_id: string;
  /** What was used: a metric that has a price in the price book in force. */
  metric: string;
  /** How much was used, in the metric's own unit: a whole number. `1.0` and `1e3` are whole numbers too. */
  quantity: number;
  /** When it was used: within the last year and at most a day ahead. Without it, the moment of acceptance. */
  event_date?: string;
}

/** All that the entry can be proven with offline, against an anchor. */
export interface FullProof {
  /** A UTC month. */
  period: string;
  /** Which of the tenant's journals. */
  lane: number;
  /** The page's number in its lane, without gaps from 1. */
  seq: number;
  /** Of the page and all before it in its lane. SHA-256 in hex. */
  page_hash: string;
  /** A tenant id. */
  tenant: string;
  /** The entry's place in its page. */
  index: number;
  /** When the page was posted. */
  posted_at: string;
  /** The hash of the page before. SHA-256 in hex. */
  prev_hash: string;
  /** The lane's totals up to and with this page. */
  totals: {
    /** In minor units (cents). */
    receivable: string;
    /** In minor units (cents). */
    revenue: string;
    /** In minor units (cents). */
    adjustments: string;
  };
  entry: JournalEntry;
  /**
   * Of the page's entries, in their order.
   *
   * Items: Of one entry. SHA-256 in hex.
   */
  entry_hashes: string[];
  /** With `to_seq`: what leads from this page to the anchored one. */
  links?: {
    /** The page of the first hash. */
    from_seq: number;
    /** Items: Of the contents of one page. SHA-256 in hex. */
    hashes: string[];
    /** Where the rest begins: send it as `from_seq`. */
    next_seq?: number;
  };
}

export interface JournalEntry {
  /** The channel it came in by, and the id its sender chose. */
  event_id: string;
  /** The journal entry. */
  txn_id: string;
  /** Whether it was used, or credited or charged by hand. */
  kind: 'usage' | 'adjustment';
  /** Null on an adjustment. */
  metric: string | null;
  quantity: string | null;
  /** When it happened, as far as anyone knows. */
  event_date: string;
  /** The price book it was rated at; null for an adjustment. */
  price_version: number | null;
  /** They net to zero. */
  postings: {
    /** The account posted to. */
    account: 'receivable' | 'revenue' | 'adjustments';
    /** A debit is positive, a credit negative. In minor units (cents). */
    amount_minor: string;
  }[];
}

/** The page of the journal that holds the entry: keep it, and no rewrite goes unseen. */
export interface Proof {
  /** A UTC month. */
  period: string;
  /** Which of the tenant's journals. */
  lane: number;
  /** The page's number in its lane, without gaps from 1. */
  seq: number;
  /** Of the page and all before it in its lane. SHA-256 in hex. */
  page_hash: string;
}

export interface Balance {
  /** What the tenant owes, over all time. In minor units (cents). */
  balance_minor: string;
  /** ISO 4217. */
  currency: string;
}

export interface Statement {
  /** A UTC month. */
  period: string;
  /** A closed month never changes. */
  status: 'open' | 'closing' | 'closed';
  /** ISO 4217. */
  currency: string;
  /** Oldest first. */
  lines: StatementLine[];
  /** The whole month's, whichever page this is. In minor units (cents). */
  total_minor: string;
  /** Send it as `cursor` for the next page. Absent on the last one. */
  next_cursor?: string;
}

export interface StatementLine {
  /** With `include=event_id`: `GET /events/{event_id}` is its receipt. */
  event_id?: string;
  /** The journal entry. */
  txn_id: string;
  /** Whether it was used, or credited or charged by hand. */
  kind: 'usage' | 'adjustment';
  /** Null on an adjustment. */
  metric: string | null;
  quantity: string | null;
  /** When it happened, as far as anyone knows. */
  event_date: string;
  /** When it was posted. */
  posted_at: string;
  /** What it adds to the balance: negative for a credit. In minor units (cents). */
  amount_minor: string;
}

export interface Usage {
  /** Oldest first. */
  series: {
    /** When the bucket begins, in UTC. */
    start: string;
    /** How much was used. */
    quantity: string;
    /** What it was charged. In minor units (cents). */
    amount_minor: string;
  }[];
  /** With `group_by=metric`: what `series` adds up, metric by metric, those with usage. */
  metrics?: {
    /** A metric of any price book. */
    metric: string;
    /** Its buckets with usage, oldest first. */
    series: {
      /** When the bucket begins, in UTC. */
      start: string;
      /** How much was used. */
      quantity: string;
      /** What it was charged. In minor units (cents). */
      amount_minor: string;
    }[];
  }[];
  /** Everything posted before this is counted. */
  as_of: string;
}

export interface AdjustmentRequest {
  /** A tenant id. */
  tenant: string;
  /** Minor units: a positive amount is owed in addition, a negative one is credited. Never 0. */
  amount_minor: number;
  /** Your own id for this, the same at every retry: 1 to 200 bytes of UTF-8. */
  idempotency_key: string;
  /** Why, for whoever asks later: 1 to 1024 bytes of UTF-8. */
  reason: string;
}

export interface CloseRequest {
  /** A tenant id. */
  tenant: string;
  /** The UTC month to close, `YYYY-MM`: at the latest next month. */
  period: string;
}

export interface Closed {
  closed: true;
  /** A tenant id. */
  tenant: string;
  /** A UTC month. */
  period: string;
}

export interface Tenants {
  /** By id. */
  tenants: Tenant[];
  /** Send it as `cursor` for the next page. Absent on the last one. */
  next_cursor?: string;
}

export interface Tenant {
  /** A tenant id. */
  tenant: string;
  /** What people call it. */
  name: string;
  /** The state it is in, also in the header `ETag`: send it as `If-Match`, quotes and all, to change it. */
  etag: string;
}

export interface TenantRequest {
  /** The id it has for ever. */
  tenant: string;
  /** What people call it: 1 to 200 bytes of UTF-8. */
  name: string;
}

export interface Prices {
  /** By which usage is rated now; null when all are still to come. */
  in_force: PriceVersion | null;
  /** All there ever were, the newest first. */
  versions: PriceVersion[];
  /** Send it as `cursor` for the next page. Absent on the last one. */
  next_cursor?: string;
}

export interface PriceVersion {
  /** 1, 2, 3, and so on: receipts name the version they were rated at. */
  version: number;
  /** From when on it is in force, until another is. */
  effective_at: string;
  /** ISO 4217. */
  currency: string;
  /** By metric, the price of one unit in minor units (cents). */
  unit_prices: {
    /** In minor units (cents). */
    [k: string]: string;
  };
}

export interface PriceRequest {
  /** ISO 4217: the first version fixes it for ever. */
  currency: string;
  /** By metric, the price of one unit in minor units (cents): a whole number, or the same as a decimal text. A metric that is not here is no longer taken. */
  unit_prices: {
    [k: string]: number | string;
  };
  /** From when on it is in force, as a full RFC 3339 timestamp with `Z` or an offset: not in the past, but for five minutes that clocks may differ, which count as now. Default: now. Every function keeps prices for 30 seconds: a moment further ahead is kept to the event. */
  effective_at?: string;
}

export interface WebhookKeys {
  /** By id, revoked ones too. */
  keys: WebhookKey[];
  /** Send it as `cursor` for the next page. Absent on the last one. */
  next_cursor?: string;
}

export interface WebhookKey {
  /** The id of a key, which it has for ever. */
  id: string;
  /** A tenant id. */
  tenant: string;
  created_at: string | null;
  previous_valid_until: string | null;
  revoked_at: string | null;
  /** The state it is in, also in the header `ETag`: send it as `If-Match`, quotes and all, to change it. */
  etag: string;
}

export interface WebhookKeyRequest {
  /** For whom it speaks. */
  tenant: string;
  /** The id it has for ever, also once it is revoked; by default one is made up. */
  id?: string;
}

export interface IssuedWebhookKey {
  /** The id of a key, which it has for ever. */
  id: string;
  /** A tenant id. */
  tenant: string;
  created_at: string | null;
  previous_valid_until: string | null;
  revoked_at: string | null;
  /** The state it is in, also in the header `ETag`: send it as `If-Match`, quotes and all, to change it. */
  etag: string;
  /** The secret, which is shown in this answer and never again. */
  secret: string;
}

export interface RotationRequest {
  /** How long the secret before stays valid beside the new one; 0 ends it within seconds. */
  overlap_seconds?: number;
}

export interface ApiKeys {
  /** By id, revoked ones too. */
  keys: ApiKey[];
  /** Send it as `cursor` for the next page. Absent on the last one. */
  next_cursor?: string;
}

export interface ApiKey {
  /** The id of a key, which it has for ever. */
  id: string;
  /** A tenant id. */
  tenant: string;
  created_at: string | null;
  previous_valid_until: string | null;
  revoked_at: string | null;
  /** The state it is in, also in the header `ETag`: send it as `If-Match`, quotes and all, to change it. */
  etag: string;
  /** What it may do. */
  scopes: ('usage:write' | 'ledger:read')[];
}

export interface ApiKeyRequest {
  /** For whom it speaks. */
  tenant: string;
  /** The id it has for ever, also once it is revoked; by default one is made up. */
  id?: string;
  /** What it may do: `usage:write` hands usage in, `ledger:read` reads what was charged. */
  scopes: ('usage:write' | 'ledger:read')[];
}

export interface IssuedApiKey {
  /** The id of a key, which it has for ever. */
  id: string;
  /** A tenant id. */
  tenant: string;
  created_at: string | null;
  previous_valid_until: string | null;
  revoked_at: string | null;
  /** The state it is in, also in the header `ETag`: send it as `If-Match`, quotes and all, to change it. */
  etag: string;
  /** What it may do. */
  scopes: ('usage:write' | 'ledger:read')[];
  /** The secret, which is shown in this answer and never again. */
  secret: string;
}

export interface TrialBalance {
  /** Null: all tenants together. */
  tenant: string | null;
  /** Null: all time. */
  period: string | null;
  /** By account: a debit is positive, a credit negative. */
  totals_minor: {
    /** In minor units (cents). */
    receivable: string;
    /** In minor units (cents). */
    revenue: string;
    /** In minor units (cents). */
    adjustments: string;
  };
  /** The sum of all accounts: always 0. In minor units (cents). */
  sum_minor: string;
  /** How many journal entries the totals are of. */
  entry_count: number;
}

export interface AuditLog {
  /** A UTC month. */
  month: string;
  /** Newest first. */
  entries: AuditEntry[];
  /** Whether each entry of this page follows from the one before it. */
  chain:
    | {
        ok: true;
      }
    | {
        ok: false;
        broken_at: {
          writer: 'admin' | 'reconcile' | 'admin_attempts' | 'reconcile_attempts';
          /** In its writer's chain of the month: 1, 2, 3, and so on without a gap. */
          number: number;
        };
      };
  /** Send it as `cursor` for the next page. Absent on the last one. */
  next_cursor?: string;
}

export interface AuditEntry {
  /** Which function wrote it: each has a chain of its own. */
  writer: 'admin' | 'reconcile' | 'admin_attempts' | 'reconcile_attempts';
  /** In its writer's chain of the month: 1, 2, 3, and so on without a gap. */
  number: number;
  /** When it was written. */
  at: string;
  /** Who acted. */
  actor: {
    kind: 'admin' | 'tenant' | 'schedule';
    /** The token's `sub`, if it has one. */
    subject: string | null;
    /** The tenant, if it was a tenant's token. */
    tenant: string | null;
  };
  /** Method and path, or the name of a schedule's task. */
  action: string;
  /** What the call names: tenant, period, event id. */
  target: {
    [k: string]: string;
  };
  /** Why, if the call said so. */
  reason: string | null;
  /** The two entries of one call share it. */
  request_id: string;
  /** An effect is on record before it happens. */
  outcome: 'begun' | 'answered';
  /** The HTTP status answered; null when only begun. */
  status: number | null;
  /** The hash of the entry before. SHA-256 in hex. */
  prev_hash: string;
  /** Of this entry and the hash before. SHA-256 in hex. */
  hash: string;
}

export interface ReconcileRequest {
  /** Only this tenant's records; by default everyone's. */
  tenant?: string;
  /** Everything from the first record on, which is the default; false: only what was posted since it was last verified. */
  full?: boolean;
}

export interface ReconcileRun {
  /** Nothing was found, so far. */
  ok: boolean;
  /** What was found: every one, or the first of many. */
  discrepancies: Discrepancy[];
  /** How many there are, if more than are listed. */
  discrepancies_found?: number;
  /** How many records of each kind were looked at. */
  checked: {
    [k: string]: number;
  };
  /** False: it goes on by itself; ask for the run again. */
  complete: boolean;
  /** Names this run. */
  run_id: string;
  /** Everything, or what was posted since it was last verified. */
  mode: 'full' | 'new';
  /** Absent: everyone's records. */
  tenant?: string;
  /** When it began. */
  started_at: string;
  /** When it got this far. */
  updated_at: string;
  /** The part it is in, until it is complete. */
  phase?: string;
}

/** A contradiction between two records, confirmed by reading both again. */
export interface Discrepancy {
  /** What contradicts what. */
  type:
    | 'gap'
    | 'broken_chain'
    | 'altered_page'
    | 'unbalanced_entry'
    | 'head_mismatch'
    | 'page_beyond_head'
    | 'page_without_head'
    | 'rolled_back_head'
    | 'rewritten_chain'
    | 'missing_intake'
    | 'missing_marker'
    | 'marker_mismatch'
    | 'duplicate_entry'
    | 'payload_mismatch'
    | 'amount_mismatch'
    | 'malformed_entry'
    | 'altered_entry'
    | 'price_version_mismatch'
    | 'unknown_price'
    | 'kind_mismatch'
    | 'period_mismatch'
    | 'orphan_marker'
    | 'future_marker'
    | 'refusal_without_intake'
    | 'unfounded_refusal'
    | 'altered_intake'
    | 'unsettled'
    | 'gate_without_closure'
    | 'reopened_gate'
    | 'missing_seal'
    | 'seal_mismatch'
    | 'broken_seal_chain'
    | 'carry_mismatch'
    | 'anchored_hash_missing'
    | 'anchored_seal_missing'
    | 'anchored_intake_mismatch'
    | 'damaged_anchor'
    | 'missing_anchor'
    | 'anchor_link_mismatch'
    | 'anchor_index_mismatch'
    | 'damaged_item'
    | 'foreign_item';
  /** Null when the item names no tenant. */
  tenant_id: string | null;
  /** The channel it came in by, and the id its sender chose. */
  event_id?: string;
  /** The journal entry. */
  txn_id?: string;
  /** What should be there, by the other record. */
  expected?: string;
  /** What is there instead. */
  posted?: string;
  /** Where it is, as far as that can be said. */
  detail: {
    /** A UTC month. */
    period?: string;
    /** Which of the tenant's journals. */
    lane?: number;
    /** The page in its lane. */
    seq?: number;
    /** The entry's place in its page. */
    index?: number;
    /** The key of the item, where nothing else can be read from it. */
    item?: string;
    /** For the person who looks into it. */
    message: string;
  };
}

export interface DeadLetters {
  /** One each event, or message. */
  dead_letters: DeadLetter[];
  /** Send it as `cursor` for the next page. Absent on the last one. */
  next_cursor?: string;
}

export interface RedriveRequest {
  /** A tenant id. */
  tenant: string;
  /**
   * Which events to try again.
   *
   * Items: The id of an accepted event.
   */
  event_ids: string[];
}

export interface Redriven {
  /** One each event, in the order of the request. */
  results: {
    /** The channel it came in by, and the id its sender chose. */
    event_id: string;
    /** `redriven`: it is on its way again. `already_posted`: nothing to do, and nothing charged. `unknown`: nothing was accepted under this id. `damaged`: its record is not what was accepted, so reconcile it first. `not_sent`: the queue did not take it, so ask again. */
    status: 'redriven' | 'already_posted' | 'unknown' | 'damaged' | 'not_sent';
  }[];
}

export interface GetReceiptQuery {
  /** With `full`, the receipt carries all that its entry can be proven with offline. */
  proof?: 'full';
  /** The first page to link: the `next_seq` of the answer before. By default the page after the entry’s. */
  from_seq?: number;
  /** The anchored page to link the entry’s page to. Without it the receipt has no links. */
  to_seq?: number;
}

export interface GetStatementQuery {
  /** The UTC month, `YYYY-MM`. Without it, this month. */
  period?: string;
  /** The most items to answer with. */
  limit?: number;
  /** Where to go on: the `next_cursor` of the page before, unchanged. */
  cursor?: string;
  /** With `event_id`, each line says of which event it is: what its receipt is asked for by. */
  include?: 'event_id';
}

export interface GetUsageQuery {
  /** A metric of any price book. Without it, all metrics together: amounts add up, quantities mix units. */
  metric?: string;
  /** The first moment, a UTC date or a timestamp. Without it, the start of the month in which `to` ends. */
  from?: string;
  /** The first moment that no longer counts. Without it, the end of this UTC month. */
  to?: string;
  /** How long a bucket is, in UTC. A span is widened to whole buckets. */
  granularity?: 'hour' | 'day' | 'month';
  /** With `metric`, the answer also has the buckets of each metric. */
  group_by?: 'metric';
}

export interface ListTenantsQuery {
  /** The most items to answer with. */
  limit?: number;
  /** Where to go on: the `next_cursor` of the page before, unchanged. */
  cursor?: string;
}

export interface GetPricesQuery {
  /** The most items to answer with. */
  limit?: number;
  /** Where to go on: the `next_cursor` of the page before, unchanged. */
  cursor?: string;
}

export interface ListWebhookKeysQuery {
  /** Only this tenant's; by default everyone's. */
  tenant?: string;
  /** The most items to answer with. */
  limit?: number;
  /** Where to go on: the `next_cursor` of the page before, unchanged. */
  cursor?: string;
}

export interface ListApiKeysQuery {
  /** Only this tenant's; by default everyone's. */
  tenant?: string;
  /** The most items to answer with. */
  limit?: number;
  /** Where to go on: the `next_cursor` of the page before, unchanged. */
  cursor?: string;
}

export interface GetTrialBalanceQuery {
  /** One UTC month, `YYYY-MM`. Without it, all time. */
  period?: string;
  /** One tenant. Without it, all tenants together. */
  tenant?: string;
}

export interface GetAuditLogQuery {
  /** Which month of the log; by default this UTC month. */
  month?: string;
  /** The most items to answer with. */
  limit?: number;
  /** Where to go on: the `next_cursor` of the page before, unchanged. */
  cursor?: string;
}

export interface ListDeadLettersQuery {
  /** Whose; by default everybody’s. */
  tenant?: string;
  /** The most items to answer with. */
  limit?: number;
  /** Where to go on: the `next_cursor` of the page before, unchanged. */
  cursor?: string;
}

export interface GetHealthAnswer {
  status: 'alive';
}

export interface GetReadinessAnswer {
  status: 'ready';
}

export interface GetDocumentAnswer {
  openapi: string;
  [k: string]: unknown;
}

/** What each operation takes and answers, by its id in the document. */
export interface Operations {
  acceptUsage: { body: UsageRequest; answers: { 202: Accepted } };
  acceptBatch: { body: UsageRequest[]; answers: { 202: BatchAnswer; 207: BatchAnswer } };
  acceptDelivery: { body: WebhookUsage; answers: { 202: Accepted } };
  getReceipt: { path: { event_id: string }; query: GetReceiptQuery; answers: { 200: Receipt } };
  getBalance: { answers: { 200: Balance } };
  getStatement: { query: GetStatementQuery; answers: { 200: Statement } };
  getUsage: { query: GetUsageQuery; answers: { 200: Usage } };
  acceptAdjustment: { body: AdjustmentRequest; answers: { 202: Accepted } };
  closePeriod: { body: CloseRequest; answers: { 200: Closed } };
  listTenants: { query: ListTenantsQuery; answers: { 200: Tenants } };
  saveTenant: { header: { 'If-Match'?: string; 'If-None-Match'?: string }; body: TenantRequest; answers: { 200: Tenant; 201: Tenant } };
  getPrices: { query: GetPricesQuery; answers: { 200: Prices } };
  changePrices: { header: { 'If-Match'?: string; 'If-None-Match'?: string }; body: PriceRequest; answers: { 200: PriceVersion; 201: PriceVersion } };
  listWebhookKeys: { query: ListWebhookKeysQuery; answers: { 200: WebhookKeys } };
  issueWebhookKey: { body: WebhookKeyRequest; answers: { 201: IssuedWebhookKey } };
  getWebhookKey: { path: { id: string }; answers: { 200: WebhookKey } };
  revokeWebhookKey: { path: { id: string }; header: { 'If-Match'?: string }; answers: { 200: WebhookKey } };
  rotateWebhookKey: { path: { id: string }; header: { 'If-Match'?: string }; body?: RotationRequest; answers: { 200: IssuedWebhookKey } };
  listApiKeys: { query: ListApiKeysQuery; answers: { 200: ApiKeys } };
  issueApiKey: { body: ApiKeyRequest; answers: { 201: IssuedApiKey } };
  getApiKey: { path: { id: string }; answers: { 200: ApiKey } };
  revokeApiKey: { path: { id: string }; header: { 'If-Match'?: string }; answers: { 200: ApiKey } };
  rotateApiKey: { path: { id: string }; header: { 'If-Match'?: string }; body?: RotationRequest; answers: { 200: IssuedApiKey } };
  getTrialBalance: { query: GetTrialBalanceQuery; answers: { 200: TrialBalance } };
  getAuditLog: { query: GetAuditLogQuery; answers: { 200: AuditLog } };
  reconcile: { body?: ReconcileRequest; answers: { 200: ReconcileRun } };
  getReconcileRun: { path: { run_id: string }; answers: { 200: ReconcileRun } };
  listDeadLetters: { query: ListDeadLettersQuery; answers: { 200: DeadLetters } };
  redriveDeadLetters: { body: RedriveRequest; answers: { 200: Redriven } };
  getHealth: { answers: { 200: GetHealthAnswer } };
  getReadiness: { answers: { 200: GetReadinessAnswer } };
  getDocument: { answers: { 200: GetDocumentAnswer } };
}

/** Where each operation is. */
export const routes = {
  acceptUsage: { method: 'POST', path: '/events' },
  acceptBatch: { method: 'POST', path: '/events/batch' },
  acceptDelivery: { method: 'POST', path: '/webhooks/usage' },
  getReceipt: { method: 'GET', path: '/events/{event_id}' },
  getBalance: { method: 'GET', path: '/balance' },
  getStatement: { method: 'GET', path: '/statement' },
  getUsage: { method: 'GET', path: '/usage' },
  acceptAdjustment: { method: 'POST', path: '/adjustments' },
  closePeriod: { method: 'POST', path: '/periods/close' },
  listTenants: { method: 'GET', path: '/tenants' },
  saveTenant: { method: 'POST', path: '/tenants' },
  getPrices: { method: 'GET', path: '/prices' },
  changePrices: { method: 'PUT', path: '/prices' },
  listWebhookKeys: { method: 'GET', path: '/webhook-keys' },
  issueWebhookKey: { method: 'POST', path: '/webhook-keys' },
  getWebhookKey: { method: 'GET', path: '/webhook-keys/{id}' },
  revokeWebhookKey: { method: 'DELETE', path: '/webhook-keys/{id}' },
  rotateWebhookKey: { method: 'POST', path: '/webhook-keys/{id}/rotate' },
  listApiKeys: { method: 'GET', path: '/api-keys' },
  issueApiKey: { method: 'POST', path: '/api-keys' },
  getApiKey: { method: 'GET', path: '/api-keys/{id}' },
  revokeApiKey: { method: 'DELETE', path: '/api-keys/{id}' },
  rotateApiKey: { method: 'POST', path: '/api-keys/{id}/rotate' },
  getTrialBalance: { method: 'GET', path: '/trial-balance' },
  getAuditLog: { method: 'GET', path: '/audit' },
  reconcile: { method: 'POST', path: '/reconcile' },
  getReconcileRun: { method: 'GET', path: '/reconcile/{run_id}' },
  listDeadLetters: { method: 'GET', path: '/dead-letters' },
  redriveDeadLetters: { method: 'POST', path: '/dead-letters/redrive' },
  getHealth: { method: 'GET', path: '/healthz' },
  getReadiness: { method: 'GET', path: '/readyz' },
  getDocument: { method: 'GET', path: '/openapi.json' },
} as const satisfies Record<keyof Operations, { method: string; path: string }>;
