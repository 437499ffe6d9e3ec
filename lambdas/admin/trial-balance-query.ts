import * as z from 'zod';
import { periodField, tenantField } from '../http/fields.ts';

/** The query of `GET /trial-balance`. */
export const trialBalanceQuerySchema = z.object({
  period: periodField
    .optional()
    .meta({ ...periodField.meta(), description: 'One UTC month, `YYYY-MM`. Without it, all time.' }),
  tenant: tenantField
    .optional()
    .meta({ ...tenantField.meta(), description: 'One tenant. Without it, all tenants together.' }),
});

export type TrialBalanceQuery = z.output<typeof trialBalanceQuerySchema>;
