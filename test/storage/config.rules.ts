import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { UNIT_PRICE_MAX } from '../../lambdas/domain/money.ts';
import { Config, LayoutMismatchError, layoutConstants } from '../../lambdas/storage/config.ts';
import { ConfigWriter } from '../../lambdas/storage/config-writer.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import { constantsKey, priceBookKey, tenantKey } from '../../lambdas/storage/keys.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { instant, metric, NOW_MS, priceBook, tenantId } from '../support/events.ts';

/** What every engine must do for the configuration. */
export function configRules(dynamodb: Dynamodb): void {
  describe('the configuration', () => {
    const writer = () => new ConfigWriter(dynamodb.client(), TABLES.config);
    const put = (item: object) =>
      dynamodb.client().send(new PutCommand({ TableName: TABLES.config, Item: { ...item } }));
    let nowMs = NOW_MS;
    const config = () => new Config(dynamodb.client(), TABLES.config, () => nowMs);

    it('gives back the price books as they were added, and never overwrites one', async () => {
      const first = priceBook(1, {
        unitPrices: new Map([
          [metric('api_call'), 1n],
          [metric('toString'), 0n],
          [metric('large'), UNIT_PRICE_MAX],
        ]),
      });
      await writer().addLayout();
      await writer().addPriceBook(first);
      await writer().addPriceBook(priceBook(1, { currency: 'EUR' }));
      await writer().addPriceBook(priceBook(2, { effectiveAt: instant('2026-04-01T00:00:00Z') }));
      const books = await config().priceBooks();
      expect(books).toEqual([first, priceBook(2, { effectiveAt: instant('2026-04-01T00:00:00Z') })]);
    });

    it('knows a tenant for 30 s, and looks again at once for one it does not know', async () => {
      const cached = config();
      const newcomer = tenantId('newcomer');
      expect(await cached.tenant(newcomer)).toBeUndefined();
      await writer().addTenant(newcomer, 'New Corp');
      expect(await cached.tenant(newcomer)).toEqual({ name: 'New Corp', revision: 1 });
      const key = { TableName: TABLES.config, Key: { ...tenantKey(newcomer) } };
      await dynamodb.client().send(new DeleteCommand(key));
      nowMs += 29_999;
      expect(await cached.tenant(newcomer)).toEqual({ name: 'New Corp', revision: 1 });
      nowMs += 1;
      expect(await cached.tenant(newcomer)).toBeUndefined();
    });

    it('is trusted for 30 s, for 1 s by whoever turns something unknown away, and not at all before a final refusal', async () => {
      const cached = config();
      const versions = async (read: Promise<readonly { version: number }[]>) =>
        (await read).map(({ version }) => version);
      expect(await versions(cached.priceBooks())).toEqual([1, 2]);
      await writer().addPriceBook(priceBook(3));
      nowMs += 999;
      expect(await versions(cached.freshPriceBooks())).toEqual([1, 2]);
      expect(await versions(cached.priceBooks())).toEqual([1, 2]);
      expect(await versions(cached.priceBooksNow())).toEqual([1, 2, 3]);
      await writer().addPriceBook(priceBook(4));
      nowMs += 1_000;
      expect(await versions(cached.freshPriceBooks())).toEqual([1, 2, 3, 4]);
      await writer().addPriceBook(priceBook(5));
      nowMs += 29_999;
      expect(await versions(cached.priceBooks())).toEqual([1, 2, 3, 4]);
      nowMs += 1;
      expect(await versions(cached.priceBooks())).toEqual([1, 2, 3, 4, 5]);
    });

    it.each([
      { unit_prices: { api_call: -1 } },
      { unit_prices: { api_call: 10n ** 18n + 1n } },
      { unit_prices: { api_call: 0.5 } },
      { version: -1 },
      { effective_at: 'soon' },
      { currency: 'US' },
    ])('names a price book damaged by %o', async (damage) => {
      const good = {
        version: 9,
        effective_at: '2026-01-01T00:00:00.000Z',
        currency: 'USD',
        unit_prices: { api_call: 1 },
      };
      await put({ ...priceBookKey(9), ...good, ...damage });
      await expect(config().priceBooks()).rejects.toThrow(DamagedItemError);
      await dynamodb.client().send(new DeleteCommand({ TableName: TABLES.config, Key: { ...priceBookKey(9) } }));
    });

    it.each(Object.keys(layoutConstants))(
      'is refused, whatever is asked, when the tables have another %s',
      async (name) => {
        await put({ ...constantsKey, ...layoutConstants, [name]: 3 });
        for (const ask of ['priceBooks', 'freshPriceBooks', 'priceBooksNow', 'checkLayout'] as const) {
          await expect(config()[ask]()).rejects.toThrow(LayoutMismatchError);
        }
        await put({ ...constantsKey, ...layoutConstants });
        await config().checkLayout();
      },
    );
  });
}
