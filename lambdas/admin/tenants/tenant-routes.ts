import type { TenantId } from '../../domain/ids.ts';
import { adminCommand, adminQuery } from '../../http/admin-route.ts';
import type { AuditTrail } from '../../http/call-log.ts';
import { checked } from '../../http/fields.ts';
import { jsonObject } from '../../http/json-body.ts';
import { etagOf } from '../../http/preconditions.ts';
import type { Route } from '../../http/router.ts';
import { routes } from '../../http/routes.ts';
import type { ListedTenant } from '../../storage/tenants.ts';
import { encodeCursor } from '../list-cursor.ts';
import { type SaveTenantPorts, saveTenant } from './save-tenant.ts';
import { type TenantQuery, tenantQuery, tenantRequestSchema } from './tenant-request.ts';

export interface TenantPorts extends SaveTenantPorts {
  readonly tenants: SaveTenantPorts['tenants'] & {
    page(after: TenantId | undefined, limit: number): Promise<{ tenants: readonly ListedTenant[]; hasMore: boolean }>;
  };
}

/** `GET|POST /tenants`: who is billed. */
export function tenantRoutes(trail: AuditTrail, ports: TenantPorts): Route[] {
  const list = adminQuery(trail, 'GET', routes.tenants.path, {
    read: ({ request }) => tenantQuery(request.query),
    about: () => ({ target: {} }),
    answer: async (query) => ({ status: 200, body: await listTenants(query, ports) }),
  });
  const save = adminCommand(trail, 'POST', routes.tenants.path, {
    read: ({ request }) => checked(tenantRequestSchema, jsonObject(request)),
    about: ({ tenant, name }) => ({ target: { tenant, name } }),
    answer: (wish, { request }) => saveTenant(wish, request, ports),
  });
  return [list, save];
}

async function listTenants({ after, limit }: TenantQuery, ports: TenantPorts): Promise<object> {
  const { tenants, hasMore } = await ports.tenants.page(after, limit);
  const last = tenants.at(-1);
  return {
    tenants: tenants.map(({ id, name, revision }) => ({ tenant: id, name, etag: etagOf(revision) })),
    ...(hasMore && last !== undefined && { next_cursor: encodeCursor(last.id) }),
  };
}
