import type { ApiKey, WebhookKey } from '../../../../../client/types/api.ts';

/** A key as the lists show it; never its secret. An API key has scopes. */
export type KeyRow = WebhookKey & Partial<Pick<ApiKey, 'scopes'>>;

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
