import { describe, expect, it } from 'vitest';
import type { Item } from './dynamodb/attribute-value.ts';
import type { Nastiness } from './dynamodb/nastiness.ts';
import { DynamodbWorld, keyOf, number, put, putNew, refusalOf, TABLE, TIMED } from './dynamodb-world.ts';

const SEEDS = Array.from({ length: 60 }, (_, at) => `seed ${at}`);

const throttles = ['ProvisionedThroughputExceededException', 'ThrottlingException'];

function outcomes<Outcome>(nastiness: Partial<Nastiness>, act: (world: DynamodbWorld) => Outcome): Set<string> {
  return new Set(SEEDS.map((seed) => JSON.stringify(act(new DynamodbWorld(nastiness, seed)))));
}

describe('reads of several items of the simulated DynamoDB', () => {
  const seeTwo = (world: DynamodbWorld) => {
    world.transact([put('a', 1), put('b', 1)]);
    return world.queryDuring(() => world.transact([put('a', 2), put('b', 2)]));
  };

  it('may see the one item before a transaction and the other after it', () => {
    const mixes = [1, 2].flatMap((a) => [1, 2].map((b) => JSON.stringify({ a: `${a}`, b: `${b}` })));
    expect(outcomes({ mixedRead: 0.5 }, seeTwo)).toEqual(new Set(mixes));
    expect(outcomes({}, seeTwo)).toEqual(new Set([JSON.stringify({ a: '2', b: '2' })]));
  });

  it('may miss what is new, and meet what is gone', () => {
    const seen = outcomes({ mixedRead: 0.5 }, (world) => {
      world.put('gone', number(1));
      return world.queryDuring(() => {
        world.call('DeleteItem', { TableName: TABLE, Key: keyOf('gone') });
        world.put('new', number(1));
      });
    });
    expect([...seen].sort()).toEqual(['{"gone":"1","new":"1"}', '{"gone":"1"}', '{"new":"1"}', '{}'].sort());
  });

  it('see nothing of what was over when they began', () => {
    const seen = outcomes({ mixedRead: 1, staleMsMax: 5_000 }, (world) => {
      world.put('a', number(1));
      world.put('a', number(2));
      return world.queryDuring(() => undefined);
    });
    expect([...seen]).toEqual(['{"a":"2"}']);
  });
});

describe('a read without ConsistentRead of the simulated DynamoDB', () => {
  const read = (isConsistent: boolean, laterMs: number) => (world: DynamodbWorld) => {
    world.put('a', number(1));
    world.nowMs += 10_000;
    world.put('a', number(2));
    world.nowMs += laterMs;
    return world.get('a', isConsistent)?.['n']?.N;
  };

  it('may see what was, for so long', () => {
    const nastiness = { staleRead: 0.5, staleMsMax: 5_000 };
    expect(outcomes(nastiness, read(false, 2_000))).toEqual(new Set(['"1"', '"2"']));
    expect(outcomes(nastiness, read(false, 5_001))).toEqual(new Set(['"2"']));
    expect(outcomes(nastiness, read(true, 0))).toEqual(new Set(['"2"']));
  });
});

describe('an index of the simulated DynamoDB', () => {
  const nastiness = { lateIndex: 0.5, lateIndexMsMax: 5_000 };

  it('hears late of an item, of each in its own time', () => {
    const heard = outcomes(nastiness, (world) => {
      for (const sk of ['a', 'b']) world.put(sk, TIMED);
      return world.indexed();
    });
    expect([...heard].sort()).toEqual(['["a","b"]', '["a"]', '["b"]', '[]'].sort());
  });

  it('hears late that an item is gone', () => {
    const heard = outcomes(nastiness, (world) => {
      world.put('a', TIMED);
      world.nowMs += 10_000;
      world.call('DeleteItem', { TableName: TABLE, Key: keyOf('a') });
      return world.indexed();
    });
    expect([...heard].sort()).toEqual(['["a"]', '[]']);
  });

  it('has heard of everything in the end, whatever came after what', () => {
    const heard = outcomes(nastiness, (world) => {
      for (const attributes of [TIMED, {}, TIMED, { ...TIMED, time_sk: { S: 'n' } }]) world.put('a', attributes);
      for (const attributes of [TIMED, {}]) world.put('b', attributes);
      world.nowMs += 5_000;
      return world.indexed();
    });
    expect([...heard]).toEqual(['["a"]']);
  });
});

