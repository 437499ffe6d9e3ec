import { expect, it } from 'vitest';
import { emptyHead, nextPage } from '../../lambdas/domain/page.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { Posting } from '../../lambdas/storage/posting.ts';
import { entry, laneKey, NOW, usageEvent } from '../support/events.ts';
import { useRefusingEngine } from '../support/refusing-engine.ts';

const head = emptyHead(laneKey());
const page = nextPage(head, [entry('a'), entry('b')], NOW);
const hashes = ['a', 'b'].map((key) => payloadHash(usageEvent(key)));
const cancelled = { status: 'cancelled', head: undefined, pageExists: false };

const refusing = useRefusingEngine();

// No engine here raises these; the form is that of "TransactWriteItems", DynamoDB API Reference, CancellationReasons.
it.each([
  ['a conflict with another transaction', ['None', 'TransactionConflict', 'None', 'None'], { taken: [], invalid: [] }],
  [
    'a throttled item',
    ['ThrottlingError', 'None', 'None', 'ProvisionedThroughputExceeded'],
    { taken: [], invalid: [] },
  ],
  ['an invalid marker', ['None', 'ValidationError', 'None', 'None'], { taken: [], invalid: [1] }],
  ['an invalid page', ['None', 'None', 'ValidationError', 'None'], { taken: [], invalid: [-1] }],
  ['an invalid head', ['None', 'None', 'None', 'ValidationError'], { taken: [], invalid: [-1] }],
  [
    'a known id sent without its item',
    ['ConditionalCheckFailed', 'None', 'None', 'None'],
    { taken: [[0, null]], invalid: [] },
  ],
])('reads %s by its index', async (_, codes, { taken, invalid }) => {
  const posting = await postingAgainst({
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    Message: 'Transaction cancelled',
    CancellationReasons: codes.map((Code) => ({ Code, Message: Code })),
  });
  const outcome = await posting.commit(head, page, hashes);
  expect(outcome).toEqual({ ...cancelled, taken: new Map(taken as [number, null][]), invalid });
});

it.each([
  ['ValidationException', 'invalid'],
  ['TransactionInProgressException', 'unknown'],
  ['AccessDeniedException', 'unknown'],
])('takes a refused request with %s for %s', async (name, status) => {
  const posting = await postingAgainst({ __type: `com.amazon.coral.service#${name}`, message: 'no' });
  expect(await posting.commit(head, page, hashes)).toMatchObject({ status });
});

async function postingAgainst(error: object): Promise<Posting> {
  return new Posting(await refusing(error), { ledger: 'ledger', balances: 'balances' });
}
