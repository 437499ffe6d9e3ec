import * as z from 'zod';
import { periodField, tenantField } from '../http/fields.ts';

/** The body of `POST /periods/close`. */
export const closeRequestSchema = z
  .object({
    tenant: tenantField,
    period: periodField.meta({
      ...periodField.meta(),
      description: 'The UTC month to close, `YYYY-MM`: at the latest next month.',
    }),
  })
  .meta({ id: 'CloseRequest' });
