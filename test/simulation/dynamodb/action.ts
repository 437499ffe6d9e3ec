import type { CancellationReason, Put, TransactWriteItem, Update as UpdateInput } from '@aws-sdk/client-dynamodb';
import { refuseUnknown } from '../input.ts';
import { type Item, normalItem } from './attribute-value.ts';
import { holds } from './expressions/condition.ts';
import { Expressions } from './expressions/expressions.ts';
import { projected } from './expressions/projection.ts';
import type { Condition, Path, Update } from './expressions/syntax.ts';
import { touchedBy, updated } from './expressions/update.ts';
import { nameOf } from './expressions/values.ts';
import { checkIndexKeys, placeOfItem, placeOfKey } from './keys.ts';
import { invalid } from './refusals.ts';
import { ITEM_BYTES_MAX, itemBytes } from './size.ts';
import type { Store } from './store.ts';
import type { Place, Table } from './table.ts';

export type ActionKind = keyof TransactWriteItem & ('Put' | 'Update' | 'Delete' | 'ConditionCheck');

/** What the four have in common. */
export type ActionInput = Omit<UpdateInput, 'UpdateExpression' | 'Key'> &
  Partial<Pick<UpdateInput, 'UpdateExpression' | 'Key'> & Pick<Put, 'Item'>>;

/** A write of one item, or a check of one, read and found well formed. */
export interface Action {
  readonly kind: ActionKind;
  readonly table: Table;
  readonly place: Place;
  readonly expressions: Expressions;
  readonly condition: Condition | undefined;
  /** What a Put puts. */
  readonly item: Item | undefined;
  readonly update: Update | undefined;
  /** Whether the item that fails its condition is told. */
  readonly tellsItem: boolean;
}

export type Outcome =
  | { readonly holds: true; readonly before: Item | undefined; readonly after: Item | undefined }
  | { readonly holds: false; readonly reason: CancellationReason & { readonly Code: string } };

const FIELDS = new Set([
  ...['TableName', 'Key', 'Item', 'UpdateExpression', 'ConditionExpression', 'ExpressionAttributeNames'],
  ...['ExpressionAttributeValues', 'ReturnValuesOnConditionCheckFailure', 'ReturnValues'],
]);

/** Throws a ValidationException for what DynamoDB refuses whatever is in the table. */
export function readAction(kind: ActionKind, input: ActionInput, store: Store): Action {
  refuseUnknown(kind, input, FIELDS);
  const table = store.table(input.TableName);
  const expressions = new Expressions(input);
  const { ConditionExpression, UpdateExpression } = input;
  const condition =
    ConditionExpression === undefined ? undefined : expressions.condition('ConditionExpression', ConditionExpression);
  const update = UpdateExpression === undefined ? undefined : expressions.update(UpdateExpression);
  expressions.checkAllUsed();
  const item = kind === 'Put' ? normalItem(input.Item ?? {}) : undefined;
  const place = item === undefined ? placeOfKey(input.Key) : placeOfItem(item, table.definition);
  if (item !== undefined) checkSize(item, 'Item size has exceeded the maximum allowed size');
  if (update !== undefined) checkKeysStay(touchedBy(update), expressions);
  const tellsItem = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  return { kind, table, place, expressions, condition, item, update, tellsItem };
}

/** What comes of an action on the table as it is. */
export function tried(action: Action): Outcome {
  const { kind, table, place, expressions, condition, update } = action;
  const before = table.current(place);
  const scope = { item: before, names: expressions.names, values: expressions.values };
  if (condition !== undefined && !holds(condition, scope)) {
    const Item = action.tellsItem ? before : undefined;
    const Message = 'The conditional request failed';
    return { holds: false, reason: { Code: 'ConditionalCheckFailed', Message, ...(Item && { Item }) } };
  }
  if (kind !== 'Update') return { holds: true, before, after: kind === 'ConditionCheck' ? before : action.item };
  const base = before ?? { pk: { S: place.partition }, sk: { S: place.sort } };
  try {
    const after = update === undefined ? base : updated(base, update, scope);
    checkIndexKeys(after, table.definition);
    checkSize(after, 'Item size to update has exceeded the maximum allowed size');
    return { holds: true, before, after };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationException') throw error;
    return { holds: false, reason: { Code: 'ValidationError', Message: error.message } };
  }
}

/** What an item has at the places that an update touches. */
export function touchedPart(action: Action, item: Item | undefined): Item {
  const paths = action.update === undefined ? [] : touchedBy(action.update);
  return item === undefined ? {} : projected(item, paths, action.expressions.names);
}

function checkSize(item: Item, message: string): void {
  if (itemBytes(item) > ITEM_BYTES_MAX) throw invalid(message);
}

function checkKeysStay(paths: readonly Path[], { names }: Expressions): void {
  for (const [first] of paths) {
    const name = nameOf(first as string, names);
    if (name !== 'pk' && name !== 'sk') continue;
    throw invalid(
      `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
    );
  }
}
