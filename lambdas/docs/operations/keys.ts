import * as z from 'zod';
import {
  apiKeyRequestSchema,
  keyQuerySchema,
  rotationRequestSchema,
  webhookKeyRequestSchema,
} from '../../admin/keys/key-request.ts';
import { KEY_ID_PATTERN } from '../../domain/ids.ts';
import { SCOPES } from '../../domain/scope.ts';
import { KEY_CACHE_MS, KEY_OVERLAP_DEFAULT_SECONDS } from '../../http/limits.ts';
import { etag, ifMatch, moment, nextCursor, tenant } from '../answer-fields.ts';
import type { Operation } from '../operation.ts';
import { problemExample } from '../problems.ts';

const SECONDS_TO_STOP = KEY_CACHE_MS / 1_000;
const OVERLAP_HOURS = KEY_OVERLAP_DEFAULT_SECONDS / 3_600;

const id = z.string().meta({ description: 'The id of a key, which it has for ever.', pattern: KEY_ID_PATTERN.source });

const keySchema = z.object({
  ...{ id, tenant },
  created_at: moment('When it was issued; null for a key of the first configuration.').nullable(),
  previous_valid_until: moment('Until when the secret before the last rotation is valid, if it ever was.').nullable(),
  revoked_at: moment('Since when it is valid no more.').nullable(),
  etag,
});

const scopes = z.array(z.enum(SCOPES)).meta({ description: 'What it may do.' });

const moments = { created_at: '2026-11-24T09:31:07.512Z', previous_valid_until: null, revoked_at: null };
const SECRET = '0c8b6a4f2e1d3c5b7a9f8e6d4c2b1a0f9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b';
const NEXT_SECRET = '7d1f3a5c9e2b4d6f8a0c1e3b5d7f9a2c4e6b8d0f1a3c5e7b9d2f4a6c8e0b1d3f';

const stale = problemExample(
  'precondition_failed',
  'It is not what If-Match names, or no longer: read it again, decide again, and send its ETag, quotes and all.',
);

/** One kind of key in the words of the document. */
interface Kind {
  readonly name: 'webhook key' | 'API key';
  readonly routes: readonly [all: Operation['route'], one: Operation['route'], rotation: Operation['route']];
  /** Of operations: `issueApiKey`. */
  readonly suffix: 'WebhookKey' | 'ApiKey';
  readonly schema: z.ZodObject;
  readonly request: z.ZodObject;
  /** What an example asks for, and what it gets to see besides what all keys have. */
  readonly wish: { readonly tenant: string; readonly id: string; readonly scopes?: readonly string[] };
  readonly secrets: readonly [first: string, second: string];
  readonly use: string;
}

const webhook: Kind = {
  name: 'webhook key',
  routes: ['webhookKeys', 'webhookKey', 'webhookKeyRotation'],
  suffix: 'WebhookKey',
  schema: keySchema,
  request: webhookKeyRequestSchema,
  wish: { tenant: 'tenant_alpha', id: 'whk_acme' },
  secrets: [`whsec_${SECRET}`, `whsec_${NEXT_SECRET}`],
  use:
    'A provider signs its deliveries with the secret, and each delivery is usage of this tenant. The key of the HMAC is the ' +
    'UTF-8 of the whole secret, `whsec_` included.',
};

const api: Kind = {
  name: 'API key',
  routes: ['apiKeys', 'apiKey', 'apiKeyRotation'],
  suffix: 'ApiKey',
  schema: keySchema.extend({ scopes }),
  request: apiKeyRequestSchema,
  wish: { tenant: 'tenant_alpha', id: 'meter_1', scopes: ['usage:write'] },
  secrets: [`zs_meter_1_${SECRET}`, `zs_meter_1_${NEXT_SECRET}`],
  use: 'A program sends the secret as `Authorization: Bearer zs_...`, and acts for this tenant within the scopes of the key.',
};

