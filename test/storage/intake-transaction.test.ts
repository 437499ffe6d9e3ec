import { expect, it } from 'vitest';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { usageEvent } from '../support/events.ts';
import { useRefusingEngine } from '../support/refusing-engine.ts';

const events = ['a', 'b', 'c'].map((key) => usageEvent(key));
const TIMEOUT_MS = 5_000;

const refusing = useRefusingEngine();

async function outcomeOf(error: object) {
  const intake = new UsageIntake(await refusing(error), 'intake');
  return intake.acceptTogether(events, TIMEOUT_MS);
}

function cancelledBy(...codes: string[]): object {
  return {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    Message: 'Transaction cancelled',
    CancellationReasons: codes.map((Code) => ({ Code, Message: Code })),
  };
}

// No engine here raises these; the form is that of "TransactWriteItems", DynamoDB API Reference, CancellationReasons.
it.each([
  ['a conflict with another transaction', ['None', 'TransactionConflict', 'None']],
  ['throttled items', ['ThrottlingError', 'None', 'ProvisionedThroughputExceeded']],
])('takes %s for something to try again', async (_, codes) => {
  expect(await outcomeOf(cancelledBy(...codes))).toEqual({ status: 'cancelled', known: new Map() });
});

it('takes an item that DynamoDB refuses for something no retry helps', async () => {
  expect(await outcomeOf(cancelledBy('None', 'ValidationError', 'None'))).toMatchObject({ status: 'invalid' });
});

it.each([
  ['ValidationException', 'invalid'],
  ['TransactionInProgressException', 'unknown'],
  ['AccessDeniedException', 'unknown'],
])('takes a refused request with %s for %s', async (name, status) => {
  expect(await outcomeOf({ __type: `com.amazon.coral.service#${name}`, message: 'no' })).toMatchObject({ status });
});
