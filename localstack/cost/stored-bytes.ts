import type { Item } from '../../test/simulation/dynamodb/attribute-value.ts';
import { indexPlaceOf } from '../../test/simulation/dynamodb/index-cell.ts';
import { itemBytes } from '../../test/simulation/dynamodb/size.ts';
import type { TableDefinition } from '../../test/simulation/dynamodb/table.ts';
import { BUCKET, tables } from '../../test/simulation/lambda/resources.ts';
import type { SimulatedZerosum } from '../../test/simulation/zerosum.ts';

/** DynamoDB pricing: "100 bytes of overhead" for each item, and again for each of its entries in an index. */
const OVERHEAD_BYTES = 100;

/** What lies in each table, its index included, by the table's name, and in the bucket as `anchors`. */
export function storedBytes({ dynamodb, s3 }: SimulatedZerosum): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  for (const definition of tables) {
    let sum = 0;
    for (const item of dynamodb.items(definition.name))
      sum += itemBytes(item) + OVERHEAD_BYTES + indexBytes(item, definition);
    bytes.set(definition.name, sum);
  }
  bytes.set(
    BUCKET,
    s3.objects(BUCKET).reduce((sum, { bytes: content }) => sum + content.length, 0),
  );
  return bytes;
}

function indexBytes(item: Item, { index }: TableDefinition): number {
  if (index === undefined || indexPlaceOf(item, index) === undefined) return 0;
  const names = ['pk', 'sk', index.partition, index.sort];
  return itemBytes(Object.fromEntries(names.map((name) => [name, item[name]])) as Item) + OVERHEAD_BYTES;
}
