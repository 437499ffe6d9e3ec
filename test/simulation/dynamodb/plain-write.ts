import type { Call } from '../service.ts';
import { type ActionInput, type ActionKind, readAction, touchedPart, tried } from './action.ts';
import type { Holds } from './holds.ts';
import { conditionFailed, invalid, itemInTransaction } from './refusals.ts';
import type { Store } from './store.ts';

/** PutItem, UpdateItem or DeleteItem: refused while a transaction has the item ("Transaction conflict handling in DynamoDB"). */
export function plainWrite(kind: ActionKind, call: Call, store: Store, holds: Holds): () => object {
  const input = call.input as ActionInput & { readonly ReturnValues?: string };
  const action = readAction(kind, input, store);
  const { ReturnValues = 'NONE' } = input;
  if (kind !== 'Update' && ReturnValues !== 'NONE' && ReturnValues !== 'ALL_OLD') {
    throw invalid('Return values set to invalid value');
  }
  if (holds.isInTransaction(action)) throw itemInTransaction();
  const release = holds.holdPlainWrite(action);
  return () => {
    release();
    const outcome = tried(action);
    if (!outcome.holds) {
      if (outcome.reason.Code === 'ConditionalCheckFailed') throw conditionFailed(outcome.reason.Item);
      throw invalid(outcome.reason.Message ?? '');
    }
    const { before, after } = outcome;
    const by = { caller: call.caller, command: call.command.replace(/Command$/, ''), action: kind };
    store.write(action.table, action.place, after, by);
    switch (ReturnValues) {
      case 'ALL_OLD':
        return before === undefined ? {} : { Attributes: before };
      case 'ALL_NEW':
        return { Attributes: after };
      case 'UPDATED_OLD':
        return attributes(touchedPart(action, before));
      case 'UPDATED_NEW':
        return attributes(touchedPart(action, after));
      default:
        return {};
    }
  };
}

/** An answer has no field for nothing. */
function attributes(part: object): object {
  return Object.keys(part).length === 0 ? {} : { Attributes: part };
}
