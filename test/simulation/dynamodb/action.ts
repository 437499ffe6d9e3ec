import type { CancellationReason, Put, TransactWriteItem, Update as UpdateInput } from '@aws-sdk/client-dynamodb';
import { refuseUnknown } from '../input.ts';
import { type Item, normalItem } from './attribute-value.ts';
import { holds } from './expressions/condition.ts';
import { Expressions } from './expressions/expressions.ts';
import { projected } from './expressions/projection.ts';
import type { Condition, Path, Update } from './expressions/syntax.ts';
import { touchedBy, updated } from './expressions/update.ts';
import { nameOf } from './expressions/values.ts';
import { checkIndexKeysFilled, checkIndexKeyTypes, placeOfItem, placeOfKey } from './keys.ts';
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
  /** Of what a Put puts. */
  readonly bytes: number;
  readonly update: Update | undefined;
  /** Whether the item that fails its condition is told. */
  readonly tellsItem: boolean;
}

export type Outcome =
  | {
      readonly holds: true;
      readonly before: Item | undefined;
      readonly after: Item | undefined;
      readonly bytes: number;
    }
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
  const place = item === undefined ? placeOfKey(input.Key) : placeOfItem(item);
  if (item !== undefined) checkIndexKeysFilled(item, table.definition);
  const bytes = item === undefined ? 0 : itemBytes(item);
  if (bytes > ITEM_BYTES_MAX) throw invalid('Item size has exceeded the maximum allowed size');
  const tellsItem = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  return { kind, table, place, expressions, condition, item, bytes, update, tellsItem };
}

/** What comes of an action on the table as it is. */
export function tried(action: Action): Outcome {
  const { table, place, expressions, condition, item } = action;
  const before = table.current(place);
  try {
    if (item !== undefined) checkIndexKeyTypes(item, table.definition);
    if (condition !== undefined && !holds(condition, { item: before, ...expressions.meanings })) {
      return { holds: false, reason: conditionReason(action.tellsItem ? before : undefined) };
    }
    const after = afterwards(action, before);
    const bytes = action.kind === 'Update' && after !== undefined ? itemBytes(after) : action.bytes;
    if (bytes > ITEM_BYTES_MAX) throw invalid('Item size to update has exceeded the maximum allowed size');
    return { holds: true, before, after, bytes };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationException') throw error;
    return { holds: false, reason: { Code: 'ValidationError', Message: error.message } };
  }
}

function conditionReason(item: Item | undefined): CancellationReason & { readonly Code: string } {
  const Message = 'The conditional request failed';
  return { Code: 'ConditionalCheckFailed', Message, ...(item && { Item: item }) };
}

function afterwards(
  { kind, table, place, item, update, expressions }: Action,
  before: Item | undefined,
): Item | undefined {
  if (kind === 'ConditionCheck') return before;
  if (kind !== 'Update') return item;
  const base = before ?? { pk: { S: place.partition }, sk: { S: place.sort } };
  if (update === undefined) return base;
  checkKeysStay(touchedBy(update), expressions);
  const after = updated(base, update, { item: base, ...expressions.meanings });
  checkIndexKeysFilled(after, table.definition);
  checkIndexKeyTypes(after, table.definition);
  return after;
}

/** What an item has at the places that an update touches. */
export function touchedPart(action: Action, item: Item | undefined): Item {
  const paths = action.update === undefined ? [] : touchedBy(action.update);
  return item === undefined ? {} : projected(item, paths, action.expressions.meanings.names);
}

function checkKeysStay(paths: readonly Path[], { meanings: { names } }: Expressions): void {
  for (const [first] of paths) {
    const name = nameOf(first as string, names);
    if (name !== 'pk' && name !== 'sk') continue;
    throw invalid(
      `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
    );
  }
}
