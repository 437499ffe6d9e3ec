import type { TenantId } from '../domain/ids.ts';

/** Whose records a reading covers: one tenant's, or everybody's. */
export interface Scope {
  readonly tenant: TenantId | undefined;
}
