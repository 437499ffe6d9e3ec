import type { TenantId } from './ids.ts';
import { epochMsOf, type Instant } from './instant.ts';

/** A key we gave to a tenant. `Kept` is what we keep of a secret of it: the secret sealed, or its hash. */
export interface IssuedKey<Id extends string, Kept extends string> {
  readonly keyId: Id;
  /** For whom it speaks. */
  readonly tenant: TenantId;
  readonly current: Kept;
  /** The secret before, while callers change over. */
  readonly previous?: { readonly kept: Kept; readonly validUntil: Instant } | undefined;
  /** Undefined for the keys of the first configuration. */
  readonly createdAt?: Instant | undefined;
  /** It stays on record, so that its id never stands for another key. */
  readonly revokedAt?: Instant | undefined;
}

/** What we keep of the secret before, if that is still valid. */
export function stillValid<Kept>(
  previous: { readonly kept: Kept; readonly validUntil: Instant } | undefined,
  nowMs: number,
): Kept | undefined {
  return previous !== undefined && nowMs < epochMsOf(previous.validUntil) ? previous.kept : undefined;
}
