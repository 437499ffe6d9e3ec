import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { auditQuery } from '../../lambdas/admin/audit-query.ts';
import { readAudit } from '../../lambdas/admin/read-audit.ts';
import { systemClock } from '../../lambdas/clock.ts';
import {
  AUDIT_WRITERS,
  type AuditedFunction,
  type AuditFacts,
  type AuditWriter,
} from '../../lambdas/domain/audit-chain.ts';
import { AuditLog, AuditLogBusyError } from '../../lambdas/storage/audit-log.ts';
import { auditKey } from '../../lambdas/storage/operations-keys.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { period } from '../support/events.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

interface Page {
  readonly month: string;
  readonly entries: readonly { writer: string; number: number; at: string; request_id: string }[];
  readonly chain: { ok: boolean; broken_at?: { writer: string; number: number } };
  readonly next_cursor?: string;
}

/** What the audit log promises on any engine. */
export function auditLogRules(dynamodb: Dynamodb): void {
  describe('the audit log', () => {
    let months = 0;

    /** A month of its own for each test, in which time stands until a test lets it pass. */
    function newMonth() {
      months += 1;
      const month = period(`20${String(50 + months)}-05`);
      const clock = new VirtualClock(Date.parse(`${month}-10T00:00:00Z`));
      const log = new AuditLog(dynamodb.client(), TABLES.operations);
      const append = (by: AuditedFunction, requestId: string) => log.append(by, facts(requestId), clock);
      const read = async (query: Record<string, string> = {}) =>
        (await readAudit(auditQuery(new Map(Object.entries({ ...query }))), { log, clock })) as Page;
      const key = (writer: AuditWriter, number: number) => ({ ...auditKey({ writer, month }, number) });
      return { month, clock, log, append, read, key };
    }

    it('gives both writers’ entries, newest first, in pages that stay as they are', async () => {
      const { clock, append, read, month } = newMonth();
      const written: string[] = [];
      for (let index = 0; index < 11; index += 1) {
        const writer = index % 3 === 0 ? 'reconcile' : 'admin';
        await append(writer, `r${index}`);
        written.unshift(`r${index}`);
        clock.advance(1);
      }
      const whole = await read();
      expect(whole).toMatchObject({ month, chain: { ok: true } });
      expect(whole.next_cursor).toBeUndefined();
      expect(whole.entries.map((entry) => entry.request_id)).toEqual(written);

      const paged: Page[] = [await read({ limit: '4' })];
      await append('admin', 'later');
      while (paged.at(-1)?.next_cursor) {
        paged.push(await read({ limit: '4', cursor: paged.at(-1)?.next_cursor ?? '' }));
      }
      expect(paged.flatMap(({ entries }) => entries)).toEqual(whole.entries);
      expect(paged.map(({ chain }) => chain.ok)).toEqual([true, true, true]);
      expect((await read()).entries[0]?.request_id).toBe('later');
    });

    it('keeps one chain, without a gap, when fifty append at once', async () => {
      const { log, month, clock } = newMonth();
      // Real waits: a virtual clock would add up what fifty wait at the same time.
      const startMs = clock.nowMs() - systemClock.nowMs();
      const real = { ...systemClock, nowMs: () => startMs + systemClock.nowMs() };
      await Promise.all(Array.from({ length: 50 }, (_, index) => log.append('admin', facts(`r${index}`), real)));
      const rows = await log.rows({ writer: 'admin', month }, undefined, 100);
      expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, index) => 50 - index));
      expect(new Set(rows.map(({ entry }) => entry?.requestId)).size).toBe(50);
    });

    it('puts what tenants attempt into a chain beside, so that it is in no administrator’s way', async () => {
      const { append, log, clock, read } = newMonth();
      const attempt = (requestId: string) => {
        const actor = { kind: 'tenant', subject: null, tenant: 'tenant_beta' } as const;
        return log.append('admin', { ...facts(requestId), actor, status: 403 }, clock);
      };
      for (const id of ['r1', 'r2', 'r3']) {
        await append('admin', id);
        clock.advance(1);
        await attempt(`${id} too`);
        clock.advance(1);
      }
      const page = await read();
      expect(page.entries.map((entry) => [entry.writer, entry.number, entry.request_id])).toEqual([
        ...[
          ['admin_attempts', 3, 'r3 too'],
          ['admin', 3, 'r3'],
          ['admin_attempts', 2, 'r2 too'],
          ['admin', 2, 'r2'],
        ],
        ...[
          ['admin_attempts', 1, 'r1 too'],
          ['admin', 1, 'r1'],
        ],
      ]);
      expect(page.chain).toEqual({ ok: true });
    });

    it('gives up, rather than take another’s place, when it never comes to its turn', async () => {
      const { clock, log, append, month } = newMonth();
      await append('admin', 'first');
      // Always a step behind: as if others took every number first.
      const behind = Object.assign(new AuditLog(dynamodb.client(), TABLES.operations), { rows: async () => [] });
      await expect(behind.append('admin', facts('late'), clock)).rejects.toThrow(AuditLogBusyError);
      expect((await log.rows({ writer: 'admin', month }, undefined, 9)).map(({ number }) => number)).toEqual([1]);
    });

    it('shows where an entry was edited, or taken out, or damaged', async () => {
      const { append, read, key } = newMonth();
      for (let index = 1; index <= 8; index += 1) await append('admin', `r${index}`);
      await append('reconcile', 'other');
      const client = dynamodb.client();
      const set = (number: number, attribute: string, value: unknown) =>
        client.send(
          new UpdateCommand({
            ...{ TableName: TABLES.operations, Key: key('admin', number) },
            ...{ UpdateExpression: 'SET #name = :value', ExpressionAttributeNames: { '#name': attribute } },
            ExpressionAttributeValues: { ':value': value },
          }),
        );
      await set(3, 'reason', 'another');
      expect((await read()).chain).toEqual({ ok: false, broken_at: { writer: 'admin', number: 3 } });
      await set(3, 'reason', 'because');
      expect((await read()).chain).toEqual({ ok: true });
      await set(5, 'at', 'yesterday');
      const damaged = await read();
      expect(damaged.chain).toEqual({ ok: false, broken_at: { writer: 'admin', number: 5 } });
      expect(damaged.entries).toHaveLength(8);
      await client.send(new DeleteCommand({ TableName: TABLES.operations, Key: key('admin', 5) }));
      expect((await read()).chain).toEqual({ ok: false, broken_at: { writer: 'admin', number: 6 } });
      await client.send(new DeleteCommand({ TableName: TABLES.operations, Key: key('admin', 1) }));
      await client.send(new DeleteCommand({ TableName: TABLES.operations, Key: key('admin', 2) }));
      expect((await read()).chain).toEqual({ ok: false, broken_at: { writer: 'admin', number: 3 } });
    });

    it('shows over the edge of a page where an entry is missing', async () => {
      const { append, read, key } = newMonth();
      for (let index = 1; index <= 6; index += 1) await append('admin', `r${index}`);
      const first = await read({ limit: '3' });
      await dynamodb.client().send(new DeleteCommand({ TableName: TABLES.operations, Key: key('admin', 3) }));
      const second = await read({ limit: '3', cursor: first.next_cursor ?? '' });
      expect(second.chain).toEqual({ ok: false, broken_at: { writer: 'admin', number: 3 } });
      expect((await read({ limit: '3' })).chain).toEqual({ ok: false, broken_at: { writer: 'admin', number: 4 } });
    });

    it('begins another chain with another month', async () => {
      const { clock, append, read, month } = newMonth();
      clock.advance(Date.parse(`${month}-31T23:59:59.999Z`) - clock.nowMs());
      await append('admin', 'last of the month');
      clock.advance(1);
      await append('admin', 'first of the next');
      expect((await read()).entries.map((entry) => [entry.request_id, entry.number])).toEqual([
        ['first of the next', 1],
      ]);
      const before = await read({ month });
      expect(before.entries.map((entry) => [entry.request_id, entry.number])).toEqual([['last of the month', 1]]);
    });

    it('refuses a query that is none of its own', async () => {
      const { read, append } = newMonth();
      for (let index = 1; index <= 2; index += 1) await append('admin', `r${index}`);
      const none = Object.fromEntries(AUDIT_WRITERS.map((writer) => [writer, 0]));
      const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const cursors = ['', 'x', encoded({}), encoded({ month: '2026-13', position: { ...none, admin: 1 } })];
      cursors.push(
        encoded({ month: '2026-03', position: { ...none, admin: -1 } }),
        encoded({ month: '2026-03', position: { admin: 1 } }),
      );
      for (const cursor of cursors) await expect(read({ cursor }), cursor).rejects.toMatchObject({ status: 400 });
      const good = (await read({ limit: '1' })).next_cursor ?? '';
      await expect(read({ cursor: good, month: '2026-03' })).rejects.toMatchObject({ status: 400 });
      for (const query of [{ month: '2026-3' }, { limit: '0' }, { limit: '201' }]) {
        await expect(read(query)).rejects.toMatchObject({ status: 400 });
      }
    });
  });
}

function facts(requestId: string): AuditFacts {
  return {
    actor: { kind: 'admin', subject: null, tenant: null },
    ...{ action: 'POST /periods/close', target: { tenant: 'tenant_alpha' }, reason: 'because', requestId, status: 200 },
  };
}
