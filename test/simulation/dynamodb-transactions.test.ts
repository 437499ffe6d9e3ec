import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  check,
  count,
  DynamodbWorld,
  keyOf,
  number,
  put,
  putNew,
  refusalOf,
  TABLE,
  transaction,
} from './dynamodb-world.ts';

const TEN_MINUTES_MS = 600_000;

describe('a simulated transaction under way', () => {
  it('keeps every other write off its items, those it only checks included', () => {
    const world = new DynamodbWorld();
    const finish = world.arrive('TransactWriteItems', transaction([put('a'), check('b')]));
    expect(refusalOf(() => world.transact([put('c'), put('b')]))).toBe('None TransactionConflict');
    expect(refusalOf(() => world.transact([check('a')]))).toBe('TransactionConflict');
    expect(refusalOf(() => world.put('b'))).toBe('TransactionConflictException');
    expect(refusalOf(() => world.call('DeleteItem', { TableName: TABLE, Key: keyOf('a') }))).toBe(
      'TransactionConflictException',
    );
    expect(world.items()).toEqual([]);
    finish();
    world.transact([put('c'), put('b')]);
    expect(world.items().map((item) => item['sk']?.S)).toEqual(['a', 'b', 'c']);
  });

  it('lets everybody read, who sees nothing of it before it is done', () => {
    const world = new DynamodbWorld();
    const finish = world.arrive('TransactWriteItems', transaction([put('a', 1)]));
    expect(world.get('a')).toBeUndefined();
    finish();
    expect(world.get('a')).toEqual({ ...keyOf('a'), ...number(1) });
  });

  it('has no item that a plain write is about to write', () => {
    const world = new DynamodbWorld();
    const writes = [1, 2].map((n) =>
      world.arrive('PutItem', { TableName: TABLE, Item: { ...keyOf('a'), ...number(n) } }),
    );
    expect(refusalOf(() => world.transact([put('a'), put('b')]))).toBe('TransactionConflict None');
    writes[0]?.();
    expect(refusalOf(() => world.transact([put('a')]))).toBe('TransactionConflict');
    writes[1]?.();
    world.transact([put('a', 3)]);
    expect(world.get('a')).toMatchObject(number(3));
  });

  it('tells beside a conflict which conditions fail, with what stands there', () => {
    const world = new DynamodbWorld();
    world.put('a', number(7));
    world.arrive('TransactWriteItems', transaction([put('b')]));
    try {
      world.transact([putNew('a'), put('b'), put('c')]);
      expect.unreachable();
    } catch (error) {
      const { CancellationReasons: reasons = [] } = error as TransactionCanceledException;
      expect(error).toBeInstanceOf(TransactionCanceledException);
      expect(reasons.map(({ Code }) => Code)).toEqual(['ConditionalCheckFailed', 'TransactionConflict', 'None']);
      expect(reasons[0]?.Item).toEqual({ ...keyOf('a'), ...number(7) });
    }
  });

  it('lets go of its items when it is cancelled, and has changed nothing', () => {
    const world = new DynamodbWorld();
    world.put('a', number(7));
    const finish = world.arrive('TransactWriteItems', transaction([put('b'), putNew('a')]));
    expect(refusalOf(finish)).toBe('None ConditionalCheckFailed');
    expect(world.items()).toEqual([{ ...keyOf('a'), ...number(7) }]);
    expect(world.writes).toHaveLength(1);
    world.transact([put('a'), put('b')]);
  });
});

describe('the token of a simulated transaction', () => {
  it('makes it happen once, however often it is sent', () => {
    const world = new DynamodbWorld();
    const finish = world.arrive('TransactWriteItems', transaction([count('a')], 'token'));
    expect(refusalOf(() => world.transact([count('a')], 'token'))).toBe('TransactionInProgressException');
    finish();
    world.transact([count('a')], 'token');
    expect(world.get('a')).toMatchObject(number(1));
    world.transact([count('a')], 'another');
    expect(world.get('a')).toMatchObject(number(2));
  });

  it('is refused for anything else', () => {
    const world = new DynamodbWorld();
    world.transact([count('a')], 'token');
    expect(refusalOf(() => world.transact([count('b')], 'token'))).toBe('IdempotentParameterMismatchException');
  });

  it('is forgotten ten minutes after the transaction was done', () => {
    const world = new DynamodbWorld();
    const finish = world.arrive('TransactWriteItems', transaction([count('a')], 'token'));
    world.nowMs += TEN_MINUTES_MS;
    finish();
    world.nowMs += TEN_MINUTES_MS - 1;
    world.transact([count('a')], 'token');
    expect(world.get('a')).toMatchObject(number(1));
    world.nowMs += 1;
    world.transact([count('a')], 'token');
    expect(world.get('a')).toMatchObject(number(2));
  });

  it('is good for another try of what was cancelled', () => {
    const world = new DynamodbWorld();
    world.put('a');
    expect(refusalOf(() => world.transact([putNew('a')], 'token'))).toBe('ConditionalCheckFailed');
    world.call('DeleteItem', { TableName: TABLE, Key: keyOf('a') });
    world.transact([putNew('a')], 'token');
    expect(world.get('a')).toEqual(keyOf('a'));
  });
});

describe('what a simulated transaction may hold', () => {
  const text = (bytes: number) => ({ t: { S: 'x'.repeat(bytes) } });
  const big = (sk: string, bytes: number) => ({ Put: { TableName: TABLE, Item: { ...keyOf(sk), ...text(bytes) } } });

  it.each([
    ['a hundred actions and one', Array.from({ length: 101 }, (_, at) => put(`${at}`))],
    ['no action', []],
    ['two actions on one item', [put('a'), check('a')]],
    ['an item over 400 KB', [big('a', 400 * 1024)]],
    ['over four megabytes together', Array.from({ length: 11 }, (_, at) => big(`${at}`, 390 * 1024))],
    [
      'a number of 39 digits',
      [put('a'), { Put: { TableName: TABLE, Item: { ...keyOf('b'), n: { N: `1${'0'.repeat(37)}1` } } } }],
    ],
  ])('is not %s', (_, actions) => {
    const world = new DynamodbWorld();
    expect(refusalOf(() => world.transact(actions))).toBe('ValidationException');
    expect(world.items()).toEqual([]);
  });

  it('is a hundred actions', () => {
    const world = new DynamodbWorld();
    world.transact(Array.from({ length: 100 }, (_, at) => put(`${at}`)));
    expect(world.items()).toHaveLength(100);
  });
});