describe('pages of the simulated DynamoDB', () => {
  const SKS = ['a', 'b', 'c', 'd', 'e'];
  const pagesOf = (command: string, input: object) => (world: DynamodbWorld) => {
    for (const sk of SKS) world.put(sk);
    const pages: (string | undefined)[][] = [];
    let cursor: Item | undefined;
    do {
      const page = world.call(command, { TableName: TABLE, ...input, ExclusiveStartKey: cursor }) as {
        readonly Items: Item[];
        readonly LastEvaluatedKey?: Item;
      };
      pages.push(page.Items.map((item) => item['sk']?.S));
      cursor = page.LastEvaluatedKey;
    } while (cursor !== undefined);
    return pages;
  };
  const query = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } } };

  it.each([
    ['Query', query, SKS],
    ['Query', { ...query, ScanIndexForward: false }, [...SKS].reverse()],
    ['Scan', {}, SKS],
  ])('may be short in a %s, or empty, and are everything together', (command, input, all) => {
    const read = [...outcomes({ shortPage: 0.5 }, pagesOf(command, input))].map(
      (text) => JSON.parse(text) as string[][],
    );
    for (const pages of read) expect(pages.flat()).toEqual(all);
    expect(new Set(read.map((pages) => pages.length)).size).toBeGreaterThan(2);
    expect(read.some((pages) => pages.at(-1)?.length === 0)).toBe(true);
    expect([...outcomes({}, pagesOf(command, input))]).toEqual([JSON.stringify([all])]);
  });

  it('end with the item that takes them over a megabyte', () => {
    const world = new DynamodbWorld();
    for (const sk of ['a', 'b', 'c', 'd']) world.put(sk, { t: { S: 'x'.repeat(390 * 1024) } });
    const { Items, LastEvaluatedKey } = world.call('Query', { TableName: TABLE, ...query }) as Record<string, Item[]>;
    expect(Items).toHaveLength(3);
    expect(LastEvaluatedKey).toEqual(keyOf('c'));
  });
});

describe('a BatchGetItem of the simulated DynamoDB', () => {
  it('may leave keys, never all, with what was asked of them', () => {
    const left = outcomes({ partialBatch: 1 }, (world) => {
      for (const sk of ['a', 'b', 'c']) world.put(sk, number(1));
      const request = { Keys: ['a', 'b', 'c'].map(keyOf), ProjectionExpression: 'sk', ConsistentRead: true };
      const { Responses, UnprocessedKeys } = world.call('BatchGetItem', { RequestItems: { [TABLE]: request } }) as {
        readonly Responses: Record<string, Item[]>;
        readonly UnprocessedKeys: Record<string, { readonly Keys: Item[] }>;
      };
      const { Keys = [], ...rest } = UnprocessedKeys[TABLE] ?? {};
      if (Keys.length > 0) expect(rest).toEqual({ ProjectionExpression: 'sk', ConsistentRead: true });
      const given = Responses[TABLE]?.map((item) => item['sk']?.S) ?? [];
      expect([...given, ...Keys.map((key) => key['sk']?.S)].sort()).toEqual(['a', 'b', 'c']);
      return given.length;
    });
    expect([...left].sort()).toEqual(['1', '2', '3']);
  });
});

describe('a throttled simulated DynamoDB', () => {
  it('says so of a plain call in either of its ways, and has done nothing', () => {
    const said = outcomes({ throttled: 1 }, (world) => {
      const refusal = refusalOf(() => world.put('a'));
      expect(world.items()).toEqual([]);
      return refusal;
    });
    expect([...said].sort()).toEqual(throttles.map((name) => JSON.stringify(name)));
  });

  it('says so of a transaction in the place of an item', () => {
    const said = outcomes({ throttled: 1 }, (world) => {
      const refusal = refusalOf(() => world.transact([put('a'), put('b')]));
      expect(world.items()).toEqual([]);
      return refusal;
    });
    const codes = ['ThrottlingError', 'ProvisionedThroughputExceeded'];
    expect(said).toEqual(new Set(codes.flatMap((code) => [`"${code} None"`, `"None ${code}"`])));
  });
});

describe('the reasons of a cancelled simulated transaction', () => {
  it('may be kept back, all but one', () => {
    const told = (nastiness: Partial<Nastiness>) =>
      outcomes(nastiness, (world) => {
        for (const sk of ['a', 'b']) world.put(sk);
        return refusalOf(() => world.transact([putNew('a'), put('c'), putNew('b')]));
      });
    const [one, other] = ['"ConditionalCheckFailed None None"', '"None None ConditionalCheckFailed"'];
    const both = '"ConditionalCheckFailed None ConditionalCheckFailed"';
    expect(told({ maskedReason: 0.5 })).toEqual(new Set([one, other, both]));
    expect(told({})).toEqual(new Set([both]));
  });
});
