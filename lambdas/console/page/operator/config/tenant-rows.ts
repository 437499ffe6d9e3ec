/** A tenant as `GET /tenants` lists it. */
export interface TenantRow {
  readonly tenant: string;
  readonly name: string;
  readonly etag: string;
}

export interface TenantPage {
  readonly tenants: readonly TenantRow[];
  readonly next_cursor?: string;
}
