import * as z from 'zod';
import type { TenantId } from '../../domain/ids.ts';
import type { RunMode } from '../../domain/reconcile-run.ts';
import { checked, tenantField } from '../../http/fields.ts';
import { bodyText, jsonObject } from '../../http/json-body.ts';
import type { HttpRequest } from '../../http/request.ts';

/** The body of `POST /reconcile`. */
export const reconcileRequestSchema = z
  .object({
    tenant: tenantField.optional().meta({ description: "Only this tenant's records; by default everyone's." }),
    full: z.boolean('must be true or false').optional().meta({
      description:
        'Everything from the first record on, which is the default; false: only what was posted since it was last verified.',
    }),
  })
  .meta({ id: 'ReconcileRequest' });

export interface RunRequest {
  readonly tenant: TenantId | undefined;
  readonly mode: RunMode;
}

/** What to reconcile; an empty body asks for everything. Throws a 400 that lists every fault. */
export function runRequest(request: HttpRequest): RunRequest {
  const isEmpty = bodyText(request).trim() === '';
  const { tenant, full = true } = checked(reconcileRequestSchema, isEmpty ? {} : jsonObject(request));
  return { tenant, mode: full ? 'full' : 'new' };
}
