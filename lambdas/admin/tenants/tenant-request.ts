import * as z from 'zod';
import { parseTenantId, type TenantId } from '../../domain/ids.ts';
import { parseTenantName, TENANT_NAME_MAX_BYTES } from '../../domain/tenant.ts';
import { checkedQuery, cursorField, limitField, parsed, tenantField } from '../../http/fields.ts';
import { TENANTS_MAX } from '../../http/limits.ts';
import { decodeCursor } from '../list-cursor.ts';

const nameField = parsed(
  parseTenantName,
  `must be 1 to ${TENANT_NAME_MAX_BYTES} bytes of well-formed UTF-8 without NUL`,
  {
    description: `What people call it: 1 to ${TENANT_NAME_MAX_BYTES} bytes of UTF-8.`,
    minLength: 1,
    maxLength: TENANT_NAME_MAX_BYTES,
    pattern: '^[^\\u0000]+$',
    examples: ['Gamma Ltd'],
  },
);

/** The body of `POST /tenants`. */
export const tenantRequestSchema = z
  .object({
    tenant: tenantField.meta({
      ...tenantField.meta(),
      description: 'The id it has for ever.',
      examples: ['tenant_gamma'],
    }),
    name: nameField,
  })
  .meta({ id: 'TenantRequest' });

export type TenantWish = z.output<typeof tenantRequestSchema>;

/** The query of `GET /tenants`. */
export const tenantQuerySchema = z.object({
  limit: limitField(TENANTS_MAX).optional(),
  cursor: cursorField.optional(),
});

export interface TenantQuery {
  readonly limit: number;
  /** Undefined: from the first one on. */
  readonly after: TenantId | undefined;
}

/** Throws a 400 that lists every fault. */
export function tenantQuery(parameters: ReadonlyMap<string, string>): TenantQuery {
  const { limit = TENANTS_MAX, cursor } = checkedQuery(tenantQuerySchema, parameters);
  return { limit, after: cursor === undefined ? undefined : decodeCursor(cursor, parseTenantId) };
}
