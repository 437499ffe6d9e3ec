import * as z from 'zod';
import { tenantQuerySchema, tenantRequestSchema } from '../../admin/tenants/tenant-request.ts';
import { etag, ifMatch, ifNoneMatch, nextCursor, tenant } from '../answer-fields.ts';
import type { Operation } from '../operation.ts';
import { problemExample } from '../problems.ts';

const tenantSchema = z
  .object({ tenant, name: z.string().meta({ description: 'What people call it.' }), etag })
  .meta({ id: 'Tenant' });

const listSchema = z
  .object({
    tenants: z.array(tenantSchema).meta({ description: 'By id.' }),
    next_cursor: nextCursor,
  })
  .meta({ id: 'Tenants' });

const gamma = { tenant: 'tenant_gamma', name: 'Gamma Ltd' };
const renamed = { tenant: 'tenant_gamma', name: 'Gamma Limited' };

/** Who is billed. */
export const tenantOperations: readonly Operation[] = [
  {
    route: 'tenants',
    method: 'GET',
    access: 'admin',
    id: 'listTenants',
    tag: 'Administration',
    summary: 'List the tenants',
    description: 'By id, each with the `etag` that a change of it must name. Strongly consistent.',
    query: tenantQuerySchema,
    answers: { 200: { description: 'A page of them.', schema: listSchema } },
    problems: [],
    examples: [
      {
        name: 'all',
        summary: 'Those of a development stack',
        status: 200,
        answer: {
          tenants: [
            { tenant: 'tenant_alpha', name: 'Alpha Corp', etag: '"1"' },
            { tenant: 'tenant_beta', name: 'Beta Industries', etag: '"1"' },
          ],
        },
      },
    ],
  },
  {
    route: 'tenants',
    method: 'POST',
    access: 'admin',
    id: 'saveTenant',
    tag: 'Administration',
    summary: 'Create or rename a tenant',
    description: [
      'A new tenant may use everything at once. Creating it again under the same name changes nothing and is answered ' +
        'alike, so a lost answer can be asked for again.',
      'Another name for a tenant that exists needs `If-Match` with its `ETag`, from the answer to its last change or from ' +
        'the list. With `If-None-Match: *` nothing that exists is accepted.',
    ].join('\n\n'),
    headers: z.object({ 'If-Match': ifMatch, 'If-None-Match': ifNoneMatch }),
    body: { required: true, content: { 'application/json': tenantRequestSchema } },
    answers: {
      200: { description: 'It has this name now.', headers: ['etag'], schema: tenantSchema },
      201: { description: 'It exists, under this name.', headers: ['etag'], schema: tenantSchema },
    },
    problems: ['precondition_failed', 'precondition_required'],
    examples: [
      { name: 'create', summary: 'A new tenant', body: gamma, status: 201, answer: { ...gamma, etag: '"1"' } },
      { name: 'again', summary: 'The same once more', body: gamma, status: 201, answer: { ...gamma, etag: '"1"' } },
      {
        name: 'unconditional',
        summary: 'Another name, without saying for which',
        body: renamed,
        status: 428,
        answer: problemExample(
          'precondition_required',
          'Send If-Match with the ETag of what you mean to change, so that nobody overwrites what another has changed.',
        ),
      },
      {
        name: 'rename',
        summary: 'Another name',
        headers: { 'If-Match': '"1"' },
        body: renamed,
        status: 200,
        answer: { ...renamed, etag: '"2"' },
      },
      {
        name: 'stale',
        summary: 'A name for what it was before',
        headers: { 'If-Match': '"1"' },
        body: gamma,
        status: 412,
        answer: problemExample(
          'precondition_failed',
          'It is not what If-Match names, or no longer: read it again, decide again, and send its ETag, quotes and all.',
        ),
      },
    ],
  },
];