function keyOperations(kind: Kind): readonly Operation[] {
  const { name, routes, suffix, wish, secrets } = kind;
  const [all, one, rotation] = routes;
  const schema = kind.schema.meta({ id: suffix });
  const listSchema = z
    .object({ keys: z.array(schema).meta({ description: 'By id, revoked ones too.' }), next_cursor: nextCursor })
    .meta({ id: `${suffix}s` });
  const issuedSchema = kind.schema
    .extend({ secret: z.string().meta({ description: 'The secret, which is shown in this answer and never again.' }) })
    .meta({ id: `Issued${suffix}` });
  const key = { ...wish, ...moments, etag: '"1"' };
  const rotated = { ...key, previous_valid_until: '2026-11-24T10:31:07.512Z', etag: '"2"' };
  const revoked = { ...key, revoked_at: '2026-11-24T11:02:40.005Z', etag: '"3"' };
  const [path, parameters] = [z.object({ id }), { id: wish.id }];
  const common = { access: 'admin', tag: 'Administration' } as const;
  const changing = { path, headers: z.object({ 'If-Match': ifMatch }) };
  const changed: Operation['problems'] = ['not_found', 'precondition_failed', 'precondition_required'];
  return [
    {
      ...{ ...common, route: all, method: 'GET', id: `list${suffix}s` },
      summary: `List the ${name}s`,
      description: 'By id, revoked ones too, each with the `etag` that a change of it must name; never a secret.',
      query: keyQuerySchema,
      answers: { 200: { description: 'A page of them.', schema: listSchema } },
      problems: [],
      examples: [
        {
          ...{ name: 'of_tenant', summary: "A tenant's", status: 200, isExcerpt: true },
          ...{ parameters: { tenant: wish.tenant }, answer: { keys: [key] } },
        },
      ],
    },
    {
      ...{ ...common, route: all, method: 'POST', id: `issue${suffix}` },
      summary: `Issue ${name === 'API key' ? 'an' : 'a'} ${name}`,
      description: [
        kind.use,
        'The secret is in this answer and nowhere else. When the answer is lost, the same request again is a 409 if it chose ' +
          'the `id`: then rotate the key, for a secret that you see.',
      ].join('\n\n'),
      body: { required: true, content: { 'application/json': kind.request } },
      answers: { 201: { description: 'The key and its secret.', headers: ['etag'], schema: issuedSchema } },
      problems: ['conflict'],
      examples: [
        {
          ...{ name: 'issue', summary: 'A key with an id of your own', body: wish, status: 201 },
          answer: { ...key, secret: secrets[0] },
        },
        {
          ...{ name: 'taken', summary: 'The same id again', body: wish, status: 409 },
          answer: problemExample(
            'conflict',
            'This id stands for a key already, perhaps for a revoked one: choose another.',
          ),
        },
      ],
    },
    {
      ...{ ...common, route: one, method: 'GET', id: `get${suffix}` },
      summary: `See ${name === 'API key' ? 'an' : 'a'} ${name}`,
      description: 'Strongly consistent; never a secret.',
      path,
      answers: { 200: { description: 'The key.', headers: ['etag'], schema } },
      problems: ['not_found'],
      examples: [{ name: 'one', summary: 'The one just issued', parameters, status: 200, answer: key }],
    },
    {
      ...{ ...common, ...changing, route: rotation, method: 'POST', id: `rotate${suffix}` },
      summary: `Give ${name === 'API key' ? 'an' : 'a'} ${name} a new secret`,
      description: [
        `The secret before stays valid beside the new one, ${OVERLAP_HOURS} hours unless told otherwise, so that callers ` +
          `change over without a gap; an older one ends within ${SECONDS_TO_STOP} seconds. A secret that has leaked: rotate ` +
          'with an overlap of 0.',
        'The new secret is in this answer and nowhere else.',
      ].join('\n\n'),
      body: { required: false, content: { 'application/json': rotationRequestSchema } },
      answers: { 200: { description: 'The key and its new secret.', headers: ['etag'], schema: issuedSchema } },
      problems: [...changed, 'key_revoked'],
      examples: [
        {
          ...{ name: 'rotate', summary: 'An hour to change over', parameters, headers: { 'If-Match': '"1"' } },
          ...{ body: { overlap_seconds: 3_600 }, status: 200, answer: { ...rotated, secret: secrets[1] } },
        },
        {
          ...{ name: 'stale', summary: 'For the key as it was before', parameters, headers: { 'If-Match': '"1"' } },
          ...{ body: {}, status: 412, answer: stale },
        },
      ],
    },
    {
      ...{ ...common, ...changing, route: one, method: 'DELETE', id: `revoke${suffix}` },
      summary: `Revoke ${name === 'API key' ? 'an' : 'a'} ${name}`,
      description:
        `For good: it ends within ${SECONDS_TO_STOP} seconds, stays in the list as revoked, and its id never stands for ` +
        'another key.',
      answers: { 200: { description: 'The key, revoked.', headers: ['etag'], schema } },
      problems: changed,
      examples: [
        {
          ...{ name: 'revoke', summary: 'The end of a key', parameters, headers: { 'If-Match': '"2"' } },
          ...{ status: 200, answer: revoked },
        },
      ],
    },
  ];
}

/** The credentials of programs and providers. */
export const webhookKeyOperations = keyOperations(webhook);
export const apiKeyOperations = keyOperations(api);
