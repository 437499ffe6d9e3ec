import { type Answered, Caller, type CallOptions, type Retry, type Token } from './caller.ts';
import { ZerosumInvalidError } from './errors.ts';
import { type ApiKeys, apiKeysOf, type WebhookKeys, webhookKeysOf } from './keys.ts';
import { listing } from './listing.ts';
import { toJsonInteger } from './money.ts';
import type { Answer, Body, OperationId, Query } from './operation-types.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry-policy.ts';
import { type ClientClock, newKey, systemClock } from './runtime.ts';
import type * as api from './types/api.ts';
import { keyedEvent, type UsageEvent } from './usage-event.ts';
import { signedBy, type WebhookSigner } from './webhook-signature.ts';

export interface ClientOptions {
  /** Where the API is, stage and all: `https://api.example.com/prod`. */
  readonly url: string | URL;
  /** A tenant's or administrator's token or API key, or a function that gives one that is valid now. */
  readonly token?: Token | undefined;
  /** How long and how often calls are tried, unless one says otherwise. */
  readonly retries?: Partial<RetryPolicy>;
  /** Told before a call is tried again. */
  readonly onRetry?: (retry: Retry) => void;
  readonly fetch?: typeof fetch;
  readonly clock?: ClientClock;
  /** Makes up keys for what comes without one. */
  readonly newKey?: () => string;
}

/** An adjustment; without an `idempotency_key` it gets a random one, as a usage event does. */
export type Adjustment = Omit<api.AdjustmentRequest, 'amount_minor' | 'idempotency_key'> & {
  readonly amount_minor: number | bigint;
  readonly idempotency_key?: string;
};

export interface ReconcileOptions extends CallOptions {
  /** Told what each answer says, the last one included. */
  readonly onProgress?: (run: api.ReconcileRun) => void;
  /** How long to wait between two questions. */
  readonly pollMs?: number;
}

const POLL_MS = 1_000;
/** Whoever asks whether the service works wants to know it now. */
const ONCE = { triesMax: 1 };
const CLOUD_EVENTS = 'application/cloudevents-batch+json';

/**
 * The API of Zerosum: a method for each of its operations, with the types its OpenAPI document gives them. Amounts and
 * quantities in answers are decimal strings; `toBigint` reads them. Each method tries again after no answer, a 503 or a
 * 429, always with the same key, and throws a ZerosumError.
 */
export class ZerosumClient {
  readonly webhookKeys: WebhookKeys;
  readonly apiKeys: ApiKeys;
  readonly #caller: Caller;
  readonly #clock: ClientClock;
  readonly #newKey: () => string;

