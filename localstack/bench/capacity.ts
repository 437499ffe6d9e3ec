import { plain } from '../../lambdas/storage/dynamo.ts';
import { PARTITION_KEY, SORT_KEY, TIME_INDEX_PARTITION_KEY, TIME_INDEX_SORT_KEY } from '../../lambdas/storage/keys.ts';
import { itemBytes } from '../../test/support/item-size.ts';

/** DynamoDB capacity of one call. */
export interface Units {
  readonly write: number;
  readonly read: number;
}

/** A write unit is one write of up to 1 KB, a read unit one strong read of up to 4 KB or two eventual ones. */
const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;
const TRANSACTIONAL = 2;
const EVENTUAL = 0.5;

/** The index is KEYS_ONLY: of an item it holds its own two keys and the table's. */
const INDEX_ATTRIBUTES = [TIME_INDEX_PARTITION_KEY, TIME_INDEX_SORT_KEY, PARTITION_KEY, SORT_KEY];

/** An item in DynamoDB's own JSON, as it is on the wire. */
type ItemJson = Parameters<typeof plain>[0];

interface Put {
  readonly Item: ItemJson;
}

interface Update {
  readonly Key: ItemJson;
  readonly UpdateExpression: string;
  readonly ExpressionAttributeValues: ItemJson;
}

interface Read {
  readonly ConsistentRead?: boolean;
}

/**
 * What a call consumes by the DynamoDB Developer Guide, "Capacity unit consumption for write operations" and "... for
 * read operations": sizes round up item by item, a transactional write counts twice, a new index item is a write of its
 * own size, a failed condition costs what success would have, a read of nothing costs one unit. For the operations that
 * ingest and consumer use; throws on any other, which then wants its rule added here.
 */
export function unitsOf(operation: string, input: unknown, output: unknown): Units {
  switch (operation) {
    case 'PutItem':
      return { write: putUnits((input as Put).Item), read: 0 };
    case 'TransactWriteItems': {
      const { TransactItems } = input as { TransactItems: readonly { Put?: Put; Update?: Update }[] };
      const write = TransactItems.reduce((total, item) => total + TRANSACTIONAL * transactUnits(item), 0);
      return { write, read: 0 };
    }
    case 'UpdateItem': {
      // A tenant's request count: its values are all that the item holds.
      const { Key, ExpressionAttributeValues } = input as Update;
      return { write: Math.ceil(wireBytes({ ...Key, ...ExpressionAttributeValues }) / WRITE_UNIT_BYTES), read: 0 };
    }
    case 'GetItem': {
      const { Item } = output as { Item?: ItemJson };
      return { write: 0, read: readUnits(input as Read, Item === undefined ? [] : [Item]) };
    }
    case 'Query':
      return { write: 0, read: readUnits(input as Read, (output as { Items?: readonly ItemJson[] }).Items ?? []) };
    default:
      throw new Error(`No rule here says what ${operation} consumes.`);
  }
}

function transactUnits({ Put, Update }: { Put?: Put; Update?: Update }): number {
  if (Put !== undefined) return putUnits(Put.Item);
  if (Update !== undefined) return Math.ceil(wireBytes(itemAfter(Update)) / WRITE_UNIT_BYTES);
  throw new Error('No rule here says what this part of a transaction consumes.');
}

function putUnits(item: ItemJson): number {
  const isIndexed = TIME_INDEX_PARTITION_KEY in item;
  const indexItem = Object.fromEntries(INDEX_ATTRIBUTES.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
  const index = isIndexed ? Math.ceil(wireBytes(indexItem) / WRITE_UNIT_BYTES) : 0;
  return Math.ceil(wireBytes(item) / WRITE_UNIT_BYTES) + index;
}

/** An update is charged for the larger of the item before and after; ours sets every attribute the item has. */
function itemAfter({ Key, UpdateExpression, ExpressionAttributeValues }: Update): ItemJson {
  const assignments = UpdateExpression.replace(/^SET /, '').split(',');
  const attributes = assignments.map((assignment): [string, ItemJson[string]] => {
    const [name = '', placeholder = ''] = assignment.split('=').map((part) => part.trim());
    const value = ExpressionAttributeValues[placeholder];
    if (value === undefined) throw new Error(`No rule here says how large an item is after ${UpdateExpression}.`);
    return [name, value];
  });
  return { ...Key, ...Object.fromEntries(attributes) };
}

function readUnits({ ConsistentRead }: Read, items: readonly ItemJson[]): number {
  const bytes = items.reduce((total, item) => total + wireBytes(item), 0);
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (ConsistentRead === true ? 1 : EVENTUAL);
}

function wireBytes(item: ItemJson): number {
  return itemBytes(plain(item));
}
