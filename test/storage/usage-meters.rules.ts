import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Day, Hour, HourlySums, MeterKey } from '../../lambdas/domain/meter.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { DamagedItemError } from '../../lambdas/storage/item.ts';
import { meterCursorKey, meterKey } from '../../lambdas/storage/keys.ts';
import { MeterWriter } from '../../lambdas/storage/meter-writer.ts';
import { type FoundMeter, UsageMeters } from '../../lambdas/storage/usage-meters.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { lane, laneKey, metric, period, tenantId } from '../support/events.ts';

const DAY = '2026-03-15' as Day;

function sums(...hours: readonly (readonly [hour: number, quantity: bigint, amount: bigint])[]): HourlySums {
  return new Map(
    hours.map(([hour, quantity, amount]) => [hour as Hour, { quantity, amountMinor: amountMinor(amount) }]),
  );
}

/** What every engine must do for the usage meters. */
export function usageMetersRules(dynamodb: Dynamodb): void {
  describe('usage meters', () => {
    const meters = () => new UsageMeters(dynamodb.client(), TABLES.usage);
    const writer = () => new MeterWriter(dynamodb.client(), TABLES.usage);
    let tenants = 0;

    function fresh(changes: Partial<MeterKey> = {}): MeterKey {
      tenants += 1;
      return { ...laneKey({ tenant: tenantId(`m${tenants}`) }), metric: metric('api_call'), day: DAY, ...changes };
    }

    async function shown({ tenant, metric: name, day }: MeterKey) {
      return (await meters().sums(tenant, name, day, day)).get(day) ?? new Map();
    }

    async function overwrite(key: MeterKey, attributes: object): Promise<void> {
      await dynamodb
        .client()
        .send(new PutCommand({ TableName: TABLES.usage, Item: { ...meterKey(key), ...attributes } }));
    }

    async function all(key: MeterKey): Promise<FoundMeter[]> {
      const found: FoundMeter[] = [];
      for await (const meter of meters().all(key.tenant, undefined)) found.push(meter);
      return found;
    }

    const untouched = { seq: 0, generation: 0, orAbsent: true };

    it('add up, hour by hour and lane by lane, exactly beyond what a JavaScript number holds', async () => {
      const key = fresh();
      const huge = 10n ** 36n + 1n;
      expect(await writer().add(key, sums([0, 1n, huge], [23, 2n, 5n]), untouched, 1)).toEqual({ added: true });
      expect(await writer().add(key, sums([0, 1n, huge]), { ...untouched, seq: 1 }, 4)).toEqual({ added: true });
      expect(await writer().add({ ...key, lane: lane(9) }, sums([0, 7n, 1n]), untouched, 1)).toEqual({ added: true });
      expect(await shown(key)).toEqual(sums([0, 9n, 2n * huge + 1n], [23, 2n, 5n]));
    });

    it('refuse pages they hold already, and say which', async () => {
      const key = fresh();
      await writer().add(key, sums([1, 1n, 1n]), untouched, 5);
      const again = await writer().add(key, sums([1, 1n, 1n]), { ...untouched, seq: 4 }, 6);
      expect(again).toEqual({ added: false, found: { seq: 5, generation: 0 } });
      const gone = await writer().add(fresh(), sums([1, 1n, 1n]), { ...untouched, orAbsent: false }, 6);
      expect(gone).toEqual({ added: false, found: undefined });
      expect(await shown(key)).toEqual(sums([1, 1n, 1n]));
    });

    it('refuse pages of another generation', async () => {
      const key = fresh();
      await writer().put(key, sums([1, 1n, 1n]), { seq: 3, generation: 7 });
      for (const generation of [6, 8]) {
        const refused = await writer().add(key, sums([1, 1n, 1n]), { ...untouched, generation, seq: 9 }, 10);
        expect(refused).toEqual({ added: false, found: { seq: 3, generation: 7 } });
      }
    });

    it('are put whole over less, over an older generation and over damage alone', async () => {
      const key = fresh();
      const mark = { seq: 3, generation: 7 };
      expect(await writer().put(key, sums([1, 1n, 1n], [2, 2n, 2n]), mark)).toBeUndefined();
      expect(await writer().put(key, sums([1, 9n, 9n]), mark)).toEqual(mark);
      expect(await writer().put(key, sums([1, 9n, 9n]), { seq: 9, generation: 6 })).toEqual(mark);
      expect(await writer().put(key, sums([1, 2n, 2n]), { seq: 4, generation: 7 })).toBeUndefined();
      expect(await shown(key)).toEqual(sums([1, 2n, 2n]));
      expect(await writer().put(key, sums([1, 3n, 3n]), { seq: 1, generation: 8 })).toBeUndefined();
      for (const damage of [{}, { seq: '1', generation: 9 }, { seq: 1 }, { q01: 'many', generation: [] }]) {
        await overwrite(key, damage);
        expect(await writer().put(key, sums([1, 4n, 4n]), { seq: 1, generation: 1 })).toBeUndefined();
      }
      expect(await shown(key)).toEqual(sums([1, 4n, 4n]));
    });

    it('are removed when they are older than a generation, or damaged', async () => {
      const key = fresh();
      const stored = meterKey(key);
      await writer().put(key, sums([1, 1n, 1n]), { seq: 3, generation: 7 });
      expect(await writer().removeOlder(stored, 7)).toBe(false);
      expect(await writer().removeOlder(stored, 8)).toBe(true);
      expect(await writer().removeOlder(stored, 8)).toBe(false);
      await overwrite(key, { seq: 'x', generation: 9 });
      expect(await writer().removeOlder(stored, 1)).toBe(true);
      expect(await shown(key)).toEqual(new Map());
    });

    it('are listed with what they stand for, and from any of them on', async () => {
      const odd = fresh({ metric: metric('a#b') });
      const other = { ...odd, day: '2026-03-16' as Day };
      await writer().put(odd, sums([1, 1n, 1n]), { seq: 3, generation: 7 });
      await writer().put(other, sums([1, 1n, 1n]), { seq: 4, generation: 7 });
      await overwrite({ ...odd, day: 'a day' as Day }, {});
      const expected = [
        { stored: meterKey(odd), key: odd, mark: { seq: 3, generation: 7 } },
        { stored: meterKey(other), key: other, mark: { seq: 4, generation: 7 } },
        { stored: meterKey({ ...odd, day: 'a day' as Day }), key: undefined, mark: undefined },
      ];
      expect(await all(odd)).toEqual(expected);
      const rest: FoundMeter[] = [];
      for await (const meter of meters().all(odd.tenant, meterKey(odd))) rest.push(meter);
      expect(rest).toEqual(expected.slice(1));
    });

    it('show a span of days, both ends included, whatever month they were charged in', async () => {
      const key = fresh();
      const days = ['2026-03-14', '2026-03-15', '2026-03-16', '2026-03-17'] as Day[];
      for (const day of days) await writer().add({ ...key, day }, sums([1, 1n, 1n]), untouched, 1);
      await writer().add(
        { ...key, day: '2026-03-16' as Day, period: period('2026-04') },
        sums([1, 1n, 1n]),
        untouched,
        1,
      );
      const found = await meters().sums(key.tenant, key.metric, '2026-03-15' as Day, '2026-03-16' as Day);
      expect([...found]).toEqual([
        ['2026-03-15', sums([1, 1n, 1n])],
        ['2026-03-16', sums([1, 2n, 2n])],
      ]);
    });

    it('have a cursor for each lane, which moves only from where it was read', async () => {
      const key = fresh();
      const start = await meters().cursor(key);
      expect(start).toEqual({ seq: 0, generation: 0 });
      expect(await writer().moveCursor(key, start, { seq: 5, generation: 0 })).toBe(true);
      expect(await writer().moveCursor(key, start, { seq: 6, generation: 0 })).toBe(false);
      expect(await writer().moveCursor(key, { seq: 5, generation: 1 }, { seq: 6, generation: 0 })).toBe(false);
      expect(await writer().moveCursor(key, { seq: 5, generation: 0 }, { seq: 2, generation: 3 })).toBe(true);
      const later = { ...key, period: period('2026-05') };
      await writer().moveCursor(later, start, { seq: 1, generation: 0 });
      const { tenant, lane: number } = key;
      const expected = [
        { tenant, period: '2026-03', lane: number, seq: 2, generation: 3 },
        { tenant, period: '2026-05', lane: number, seq: 1, generation: 0 },
      ];
      expect(await meters().cursorsSince(tenant, period('2026-03'))).toEqual(expected);
      expect(await meters().cursorsSince(tenant, period('2026-04'))).toEqual(expected.slice(1));
      await dynamodb
        .client()
        .send(new PutCommand({ TableName: TABLES.usage, Item: { ...meterCursorKey(key), seq: 'x' } }));
      await expect(meters().cursor(key)).rejects.toThrow(DamagedItemError);
      await writer().removeCursor(key);
      expect(await meters().cursor(key)).toEqual(start);
    });
  });
}
