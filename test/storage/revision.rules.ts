import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { tenantKey } from '../../lambdas/storage/keys.ts';
import { NO_REVISION, putRevision } from '../../lambdas/storage/revision.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { tenantId } from '../support/events.ts';

/** What every engine must do for the revisions of a configuration item. */
export function revisionRules(dynamodb: Dynamodb): void {
  describe('the revisions of an item', () => {
    const Key = { ...tenantKey(tenantId('revised')) };
    const at = { TableName: TABLES.config, Key };
    const name = async () => (await dynamodb.client().send(new GetCommand(at))).Item?.['name'];
    const write = (text: string, after: number, requestId: string) =>
      putRevision(
        dynamodb.client(),
        TABLES.config,
        { ...tenantKey(tenantId('revised')), name: text },
        { after, requestId },
      );

    it('are written one after another, each only over the one its writer has seen', async () => {
      expect(await write('too early', 1, 'r0')).toBe(false);
      expect(await write('first', NO_REVISION, 'r1')).toBe(true);
      expect(await write('again', NO_REVISION, 'r2')).toBe(false);
      expect(await write('second', 1, 'r3')).toBe(true);
      expect(await write('late', 1, 'r4')).toBe(false);
      expect(await write('ahead', 3, 'r5')).toBe(false);
      expect(await name()).toBe('second');
      expect(await write('third', 2, 'r6')).toBe(true);
    });

    it('have one winner of many who have seen the same', async () => {
      const tries = Array.from({ length: 8 }, (_, index) => write('the same', 3, `racer-${index}`));
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    });

    it('know a put whose answer was lost', async () => {
      expect(await write('fifth', 4, 'repeated')).toBe(true);
      expect(await write('fifth', 4, 'repeated')).toBe(true);
      expect(await write('fifth', 4, 'another')).toBe(false);
      expect(await write('sixth', 5, 'repeated')).toBe(true);
      expect(await write('fifth', 4, 'repeated')).toBe(false);
    });

    it('take no other put for it, although callers may choose the ids of their requests', async () => {
      expect(await write('seventh', 6, 'chosen')).toBe(true);
      expect(await write('another seventh', 6, 'chosen')).toBe(false);
      expect(await name()).toBe('seventh');
    });

    it('count what was written before they were counted as the first', async () => {
      await dynamodb.client().send(new PutCommand({ TableName: TABLES.config, Item: { ...Key, name: 'old' } }));
      expect(await write('too far', 2, 'r7')).toBe(false);
      expect(await write('new', 1, 'r8')).toBe(true);
      await dynamodb.client().send(new DeleteCommand(at));
    });
  });
}
