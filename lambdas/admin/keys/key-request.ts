import * as z from 'zod';
import { KEY_ID_PATTERN, parseApiKeyId, type TenantId } from '../../domain/ids.ts';
import { SCOPES } from '../../domain/scope.ts';
import {
  checked,
  checkedQuery,
  cursorField,
  isInteger,
  limitField,
  parsed,
  refuse,
  tenantField,
} from '../../http/fields.ts';
import { bodyText, jsonObject } from '../../http/json-body.ts';
import { KEY_OVERLAP_DEFAULT_SECONDS, KEY_OVERLAP_MAX_SECONDS, KEYS_MAX } from '../../http/limits.ts';
import type { HttpRequest } from '../../http/request.ts';
import type { KeyPage } from '../../storage/key-register.ts';
import { decodeCursor } from '../list-cursor.ts';

const idField = parsed(parseApiKeyId, 'must be 1 to 64 letters, digits, _ or -', {
  description: 'The id it has for ever, also once it is revoked; by default one is made up.',
  pattern: KEY_ID_PATTERN.source,
});

const scopesField = z
  .array(z.enum(SCOPES, `must be ${SCOPES.join(' or ')}`), 'must be a list of scopes')
  .min(1, 'must name a scope')
  .max(SCOPES.length, 'must name each scope once')
  .refine((scopes) => new Set(scopes).size === scopes.length, 'must name each scope once')
  .meta({
    description: 'What it may do: `usage:write` hands usage in, `ledger:read` reads what was charged.',
    uniqueItems: true,
    examples: [['usage:write']],
  });

const keyFields = {
  tenant: tenantField.meta({ ...tenantField.meta(), description: 'For whom it speaks.' }),
  id: idField.optional(),
};

/** The body of `POST /webhook-keys`. */
export const webhookKeyRequestSchema = z.object(keyFields).meta({ id: 'WebhookKeyRequest' });

/** The body of `POST /api-keys`. */
export const apiKeyRequestSchema = z.object({ ...keyFields, scopes: scopesField }).meta({ id: 'ApiKeyRequest' });

export type KeyWish = z.output<typeof webhookKeyRequestSchema>;
export type ApiKeyWish = z.output<typeof apiKeyRequestSchema>;

/** The body of `POST .../{id}/rotate`; none at all is `{}`. */
export const rotationRequestSchema = z
  .object({
    overlap_seconds: z
      .unknown()
      .transform((value, context) => {
        const isInRange = isInteger(value) && value >= 0 && value <= KEY_OVERLAP_MAX_SECONDS;
        return isInRange ? value : refuse(context, `must be an integer from 0 to ${KEY_OVERLAP_MAX_SECONDS}`);
      })
      .optional()
      .meta({
        description: 'How long the secret before stays valid beside the new one; 0 ends it within seconds.',
        type: 'integer',
        minimum: 0,
        maximum: KEY_OVERLAP_MAX_SECONDS,
        default: KEY_OVERLAP_DEFAULT_SECONDS,
        examples: [3_600],
      }),
  })
  .meta({ id: 'RotationRequest' });

/** How long the secret before stays valid. Throws a 400 that lists every fault. */
export function overlapSecondsOf(request: HttpRequest): number {
  const isEmpty = bodyText(request).trim() === '';
  const { overlap_seconds: seconds } = checked(rotationRequestSchema, isEmpty ? {} : jsonObject(request));
  return seconds ?? KEY_OVERLAP_DEFAULT_SECONDS;
}

/** The query of `GET /webhook-keys` and `GET /api-keys`. */
export const keyQuerySchema = z.object({
  tenant: tenantField.optional().meta({ description: "Only this tenant's; by default everyone's." }),
  limit: limitField(KEYS_MAX).optional(),
  cursor: cursorField.optional(),
});

/** Throws a 400 that lists every fault. */
export function keyQuery(parameters: ReadonlyMap<string, string>): KeyPage & { readonly tenant: TenantId | undefined } {
  const { tenant, limit = KEYS_MAX, cursor } = checkedQuery(keyQuerySchema, parameters);
  return { tenant, limit, after: cursor === undefined ? undefined : decodeCursor(cursor, parseApiKeyId) };
}
