/** A key as the lists show it; never its secret. */
export interface KeyRow {
  readonly id: string;
  readonly tenant: string;
  readonly created_at: string | null;
  readonly previous_valid_until: string | null;
  readonly revoked_at: string | null;
  readonly etag: string;
  /** Of API keys. */
  readonly scopes?: readonly string[];
}

export interface KeyPage {
  readonly keys: readonly KeyRow[];
  readonly next_cursor?: string;
}

/** The two kinds of credentials that are issued to programs. */
export const keyKinds = {
  webhook: {
    title: 'Webhook keys',
    path: '/webhook-keys',
    use: 'A provider signs its deliveries with one; each delivery is usage of the tenant it belongs to.',
    scopes: [],
  },
  api: {
    title: 'API keys',
    path: '/api-keys',
    use: "A tenant's program sends one instead of a token.",
    scopes: ['usage:write', 'ledger:read'],
  },
} as const;

export type KeyKind = (typeof keyKinds)[keyof typeof keyKinds];
