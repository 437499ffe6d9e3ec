import type { TenantId } from '../../domain/ids.ts';
import type { AdminAnswer } from '../../http/admin-route.ts';
import { etagOf, hasPrecondition, requireMatch } from '../../http/preconditions.ts';
import type { HttpRequest } from '../../http/request.ts';
import { NO_REVISION, type RevisionWrite } from '../../storage/revision.ts';
import type { Tenant } from '../../storage/tenants.ts';
import type { TenantWish } from './tenant-request.ts';

/** All of the world that saving a tenant reaches. */
export interface SaveTenantPorts {
  readonly tenants: { find(id: TenantId): Promise<Tenant | undefined> };
  readonly writer: { putTenant(tenant: TenantId, name: string, write: RevisionWrite): Promise<boolean> };
}

/**
 * Creates a tenant, or renames the one that `If-Match` names. Creating it again as it is changes nothing and is answered
 * alike, so that a lost answer can be asked for again. Throws a 428 for another name without `If-Match`, and a 412 when
 * the tenant is not as the caller has seen it.
 */
export async function saveTenant(wish: TenantWish, request: HttpRequest, ports: SaveTenantPorts): Promise<AdminAnswer> {
  const { tenant, name } = wish;
  const found = await ports.tenants.find(tenant);
  const isConditional = hasPrecondition(request);
  const isSame = found?.name === name;
  if (isConditional || (found !== undefined && !isSame)) requireMatch(request, found && etagOf(found.revision));
  if (isSame) return answered(isConditional ? 200 : 201, wish, found.revision);
  const after = found?.revision ?? NO_REVISION;
  if (await ports.writer.putTenant(tenant, name, { after, requestId: request.id })) {
    const answer = answered(found === undefined ? 201 : 200, wish, after + 1);
    const previous = found !== undefined && { previous_name: found.name };
    return { ...answer, effect: { revision: String(after + 1), ...previous } };
  }
  // Somebody was faster: whether the caller's condition allows for that shows at another look.
  return saveTenant(wish, request, ports);
}

function answered(status: number, { tenant, name }: TenantWish, revision: number): AdminAnswer {
  const etag = etagOf(revision);
  return { status, headers: { etag }, body: { tenant, name, etag } };
}
