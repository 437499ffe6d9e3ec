import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../test/simulation/dynamodb/attribute-value.ts';
import { indexPlaceOf } from '../../test/simulation/dynamodb/index-cell.ts';
import { itemBytes } from '../../test/simulation/dynamodb/size.ts';
import type { Change, Read } from '../../test/simulation/dynamodb/store.ts';
import type { TableDefinition } from '../../test/simulation/dynamodb/table.ts';

/**
 * DynamoDB Developer Guide, "Capacity unit consumption for write operations" and "... for read operations": a write unit
 * is one write of up to 1 KB, a read unit one strong read of up to 4 KB or two eventual ones; sizes round up write by write
 * and read by read, and what is not there costs the smallest.
 */
const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;
const EVENTUAL = 0.5;
/** "TransactWriteItems ... two underlying writes of every item"; an index is written once, outside the transaction. */
const TRANSACTIONAL = 2;

const TRANSACTION = 'TransactWriteItemsCommand';

/** A write unit's worth for each kilobyte begun; one for nothing. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

export function readUnits({ bytes, isConsistent }: Pick<Read, 'bytes' | 'isConsistent'>): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (isConsistent ? 1 : EVENTUAL);
}

/** Of the item before and after the larger counts ("UpdateItem ... the larger of these"). */
export function changeUnits({ oldImage, newImage }: Pick<Change, 'oldImage' | 'newImage'>, command: string): number {
  const bytes = [oldImage, newImage].map((item) => (item === undefined ? 0 : itemBytes(item)));
  return writeUnits(Math.max(...bytes)) * factorOf(command);
}

/** A write to put an item into an index, one to take it out; none when its keys stay, for an index holds nothing else here. */
export function indexUnits(
  { oldImage, newImage }: Pick<Change, 'oldImage' | 'newImage'>,
  table: TableDefinition,
): number {
  const { index } = table;
  if (index === undefined) return 0;
  const [from, to] = [indexPlaceOf(oldImage, index), indexPlaceOf(newImage, index)];
  if (from?.partition === to?.partition && from?.order === to?.order) return 0;
  const names = ['pk', 'sk', index.partition, index.sort];
  const entry = (item: Item = {}) => Object.fromEntries(names.map((name) => [name, item[name]])) as Item;
  const of = (place: object | undefined, item: Item | undefined) => (place ? writeUnits(itemBytes(entry(item))) : 0);
  return of(from, oldImage) + of(to, newImage);
}

/** A write that changed nothing, or whose condition failed, is charged as well ("the same as if it had succeeded"). */
export function idleWriteUnits(item: Item | undefined, command: string): number {
  return writeUnits(item === undefined ? 0 : itemBytes(item)) * factorOf(command);
}

/** Refusals that cost what success would have: throttled and malformed calls cost nothing. */
export function isCharged(error: unknown): boolean {
  if (error instanceof TransactionCanceledException) {
    return (error.CancellationReasons ?? []).some(({ Code }) => Code === 'ConditionalCheckFailed');
  }
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

function factorOf(command: string): number {
  return command === TRANSACTION ? TRANSACTIONAL : 1;
}
