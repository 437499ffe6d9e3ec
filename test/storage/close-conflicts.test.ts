import { expect, it } from 'vitest';
import { ALL_LANES } from '../../lambdas/domain/lane.ts';
import { emptyHead } from '../../lambdas/domain/page.ts';
import { emptyCarry, nextSeal } from '../../lambdas/domain/seal.ts';
import { Closing } from '../../lambdas/storage/closing.ts';
import { alpha, laneKey, NOW, period } from '../support/events.ts';
import { useRefusingEngine } from '../support/refusing-engine.ts';

const refusing = useRefusingEngine();

const march = period('2026-03');
const heads = ALL_LANES.map((lane) => ({ ...emptyHead(laneKey({ lane })), closedAt: NOW }));
const seal = nextSeal(emptyCarry(alpha), heads, { period: march, closedAt: NOW, sealedAt: NOW, currency: 'USD' });

async function closingAgainst(error: object): Promise<Closing> {
  return new Closing(await refusing(error), 'balances');
}

function cancelled(...codes: string[]) {
  return {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    Message: 'Transaction cancelled',
    CancellationReasons: codes.map((Code) => ({ Code, Message: Code })),
  };
}

// "TransactWriteItems" and "UpdateItem", DynamoDB API Reference: a write of an item in a transaction under way is refused.
it('says that a gate has to wait while a posting to its lane is being committed', async () => {
  const closing = await closingAgainst({
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionConflictException',
    message: 'Transaction is ongoing for the item',
  });
  expect(await closing.shut(laneKey(), NOW)).toBe(false);
});

it.each([
  ['the carry is in another transaction', ['None', 'TransactionConflict'], 'carry_moved'],
  ['the month is in another transaction', ['TransactionConflict', 'None'], 'carry_moved'],
  ['the carry was moved', ['None', 'ConditionalCheckFailed'], 'carry_moved'],
  ['an item is throttled', ['ThrottlingError', 'ProvisionedThroughputExceeded'], 'carry_moved'],
  ['the claim was lost', ['ConditionalCheckFailed', 'None'], 'claim_lost'],
  ['both', ['ConditionalCheckFailed', 'ConditionalCheckFailed'], 'claim_lost'],
])('tells why a seal was not put: %s', async (_, codes, outcome) => {
  const closing = await closingAgainst(cancelled(...codes));
  expect(await closing.seal(seal, emptyCarry(alpha), 'claim')).toBe(outcome);
});

it.each([
  ['an invalid item', cancelled('ValidationError', 'None')],
  ['a refused request', { __type: 'com.amazon.coral.service#AccessDeniedException', message: 'no' }],
])('hands on what no other try will mend: %s', async (_, error) => {
  const closing = await closingAgainst(error);
  await expect(closing.seal(seal, emptyCarry(alpha), 'claim')).rejects.toThrow();
  if (!('CancellationReasons' in error)) await expect(closing.shut(laneKey(), NOW)).rejects.toThrow('no');
});
