import { describe, expect, it } from 'vitest';
import type { Nastiness } from './dynamodb/nastiness.ts';
import { check, count, DynamodbWorld, keyOf, number, put, refusalOf, TABLE, TIMED } from './dynamodb-world.ts';

describe('what the simulated DynamoDB tells of its changes', () => {
  it('is each with both images, in the order of the commits', () => {
    const world = new DynamodbWorld();
    const first = world.arrive('PutItem', { TableName: TABLE, Item: keyOf('a') });
    world.transact([put('b', 1), check('c'), count('d')]);
    first();
    world.call('DeleteItem', { TableName: TABLE, Key: keyOf('b') });
    expect(world.changes.map(({ keys, oldImage, newImage }) => [keys, oldImage, newImage])).toEqual([
      [keyOf('b'), undefined, { ...keyOf('b'), ...number(1) }],
      [keyOf('d'), undefined, { ...keyOf('d'), ...number(1) }],
      [keyOf('a'), undefined, keyOf('a')],
      [keyOf('b'), { ...keyOf('b'), ...number(1) }, undefined],
    ]);
    const numbers = world.changes.map(({ sequenceNumber }) => sequenceNumber);
    expect(new Set(numbers).size).toBe(4);
    expect([...numbers].sort()).toEqual(numbers);
    expect(world.changes.every(({ caller, table }) => caller === 'test' && table === TABLE)).toBe(true);
  });

  it('is nothing where nothing changed, though it was written', () => {
    const world = new DynamodbWorld();
    for (const n of ['1', '1.0']) world.put('a', { n: { N: n } });
    world.call('DeleteItem', { TableName: TABLE, Key: keyOf('none') });
    expect(world.changes).toHaveLength(1);
    expect(world.writes.map(({ command, action, key }) => [command, action, key['sk']?.S])).toEqual([
      ['PutItem', 'Put', 'a'],
      ['PutItem', 'Put', 'a'],
      ['DeleteItem', 'Delete', 'none'],
    ]);
  });

  it('is nothing of what was refused', () => {
    const world = new DynamodbWorld();
    const put = { TableName: TABLE, Item: keyOf('a'), ConditionExpression: 'attribute_exists(pk)' };
    expect(refusalOf(() => world.call('PutItem', put))).toBe('ConditionalCheckFailedException');
    expect([world.changes, world.writes]).toEqual([[], []]);
  });
});

describe('the simulated DynamoDB', () => {
  it('refuses what it does not know instead of leaving it out', () => {
    const world = new DynamodbWorld();
    expect(() => world.call('PutItem', { TableName: TABLE, Item: keyOf('a'), Expected: {} })).toThrow('Expected');
    expect(() => world.call('ExecuteStatement', {})).toThrow('ExecuteStatement');
    expect(() => world.put('a', { b: { B: new Uint8Array() } })).toThrow('type B');
  });

  it('does the same for the same seed, and something else for another', () => {
    const run = (seed: string) => {
      const world = new DynamodbWorld(nasty, seed);
      const told: unknown[] = [];
      for (let step = 0; step < 300; step += 1) {
        world.nowMs += 100;
        const sk = `${step % 7}`;
        told.push(refusalOf(() => world.put(sk, { ...number(step), ...TIMED })));
        told.push(refusalOf(() => told.push(world.get(sk, false), world.indexed())));
        told.push(refusalOf(() => told.push(world.queryDuring(() => world.transact([put(sk, step), count('x')])))));
      }
      return JSON.stringify([told, world.items()]);
    };
    expect(run('one')).toBe(run('one'));
    expect(run('one')).not.toBe(run('two'));
  });
});

const nasty: Nastiness = {
  throttled: 0.1,
  mixedRead: 0.5,
  staleRead: 0.5,
  staleMsMax: 2_000,
  lateIndex: 0.5,
  lateIndexMsMax: 2_000,
  shortPage: 0.5,
  partialBatch: 0.5,
  maskedReason: 0.5,
};