  constructor(options: ClientOptions) {
    const { token, retries, onRetry, clock = systemClock } = options;
    this.#clock = clock;
    this.#newKey = options.newKey ?? newKey;
    this.#caller = new Caller({
      url: baseUrl(options.url),
      token,
      fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
      clock,
      retries: { ...defaultRetryPolicy, ...retries },
      onRetry,
    });
    this.webhookKeys = webhookKeysOf(this.#caller, this.#newKey);
    this.apiKeys = apiKeysOf(this.#caller, this.#newKey);
  }

  /** Reports one usage event: once accepted it is charged once, or refused with a reason its receipt tells. */
  async sendEvent(event: UsageEvent, options?: CallOptions): Promise<api.Accepted> {
    return this.#caller.answer('acceptUsage', { body: keyedEvent(event, this.#newKey) }, options);
  }

  /** Reports 1 to 1,000 events, each accepted or refused for itself: look at `results`. One of status 503 may be sent again. */
  async sendBatch(events: readonly UsageEvent[], options?: CallOptions): Promise<api.BatchAnswer> {
    return this.#caller.answer(
      'acceptBatch',
      { body: events.map((event) => keyedEvent(event, this.#newKey)) },
      options,
    );
  }

  /** The same as a CloudEvents 1.0 batch, which names no tenant: the credential's is meant. */
  async sendCloudEvents(events: readonly api.UsageCloudEvent[], options?: CallOptions): Promise<api.BatchAnswer> {
    // The operation takes several types of content, of which the types know the first.
    const input = { body: events as readonly unknown[] as Body<'acceptBatch'> };
    return (await this.#caller.call('acceptBatch', input, options, { contentType: CLOUD_EVENTS })).body;
  }

  /** Hands in usage as a provider's webhook does: signed with a webhook key, not with the token. */
  async sendDelivery(
    delivery: Body<'acceptDelivery'>,
    signer: WebhookSigner,
    options?: CallOptions,
  ): Promise<api.Accepted> {
    const credential = signedBy(signer, this.#clock);
    return (await this.#caller.call('acceptDelivery', { body: delivery }, options, { credential })).body;
  }

  /** What became of an accepted event; `proof: 'full'` adds all that its entry can be proven with offline. */
  receipt(eventId: string, query: Query<'getReceipt'> = {}, options?: CallOptions): Promise<api.Receipt> {
    return this.#caller.answer('getReceipt', { path: { event_id: eventId }, query }, options);
  }

  /** What the tenant owes, over all time. */
  balance(options?: CallOptions): Promise<api.Balance> {
    return this.#caller.answer('getBalance', {}, options);
  }

  /** A page of a month's statement: at most 1,000 lines, and the whole month's total. */
  statement(query: Query<'getStatement'> = {}, options?: CallOptions): Promise<api.Statement> {
    return this.#caller.answer('getStatement', { query }, options);
  }

  /** A month's lines over all pages; `first()` has the month's total and status, which hold for all of them. */
  statementLines(query: Query<'getStatement'> = {}, options?: CallOptions) {
    return listing(
      query,
      (page) => this.#caller.answer('getStatement', { query: page }, options),
      (page) => page.lines,
    );
  }

  /** Quantity and amount over time: a second or so behind. */
  usage(query: Query<'getUsage'> = {}, options?: CallOptions): Promise<api.Usage> {
    return this.#caller.answer('getUsage', { query }, options);
  }

  /** Credits (a negative amount) or charges a tenant by hand. */
  async adjust(adjustment: Adjustment, options?: CallOptions): Promise<api.Accepted> {
    const { amount_minor: amount, idempotency_key: key = this.#newKey(), ...rest } = adjustment;
    const body = { ...rest, amount_minor: toJsonInteger('amount_minor', amount), idempotency_key: key };
    return this.#caller.answer('acceptAdjustment', { body }, options);
  }

  /** Closes a tenant's month, for ever. A 409 with `afterLostAnswer` may mean that an earlier try of this call closed it. */
  closePeriod(request: Body<'closePeriod'>, options?: CallOptions): Promise<api.Closed> {
    return this.#caller.answer('closePeriod', { body: request }, options);
  }

  /** Totals by account, which sum to zero: of a month or all time, of a tenant or all. */
  trialBalance(query: Query<'getTrialBalance'> = {}, options?: CallOptions): Promise<api.TrialBalance> {
    return this.#caller.answer('getTrialBalance', { query }, options);
  }

  /** Checks the ledger and waits until that is complete, however long it takes; each question is a call of its own. */
  async reconcile(request: api.ReconcileRequest = {}, options: ReconcileOptions = {}): Promise<api.ReconcileRun> {
    const { onProgress, pollMs = POLL_MS, ...call } = options;
    let run = await this.startReconcile(request, call);
    onProgress?.(run);
    while (!run.complete) {
      await this.#clock.sleep(pollMs, call.signal);
      run = await this.reconcileRun(run.run_id, call);
      onProgress?.(run);
    }
    return run;
  }

  /** Begins a check of the ledger; what does not fit one request goes on by itself. */
  startReconcile(request: api.ReconcileRequest = {}, options?: CallOptions): Promise<api.ReconcileRun> {
    return this.#caller.answer('reconcile', { body: request }, options);
  }

  reconcileRun(runId: string, options?: CallOptions): Promise<api.ReconcileRun> {
    return this.#caller.answer('getReconcileRun', { path: { run_id: runId } }, options);
  }

  /** What could not be posted, and why. */
  deadLetters(query: Query<'listDeadLetters'> = {}, options?: CallOptions) {
    return listing(
      query,
      (page) => this.#caller.answer('listDeadLetters', { query: page }, options),
      (page) => page.dead_letters,
    );
  }

  /** Tries up to 100 events again; one already posted is charged nothing. */
  redrive(request: Body<'redriveDeadLetters'>, options?: CallOptions): Promise<api.Redriven> {
    return this.#caller.answer('redriveDeadLetters', { body: request }, options);
  }

  /** By id. */
  tenants(query: Query<'listTenants'> = {}, options?: CallOptions) {
    return listing(
      query,
      (page) => this.#caller.answer('listTenants', { query: page }, options),
      (page) => page.tenants,
    );
  }

  /** Creates a tenant; the same again changes nothing. Another name for one that exists needs its `etag`. */
  addTenant(tenant: Body<'saveTenant'>, options: CallOptions & { readonly etag?: string } = {}): Promise<api.Tenant> {
    const { etag, ...call } = options;
    return this.#caller.answer(
      'saveTenant',
      { body: tenant, header: etag === undefined ? {} : { 'If-Match': etag } },
      call,
    );
  }

  /** The prices in force and the newest versions, with the `etag` that a change of them must name. */
  async prices(query: Query<'getPrices'> = {}, options?: CallOptions): Promise<api.Prices & { readonly etag: string }> {
    return withEtag(await this.#caller.call('getPrices', { query }, options));
  }

  /** Every version of the prices there ever was, the newest first. */
  priceVersions(query: Query<'getPrices'> = {}, options?: CallOptions) {
    return listing(
      query,
      (page) => this.#caller.answer('getPrices', { query: page }, options),
      (page) => page.versions,
    );
  }

  /**
   * Adds a version of the prices: all of them, for a metric that is not in it is no longer taken.
   * @param etag of the prices as you have seen them, so that nobody's change is overwritten; null for the first of all
   */
  async putPrices(
    prices: Body<'changePrices'>,
    etag: string | null,
    options?: CallOptions,
  ): Promise<api.PriceVersion & { readonly etag: string }> {
    const header = etag === null ? { 'If-None-Match': '*' } : { 'If-Match': etag };
    return withEtag(await this.#caller.call('changePrices', { body: prices, header }, options));
  }

  /** Who did what, newest first, of one month. */
  audit(query: Query<'getAuditLog'> = {}, options?: CallOptions) {
    return listing(
      query,
      (page) => this.#caller.answer('getAuditLog', { query: page }, options),
      (page) => page.entries,
    );
  }

  /** Whether requests reach the service; asked once. */
  health(options?: CallOptions): Promise<Answer<'getHealth'>> {
    return this.#caller.answer('getHealth', {}, { ...ONCE, ...options });
  }

  /** Whether every dependency of the service answers: a ZerosumProblem of status 503 when one does not. Asked once. */
  ready(options?: CallOptions): Promise<Answer<'getReadiness'>> {
    return this.#caller.answer('getReadiness', {}, { ...ONCE, ...options });
  }

  /** The OpenAPI document. */
  document(options?: CallOptions): Promise<Answer<'getDocument'>> {
    return this.#caller.answer('getDocument', {}, options);
  }
}

function withEtag<Id extends OperationId>({ headers, body }: Answered<Id>): Answer<Id> & { readonly etag: string } {
  return { ...body, etag: headers.get('etag') ?? '' };
}

function baseUrl(url: string | URL): URL {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  const isPlain =
    parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.search === '' && parsed.hash === '';
  if (isPlain && parsed.username === '' && parsed.password === '') return parsed;
  throw new ZerosumInvalidError(
    'The URL must be like https://api.example.com/prod: no user name, no query, no fragment.',
  );
}
