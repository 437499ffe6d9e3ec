import type { Scope } from '../domain/scope.ts';
import { REQUEST_ID_HEADER } from '../http/headers.ts';
import { RETRY_AFTER_SECONDS, WEBHOOK_TOLERANCE_SECONDS } from '../http/limits.ts';
import {
  KEY_ID_HEADER,
  SIGNATURE_HEADER,
  STANDARD_ID_HEADER,
  STANDARD_SIGNATURE_HEADER,
  STANDARD_TIMESTAMP_HEADER,
  TIMESTAMP_HEADER,
} from '../http/webhook-headers.ts';
import { ETAG_PATTERN } from './answer-fields.ts';
import type { Access, Operation } from './operation.ts';

const bearer = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } as const;

function header(name: string, description: string) {
  return { type: 'apiKey', in: 'header', name, description } as const;
}

/** Every credential there is, and how to send it. */
export const securitySchemes = {
  tenantToken: {
    ...bearer,
    description: 'A JSON Web Token with the claims `tenant_id` and `exp`. It alone decides whose data it is.',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An API key, `zs_...`: it speaks for its tenant, within its scopes. `usage:write` hands usage in, `ledger:read` reads ' +
      'what was charged; another scope is a 403.',
  },
  adminToken: {
    ...bearer,
    description: 'A JSON Web Token with the claims `admin: true` and `exp`, and no `tenant_id`.',
  },
  webhookKeyId: header(KEY_ID_HEADER, 'The id of a webhook key: its owner is the tenant that is charged.'),
  webhookTimestamp: header(
    TIMESTAMP_HEADER,
    `When it was signed, in Unix seconds: at most ${WEBHOOK_TOLERANCE_SECONDS} s off ours.`,
  ),
  webhookSignature: header(
    SIGNATURE_HEADER,
    'HMAC-SHA256 of `{timestamp}.{key_id}.{raw_body}` under the secret of the key, in lowercase hex.',
  ),
  standardWebhookId: header(STANDARD_ID_HEADER, 'Standard Webhooks: the id of this message.'),
  standardWebhookTimestamp: header(STANDARD_TIMESTAMP_HEADER, `Standard Webhooks: as \`${TIMESTAMP_HEADER}\`.`),
  standardWebhookSignature: header(
    STANDARD_SIGNATURE_HEADER,
    'Standard Webhooks: `v1,` and the HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{raw_body}` in Base64; any of several, parted by spaces. ' +
      'The key is the UTF-8 of the secret.',
  ),
};

type Requirements = readonly Partial<Record<keyof typeof securitySchemes, readonly Scope[]>>[];

/** What an operation asks for: all schemes of any one line. */
export function securityOf({ access, scope }: Pick<Operation, 'access' | 'scope'>): Requirements {
  const withScope: Requirements = scope === undefined ? [] : [{ apiKey: [scope] }];
  return [...security[access], ...withScope];
}

const security: Readonly<Record<Access, Requirements>> = {
  public: [],
  tenant: [{ tenantToken: [] }],
  admin: [{ adminToken: [] }],
  webhook: [
    { webhookKeyId: [], webhookTimestamp: [], webhookSignature: [] },
    { webhookKeyId: [], standardWebhookId: [], standardWebhookTimestamp: [], standardWebhookSignature: [] },
  ],
};

/** The headers that answers may have. */
export const headers = {
  [REQUEST_ID_HEADER]: {
    description: 'Names this request in our logs.',
    required: true,
    schema: { type: 'string' },
    example: '5e0c8e0a-4f7e-4f5c-9a53-5d1f3a2b7c11',
  },
  'retry-after': {
    description: 'How many seconds to wait.',
    required: true,
    schema: { type: 'integer', minimum: 1 },
    example: RETRY_AFTER_SECONDS,
  },
  etag: {
    description: 'The state it is in now: send it as `If-Match`, quotes and all, to change exactly that.',
    required: true,
    schema: { type: 'string', pattern: ETAG_PATTERN },
    example: '"1"',
  },
};
