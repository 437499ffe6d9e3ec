/** `GET /trial-balance`. */
export interface TrialBalanceAnswer {
  readonly tenant: string | null;
  readonly period: string | null;
  /** By account; a debit is positive, a credit negative. */
  readonly totals_minor: Readonly<Record<string, string>>;
  readonly sum_minor: string;
  readonly entry_count: number;
}

/** One of `GET /dead-letters`. */
export interface DeadLetter {
  /** Null for a message from which no event could be read. */
  readonly tenant: string | null;
  readonly event_id: string | null;
  readonly message_id?: string;
  readonly status: 'refused' | 'undelivered' | 'given_up' | 'unreadable';
  readonly reason: string;
  readonly first_failed_at: string;
  readonly last_failed_at: string;
  readonly attempts: number;
}

export interface DeadLettersAnswer {
  readonly dead_letters: readonly DeadLetter[];
  readonly next_cursor?: string;
}

/** One contradiction that a reconciliation names. */
export interface Finding {
  readonly type: string;
  readonly tenant_id: string | null;
  readonly event_id?: string;
  readonly txn_id?: string;
  readonly expected?: string;
  readonly posted?: string;
  readonly detail?: {
    readonly period?: string;
    readonly lane?: number;
    readonly seq?: number;
    readonly index?: number;
    readonly item?: string;
    readonly message: string;
  };
}

/** `GET /reconcile/{run_id}`. */
export interface RunAnswer {
  readonly ok: boolean;
  readonly discrepancies: readonly Finding[];
  /** How many there are, if more than are listed. */
  readonly discrepancies_found?: number;
  readonly checked: Readonly<Record<string, number>>;
  readonly complete: boolean;
  readonly run_id: string;
  readonly mode: 'full' | 'new';
  readonly tenant?: string;
  readonly started_at: string;
  readonly updated_at: string;
  readonly phase?: string;
}

/** `GET /events/{event_id}`, as far as it is shown here. */
export interface ReceiptAnswer {
  readonly status: 'accepted' | 'posted' | 'refused';
  readonly period?: string;
  readonly amount_minor?: string;
  readonly reason?: string;
}
