import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { Config } from '../../lambdas/storage/config.ts';
import { ConfigWriter } from '../../lambdas/storage/config-writer.ts';
import { priceBookKey, tenantKey } from '../../lambdas/storage/keys.ts';
import { NO_REVISION } from '../../lambdas/storage/revision.ts';
import { Tenants } from '../../lambdas/storage/tenants.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { NOW_MS, priceBook, tenantId } from '../support/events.ts';

/** What every engine must do for whoever changes tenants and prices. */
export function tenantRules(dynamodb: Dynamodb): void {
  describe('the tenants', () => {
    const tenants = () => new Tenants(dynamodb.client(), TABLES.config);
    const writer = () => new ConfigWriter(dynamodb.client(), TABLES.config);

    it('are listed by id, page by page, also those of before revisions were kept', async () => {
      const old = { ...tenantKey(tenantId('listed_old')), name: 'Old' };
      await dynamodb.client().send(new PutCommand({ TableName: TABLES.config, Item: old }));
      await writer().addTenant(tenantId('listed_seed'), 'Seed');
      await writer().putTenant(tenantId('listed_new'), 'New', { after: NO_REVISION, requestId: 'r1' });
      await writer().putTenant(tenantId('listed_old'), 'Older', { after: 1, requestId: 'r2' });
      const listed: [string, string, number][] = [];
      let after: ReturnType<typeof tenantId> | undefined;
      for (let hasMore = true; hasMore; ) {
        const page = await tenants().page(after, 1);
        listed.push(...page.tenants.map(({ id, name, revision }): [string, string, number] => [id, name, revision]));
        after = page.tenants.at(-1)?.id;
        hasMore = page.hasMore && after !== undefined;
      }
      expect(listed.map(([id]) => id)).toEqual(listed.map(([id]) => id).sort());
      expect(listed.filter(([id]) => id.startsWith('listed_'))).toEqual([
        ['listed_new', 'New', 1],
        ['listed_old', 'Older', 2],
        ['listed_seed', 'Seed', 1],
      ]);
    });

    it('are found as they stand now, and a seed renames nobody', async () => {
      await writer().addTenant(tenantId('listed_old'), 'Seed');
      expect(await tenants().find(tenantId('listed_old'))).toEqual({ name: 'Older', revision: 2 });
      expect(await tenants().find(tenantId('listed_nobody'))).toBeUndefined();
    });
  });

  describe('a version of the prices', () => {
    it('is written once, by one of those who want to', async () => {
      const config = new ConfigWriter(dynamodb.client(), TABLES.config);
      const puts = ['a', 'b', 'c'].map((id) => config.putPriceBook(priceBook(77), id));
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
      const books = await new Config(dynamodb.client(), TABLES.config, () => NOW_MS).priceBooksNow();
      expect(books.find(({ version }) => version === 77)).toEqual(priceBook(77));
      await dynamodb.client().send(new DeleteCommand({ TableName: TABLES.config, Key: { ...priceBookKey(77) } }));
    });
  });
}
