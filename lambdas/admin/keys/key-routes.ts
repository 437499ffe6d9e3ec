import type * as z from 'zod';
import { parseApiKeyId, type TenantId } from '../../domain/ids.ts';
import { adminCommand, adminQuery } from '../../http/admin-route.ts';
import type { AuditTrail } from '../../http/call-log.ts';
import { checked } from '../../http/fields.ts';
import { jsonObject } from '../../http/json-body.ts';
import { etagOf } from '../../http/preconditions.ts';
import { notFound } from '../../http/problem.ts';
import type { Call, Route } from '../../http/router.ts';
import { routes } from '../../http/routes.ts';
import { encodeCursor } from '../list-cursor.ts';
import { issueKey, keyDocument, revokeKey, rotateKey } from './change-key.ts';
import type { AnyKey, KeyKind, KeyPorts } from './key-kind.ts';
import { keyQuery, overlapSecondsOf } from './key-request.ts';

const { webhookKeys, webhookKey, webhookKeyRotation, apiKeys, apiKey, apiKeyRotation } = routes;

export const webhookKeyPaths = { all: webhookKeys.path, one: webhookKey.path, rotate: webhookKeyRotation.path };
export const apiKeyPaths = { all: apiKeys.path, one: apiKey.path, rotate: apiKeyRotation.path };

interface Paths {
  readonly all: string;
  readonly one: string;
  readonly rotate: string;
}

/** The routes by which one kind of key is issued, seen, rotated and revoked. */
export function keyRoutes<
  Issued extends AnyKey,
  Schema extends z.ZodType<{ tenant: TenantId; id?: string | undefined; scopes?: readonly string[] }>,
>(
  trail: AuditTrail,
  paths: Paths,
  { kind, schema, ports }: { kind: KeyKind<Issued, z.output<Schema>>; schema: Schema; ports: KeyPorts },
): Route[] {
  const those = { kind, ports };
  return [
    adminQuery(trail, 'GET', paths.all, {
      read: ({ request }) => keyQuery(request.query),
      about: ({ tenant }) => ({ target: tenant === undefined ? {} : { tenant } }),
      answer: async (query) => {
        const { keys, hasMore } = await kind.register.page(query);
        const last = keys.at(-1)?.issued.keyId;
        const next = hasMore && last !== undefined && { next_cursor: encodeCursor(last) };
        return { status: 200, body: { keys: keys.map((key) => keyDocument(key, kind)), ...next } };
      },
    }),
    adminCommand(trail, 'POST', paths.all, {
      read: ({ request }) => checked(schema, jsonObject(request)),
      about: ({ tenant, id, scopes }) => ({
        target: { tenant, ...(id !== undefined && { key_id: id }), ...(scopes && { scopes: scopes.join(' ') }) },
      }),
      answer: (wish, { request }) => issueKey(wish, request, those),
    }),
    adminQuery(trail, 'GET', paths.one, {
      read: keyIdOf,
      about: (keyId) => ({ target: { key_id: keyId } }),
      answer: async (keyId) => {
        const found = await kind.register.find(keyId);
        if (found === undefined) throw notFound();
        return { status: 200, headers: { etag: etagOf(found.revision) }, body: keyDocument(found, kind) };
      },
    }),
    adminCommand(trail, 'DELETE', paths.one, {
      read: keyIdOf,
      about: (keyId) => ({ target: { key_id: keyId } }),
      answer: (keyId, { request }) => revokeKey(keyId, request, those),
    }),
    adminCommand(trail, 'POST', paths.rotate, {
      read: (call) => ({ keyId: keyIdOf(call), overlapSeconds: overlapSecondsOf(call.request) }),
      about: ({ keyId, overlapSeconds }) => ({ target: { key_id: keyId, overlap_seconds: String(overlapSeconds) } }),
      answer: (wish, { request }) => rotateKey(wish, request, those),
    }),
  ];
}

/** Throws a 404 for what can be no key's id. */
function keyIdOf({ parameters }: Call): string {
  const keyId = parseApiKeyId(parameters.get('id') ?? '');
  if (keyId === undefined) throw notFound();
  return keyId;
}
