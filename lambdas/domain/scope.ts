/** What a tenant's credential may do: hand usage in, and read what was charged. */
export const SCOPES = ['usage:write', 'ledger:read'] as const;

export type Scope = (typeof SCOPES)[number];
