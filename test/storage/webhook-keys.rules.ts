import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { parseWebhookKeyId } from '../../lambdas/domain/ids.ts';
import { ConfigWriter } from '../../lambdas/storage/config-writer.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import { webhookKeyKey } from '../../lambdas/storage/keys.ts';
import { type WebhookKey, WebhookKeys, webhookKeyItem } from '../../lambdas/storage/webhook-keys.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { alpha, beta, must, NOW } from '../support/events.ts';

/** What every engine must do for the webhook keys. */
export function webhookKeyRules(dynamodb: Dynamodb): void {
  describe('the webhook keys', () => {
    const keys = () => new WebhookKeys(dynamodb.client(), TABLES.config);
    const key = (id: string, changes: Partial<WebhookKey> = {}): WebhookKey => ({
      ...{ keyId: must(parseWebhookKeyId(id)), tenant: alpha, current: 'v1.sealed' },
      ...changes,
    });
    const put = (item: Record<string, unknown>) =>
      dynamodb.client().send(new PutCommand({ TableName: TABLES.config, Item: item }));

    it('come out as they were added, and are never overwritten by adding', async () => {
      const writer = new ConfigWriter(dynamodb.client(), TABLES.config);
      const first = key('whk_first');
      await writer.addWebhookKey(first);
      await writer.addWebhookKey(key('whk_first', { tenant: beta }));
      expect(await keys().find('whk_first')).toEqual(first);
      const rotating = key('whk_rotating', {
        ...{ previous: { kept: 'v1.old', validUntil: NOW }, createdAt: NOW, revokedAt: NOW },
      });
      await writer.addWebhookKey(rotating);
      expect(await keys().find('whk_rotating')).toEqual(rotating);
      expect(await keys().find('.')).toBeUndefined();
    });

    it.each([{ sealed: 7 }, { tenant: 'A#B' }, { previous: { sealed: 'x' } }, { revoked_at: 'soon' }])(
      'name a record damaged by %o',
      async (damage) => {
        await put({ ...webhookKeyItem(key('whk_damaged')), ...damage });
        await expect(keys().find('whk_damaged')).rejects.toThrow(DamagedItemError);
      },
    );

    it('name a record without a secret, as an old data folder has it', async () => {
      await put({ ...webhookKeyKey('whk_old'), tenant: alpha });
      await expect(keys().find('whk_old')).rejects.toThrow('damaged at: sealed');
    });
  });
}
