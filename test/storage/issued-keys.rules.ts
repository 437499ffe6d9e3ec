import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { type ApiKey, apiKeyHash } from '../../lambdas/domain/api-key.ts';
import { parseApiKeyId } from '../../lambdas/domain/ids.ts';
import { ApiKeys, apiKeyItem, apiKeyOf } from '../../lambdas/storage/api-keys.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import { KeyRegister } from '../../lambdas/storage/key-register.ts';
import { apiKeyKey } from '../../lambdas/storage/keys.ts';
import { NO_REVISION } from '../../lambdas/storage/revision.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { alpha, beta, must, NOW } from '../support/events.ts';

/** What every engine must do for the keys we issue. */
export function issuedKeyRules(dynamodb: Dynamodb): void {
  describe('the API keys', () => {
    const keys = () => new ApiKeys(dynamodb.client(), TABLES.config);
    const register = () =>
      new KeyRegister(dynamodb.client(), TABLES.config, { keyOf: apiKeyKey, itemOf: apiKeyItem, read: apiKeyOf });
    const key = (id: string, changes: Partial<ApiKey> = {}): ApiKey => ({
      ...{ keyId: must(parseApiKeyId(id)), tenant: alpha, scopes: ['usage:write'], current: apiKeyHash(id, 's') },
      ...changes,
    });

    it('come out as they were put, and are only replaced by who has seen them', async () => {
      const first = key('k1', { createdAt: NOW });
      expect(await register().put(first, { after: NO_REVISION, requestId: 'r1' })).toBe(true);
      expect(await register().put(key('k1', { tenant: beta }), { after: NO_REVISION, requestId: 'r2' })).toBe(false);
      expect(await keys().find('k1')).toEqual(first);
      const validUntil = NOW;
      const rotated = { ...first, previous: { kept: first.current, validUntil }, revokedAt: NOW, scopes: [] };
      expect(await register().put(rotated, { after: 1, requestId: 'r3' })).toBe(true);
      expect(await register().put(first, { after: 1, requestId: 'r4' })).toBe(false);
      expect(await register().find('k1')).toEqual({ issued: rotated, revision: 2 });
      expect(await keys().find('k2')).toBeUndefined();
    });

    it('are listed by id in pages, of one tenant or of all', async () => {
      for (const [id, tenant] of [
        ['p1', alpha],
        ['p2', beta],
        ['p3', alpha],
        ['p4', alpha],
      ] as const) {
        await register().put(key(id, { tenant }), { after: NO_REVISION, requestId: id });
      }
      const page = async (tenant: typeof alpha | undefined, after: string, limit: number) => {
        const { keys: found, hasMore } = await register().page({ tenant, after, limit });
        return [found.map(({ issued }) => issued.keyId), hasMore];
      };
      expect(await page(alpha, 'p', 2)).toEqual([['p1', 'p3'], true]);
      expect(await page(alpha, 'p3', 2)).toEqual([['p4'], false]);
      expect(await page(beta, 'p', 2)).toEqual([['p2'], false]);
      expect(await page(undefined, 'p1', 3)).toEqual([['p2', 'p3', 'p4'], false]);
    });

    it.each([{ hash: 'x' }, { scopes: ['everything'] }, { tenant: 'A#B' }, { previous: { hash: 'x' } }])(
      'name a record damaged by %o',
      async (damage) => {
        const Item = { ...apiKeyItem(key('damaged')), ...damage };
        await dynamodb.client().send(new PutCommand({ TableName: TABLES.config, Item }));
        await expect(keys().find('damaged')).rejects.toThrow(DamagedItemError);
      },
    );
  });
}
