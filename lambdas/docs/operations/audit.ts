import * as z from 'zod';
import { auditQuerySchema } from '../../admin/audit-query.ts';
import { AUDIT_WRITERS } from '../../domain/audit-chain.ts';
import { moment, nextCursor, period, sha256 } from '../answer-fields.ts';
import type { Operation } from '../operation.ts';

const number = z
  .int()
  .min(1)
  .meta({ description: "In its writer's chain of the month: 1, 2, 3, and so on without a gap." });

const entrySchema = z
  .object({
    writer: z.enum(AUDIT_WRITERS).meta({ description: 'Which function wrote it: each has a chain of its own.' }),
    number,
    at: moment('When it was written.'),
    actor: z
      .object({
        kind: z.enum(['admin', 'tenant', 'schedule']),
        subject: z.string().nullable().meta({ description: "The token's `sub`, if it has one." }),
        tenant: z.string().nullable().meta({ description: "The tenant, if it was a tenant's token." }),
      })
      .meta({ description: 'Who acted.' }),
    action: z.string().meta({ description: "Method and path, or the name of a schedule's task." }),
    target: z.record(z.string(), z.string()).meta({ description: 'What the call names: tenant, period, event id.' }),
    reason: z.string().nullable().meta({ description: 'Why, if the call said so.' }),
    request_id: z.string().meta({ description: 'The two entries of one call share it.' }),
    outcome: z.enum(['begun', 'answered']).meta({ description: 'An effect is on record before it happens.' }),
    status: z.int().nullable().meta({ description: 'The HTTP status answered; null when only begun.' }),
    prev_hash: sha256('The hash of the entry before.'),
    hash: sha256('Of this entry and the hash before.'),
  })
  .meta({ id: 'AuditEntry' });

const auditSchema = z
  .object({
    month: period,
    entries: z.array(entrySchema).meta({ description: 'Newest first.' }),
    chain: z
      .discriminatedUnion('ok', [
        z.object({ ok: z.literal(true) }),
        z.object({ ok: z.literal(false), broken_at: z.object({ writer: z.enum(AUDIT_WRITERS), number }) }),
      ])
      .meta({ description: 'Whether each entry of this page follows from the one before it.' }),
    next_cursor: nextCursor,
  })
  .meta({ id: 'AuditLog' });

/** Who did what, when and why. */
export const auditOperation: Operation = {
  route: 'audit',
  method: 'GET',
  access: 'admin',
  id: 'getAuditLog',
  tag: 'Administration',
  summary: 'See who did what',
  description:
    "Every administrator's call of a UTC month, accepted or refused, newest first: who, what, when and why. The log is only " +
    'ever appended to, and each entry carries the hash of the one before.',
  query: auditQuerySchema,
  answers: { 200: { description: 'A page of the log.', schema: auditSchema } },
  problems: [],
  examples: [
    {
      name: 'this_month',
      summary: "This month's entries, the newest first",
      status: 200,
      isExcerpt: true,
      answer: {
        month: '2026-11',
        entries: [
          {
            writer: 'admin',
            number: 1,
            at: '2026-11-24T09:31:07.512Z',
            actor: { kind: 'admin', subject: null, tenant: null },
            action: 'GET /audit',
            target: {},
            reason: null,
            request_id: '5e0c8e0a-4f7e-4f5c-9a53-5d1f3a2b7c11',
            outcome: 'answered',
            status: 200,
            prev_hash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
            hash: '7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730',
          },
        ],
        chain: { ok: true },
      },
    },
  ],
};
