import type { CancellationReason, TransactWriteItem, TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb';
import { refuseUnknown } from '../input.ts';
import type { Random } from '../random.ts';
import type { Call } from '../service.ts';
import { type Action, type ActionInput, type ActionKind, readAction, tried } from './action.ts';
import { type Holds, nameOf } from './holds.ts';
import type { Nastiness } from './nastiness.ts';
import { cancelled, invalid } from './refusals.ts';
import type { RequestTokens } from './request-tokens.ts';
import type { Store } from './store.ts';

/** TransactWriteItems, API Reference: the most actions of one transaction. */
const ACTIONS_MAX = 100;

/** The same: all items of one transaction together. */
const TRANSACTION_BYTES_MAX = 4 * 1024 * 1024;

const FIELDS = new Set(['TransactItems', 'ClientRequestToken']);

const KINDS: readonly ActionKind[] = ['Put', 'Update', 'Delete', 'ConditionCheck'];

const NONE: CancellationReason = { Code: 'None' };

/** TransactWriteItems: from its arrival to its end its items are its own ("Transaction conflict handling in DynamoDB"). */
export class TransactWrite {
  readonly #store: Store;
  readonly #holds: Holds;
  readonly #tokens: RequestTokens;
  readonly #random: Random;
  readonly #nastiness: Nastiness;

  constructor(store: Store, holds: Holds, tokens: RequestTokens, random: Random, nastiness: Nastiness) {
    this.#store = store;
    this.#holds = holds;
    this.#tokens = tokens;
    this.#random = random;
    this.#nastiness = nastiness;
  }

  arrive(call: Call): () => object {
    const input = call.input as TransactWriteItemsCommandInput;
    refuseUnknown('TransactWriteItems', input, FIELDS);
    const { TransactItems = [], ClientRequestToken: token } = input;
    const actions = readActions(TransactItems, this.#store);
    if (token !== undefined && this.#tokens.isDone(token, TransactItems, this.#store.now.atMs)) return () => ({});
    if (new Set(actions.map(nameOf)).size < actions.length) {
      throw invalid('Transaction request cannot include multiple operations on one item');
    }
    this.#refuseThrottled(actions);
    this.#refuseConflicts(actions);
    if (token !== undefined) this.#tokens.begin(token, TransactItems);
    const release = this.#holds.holdTransaction(actions);
    return () => {
      release();
      if (token !== undefined) this.#tokens.cancelled(token);
      this.#commit(actions, call.caller);
      if (token !== undefined) {
        this.#tokens.begin(token, TransactItems);
        this.#tokens.done(token, this.#store.now.atMs);
      }
      return {};
    };
  }

  #commit(actions: readonly Action[], caller: string): void {
    const outcomes = actions.map(tried);
    this.#cancelOn(outcomes.map((outcome) => (outcome.holds ? NONE : outcome.reason)));
    const bytes = outcomes.reduce((sum, outcome) => sum + (outcome.holds ? outcome.bytes : 0), 0);
    if (bytes > TRANSACTION_BYTES_MAX) throw invalid('Transaction request size has exceeded the maximum allowed size');
    for (const [index, { kind, table, place }] of actions.entries()) {
      const outcome = outcomes[index];
      if (kind === 'ConditionCheck' || !outcome?.holds) continue;
      this.#store.write(table, place, outcome.after, { caller, command: 'TransactWriteItems', action: kind });
    }
  }

  #refuseThrottled(actions: readonly Action[]): void {
    const { throttled } = this.#nastiness;
    if (throttled === 0 || !this.#random.chance(throttled)) return;
    const culprit = this.#random.integer(0, actions.length - 1);
    const Code = this.#random.pick(['ThrottlingError', 'ProvisionedThroughputExceeded']);
    throw cancelled(actions.map((_, index) => (index === culprit ? { Code, Message: 'Throughput exceeded.' } : NONE)));
  }

  #refuseConflicts(actions: readonly Action[]): void {
    const isHeld = (action: Action) => this.#holds.isInTransaction(action) || this.#holds.isBeingWritten(action);
    if (!actions.some(isHeld)) return;
    const Message = 'Transaction is ongoing for the item';
    this.#cancelOn(
      actions.map((action) => {
        if (isHeld(action)) return { Code: 'TransactionConflict', Message };
        const outcome = tried(action);
        return outcome.holds ? NONE : outcome.reason;
      }),
    );
  }

  /** Throws when there is any reason to; a nasty one keeps some of several to itself. */
  #cancelOn(reasons: CancellationReason[]): void {
    const failures = reasons.filter((reason) => reason !== NONE);
    if (failures.length === 0) return;
    const { maskedReason } = this.#nastiness;
    if (maskedReason === 0 || failures.length === 1) throw cancelled(reasons);
    const told = this.#random.pick(failures);
    throw cancelled(
      reasons.map((reason) =>
        reason === NONE || reason === told || !this.#random.chance(maskedReason) ? reason : NONE,
      ),
    );
  }
}

function readActions(items: readonly TransactWriteItem[], store: Store): Action[] {
  if (items.length === 0 || items.length > ACTIONS_MAX) {
    throw invalid(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${items.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${ACTIONS_MAX}`}`,
    );
  }
  return items.map((item) => {
    const kinds = KINDS.filter((kind) => item[kind] !== undefined);
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1) {
      throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    }
    return readAction(kind, item[kind] as ActionInput, store);
  });
}
