import { itemsOf } from '../model/claims.ts';
import type { SimulatedResponse } from '../system.ts';
import { documentOf, type Exchange, isFinal } from '../workload/history.ts';
import type { DeedKind, Operation } from '../workload/operation.ts';
import type { Evidence } from './evidence.ts';
import type { Violations } from './violation.ts';

/** What may be said, for good, to a deed that is not wrong. */
const fitting: Readonly<Record<DeedKind, readonly number[]>> = {
  send: [202, 207, 409, 400, 401],
  wrong: [],
  close: [200, 409],
  redrive: [200],
  reconcile: [200],
  statement: [200],
  receipt: [200, 404],
  read: [200],
};

/** Each answer is one of the contract's, and a refusal changed nothing. */
export function checkAnswers({ performances }: Evidence, violations: Violations): void {
  for (const { operation, exchanges } of performances) {
    for (const exchange of exchanges) {
      const { response } = exchange;
      if (response === undefined) continue;
      const what = `${exchange.request.method} ${exchange.request.path.split('?')[0]}`;
      checkForm(what, response, violations);
      if (isFinal(response)) checkFinal(what, operation, exchange, violations);
      checkWrites(what, operation, response, violations);
    }
  }
}

function checkForm(what: string, response: SimulatedResponse, violations: Violations): void {
  const { status, headers } = response;
  const document = documentOf(response);
  violations.expect(document !== undefined, 'contract', `${what} was answered ${status} with no JSON`);
  if (status < 400) return;
  const isProblem = headers['content-type'] === 'application/problem+json' && document?.['status'] === status;
  violations.expect(isProblem, 'contract', `${what} was refused with ${status} and no problem document`);
  const mayWait = status !== 503 && status !== 429;
  violations.expect(
    mayWait || headers['retry-after'] !== undefined,
    'contract',
    `${what}: ${status} without Retry-After`,
  );
}

function checkFinal(what: string, { deed }: Operation, { response }: Exchange, violations: Violations): void {
  if (response === undefined) return;
  const { status } = response;
  const statuses = deed.kind === 'wrong' ? [deed.status] : fitting[deed.kind];
  violations.expect(
    statuses.includes(status),
    'contract',
    `${what} was answered ${status}, not ${statuses.join(', ')}`,
  );
  if (deed.kind === 'send' && deed.isBatch && status < 400) checkItems(what, deed.items, response, violations);
}

/** What is wrong in a batch is refused where it stands, and nothing else for it. */
function checkItems(
  what: string,
  items: Extract<Operation['deed'], { kind: 'send' }>['items'],
  response: SimulatedResponse,
  violations: Violations,
): void {
  const results = itemsOf(response);
  violations.expect(results.length === items.length, 'contract', `${what} has ${results.length} results`);
  for (const [place, item] of items.entries()) {
    const result = results[place];
    if ('refusedWith' in item) {
      violations.expect(result?.status === item.refusedWith, 'contract', `${what} item ${place}: ${result?.status}`);
    } else {
      violations.expect(result?.event_id === item.payload.eventId, 'I5', `${what} item ${place}: ${result?.event_id}`);
    }
  }
}

/** Tables in which a refusal may leave something: that it was asked for, and by whom how often. */
const OF_NO_EFFECT = /^(?:Operations|RateLimits) /;

/** Gates that a close has shut stay shut when another close goes on with it. */
const GATES = /^Balances /;

function checkWrites(
  what: string,
  { deed }: Operation,
  { status, writes }: SimulatedResponse,
  violations: Violations,
): void {
  const isRefusal = status >= 400 && status < 500;
  const isRead = deed.kind === 'read' || deed.kind === 'statement' || deed.kind === 'receipt';
  if (!isRefusal && !isRead) return;
  const effects = writes.filter((write) => {
    return !OF_NO_EFFECT.test(write) && !(deed.kind === 'close' && status === 409 && GATES.test(write));
  });
  violations.expect(effects.length === 0, 'contract', `${what} was answered ${status} and wrote ${effects.join(', ')}`);
}
