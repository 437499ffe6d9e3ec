import { nowOf } from '../../clock.ts';
import type { TenantId } from '../../domain/ids.ts';
import { instantOf } from '../../domain/instant.ts';
import type { AdminAnswer } from '../../http/admin-route.ts';
import { etagOf, requireMatch } from '../../http/preconditions.ts';
import { malformed, notFound, Problem } from '../../http/problem.ts';
import type { HttpRequest } from '../../http/request.ts';
import type { Revised } from '../../storage/key-register.ts';
import { NO_REVISION } from '../../storage/revision.ts';
import type { AnyKey, KeyKind, KeyPorts } from './key-kind.ts';

const MS_PER_SECOND = 1_000;

/** What there is to show of a key: never a secret, nor what we keep of one. */
export function keyDocument<Issued extends AnyKey>(
  { issued, revision }: Revised<Issued>,
  { details }: Pick<KeyKind<Issued, never>, 'details'>,
) {
  return {
    ...{ id: issued.keyId, tenant: issued.tenant, ...details(issued) },
    created_at: issued.createdAt ?? null,
    previous_valid_until: issued.previous?.validUntil ?? null,
    revoked_at: issued.revokedAt ?? null,
    etag: etagOf(revision),
  };
}

/**
 * Issues a key: its secret is in this answer and nowhere else. Throws a 400 for a tenant that does not exist, and a 409 for
 * an id that is, or was, another key's: also for this request sent again, since its secret can't be shown again.
 */
export async function issueKey<Issued extends AnyKey, Wish extends { tenant: TenantId; id?: string | undefined }>(
  wish: Wish,
  request: HttpRequest,
  { kind, ports }: { readonly kind: KeyKind<Issued, Wish>; readonly ports: KeyPorts },
): Promise<AdminAnswer> {
  const { tenant, id } = wish;
  if ((await ports.tenants.tenant(tenant)) === undefined) {
    throw malformed([{ field: 'tenant', message: 'must be a tenant that exists' }]);
  }
  const keyId = id ?? `${kind.idPrefix}${ports.newId().replaceAll('-', '')}`;
  const { kept, shown } = await kind.newSecret(keyId);
  const issued = kind.create(wish, { keyId, tenant, current: kept, createdAt: nowOf(ports.clock) });
  if (await kind.register.put(issued, { after: NO_REVISION, requestId: request.id })) {
    return written(201, { issued, revision: NO_REVISION + 1 }, kind, shown);
  }
  throw new Problem('conflict', 'This id stands for a key already, perhaps for a revoked one: choose another.');
}

/**
 * Gives a key a new secret, in this answer and nowhere else; the one before stays valid for so long, and an older one no
 * longer. Throws a 409 for a revoked key.
 */
export async function rotateKey<Issued extends AnyKey>(
  { keyId, overlapSeconds }: { readonly keyId: string; readonly overlapSeconds: number },
  request: HttpRequest,
  { kind, ports }: { readonly kind: KeyKind<Issued, never>; readonly ports: KeyPorts },
): Promise<AdminAnswer> {
  const { issued, revision } = await matched(keyId, request, kind);
  if (issued.revokedAt !== undefined) {
    throw new Problem('key_revoked', `It was revoked at ${issued.revokedAt}, for good: issue another key.`);
  }
  const { kept, shown } = await kind.newSecret(keyId);
  const before = overlapSeconds > 0 ? await kind.keepOn(issued) : undefined;
  const validUntil = instantOf(ports.clock.nowMs() + overlapSeconds * MS_PER_SECOND);
  const rotated = { ...issued, current: kept, previous: before && { kept: before, validUntil } };
  if (await kind.register.put(rotated, { after: revision, requestId: request.id })) {
    return written(200, { issued: rotated, revision: revision + 1 }, kind, shown);
  }
  // Somebody was faster: whether the caller's condition allows for that shows at another look.
  return rotateKey({ keyId, overlapSeconds }, request, { kind, ports });
}

/** Revokes a key for good; one that is revoked already stays as it is. What we keep of its secrets is worth nothing then. */
export async function revokeKey<Issued extends AnyKey>(
  keyId: string,
  request: HttpRequest,
  { kind, ports }: { readonly kind: KeyKind<Issued, never>; readonly ports: KeyPorts },
): Promise<AdminAnswer> {
  const found = await matched(keyId, request, kind);
  const { issued, revision } = found;
  if (issued.revokedAt !== undefined) return written(200, found, kind);
  const { kept } = await kind.newSecret(keyId);
  const revoked = { ...issued, current: kept, previous: undefined, revokedAt: nowOf(ports.clock) };
  if (await kind.register.put(revoked, { after: revision, requestId: request.id })) {
    return written(200, { issued: revoked, revision: revision + 1 }, kind);
  }
  return revokeKey(keyId, request, { kind, ports });
}

/** The key, if it is as the caller has seen it. */
async function matched<Issued extends AnyKey>(
  keyId: string,
  request: HttpRequest,
  { register }: KeyKind<Issued, never>,
): Promise<Revised<Issued>> {
  const found = await register.find(keyId);
  if (found === undefined) throw notFound();
  requireMatch(request, etagOf(found.revision));
  return found;
}

function written<Issued extends AnyKey>(
  status: number,
  revised: Revised<Issued>,
  kind: Pick<KeyKind<Issued, never>, 'details'>,
  secret?: string,
): AdminAnswer {
  const { issued, revision } = revised;
  const document = keyDocument(revised, kind);
  return {
    ...{ status, headers: { etag: etagOf(revision) } },
    body: secret === undefined ? document : { ...document, secret },
    effect: {
      ...{ key_id: issued.keyId, tenant: issued.tenant, revision: String(revision) },
      ...(issued.previous !== undefined && { previous_valid_until: issued.previous.validUntil }),
    },
  };
}
