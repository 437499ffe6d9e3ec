import type { CreateTableCommandInput, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { ResourceInUseException } from '@aws-sdk/client-dynamodb';
import type { Store } from './store.ts';

/** CreateTable, for tables like the system's; such a table is there at once. */
export function createTable(input: CreateTableCommandInput, store: Store): object {
  const { TableName = '', KeySchema, GlobalSecondaryIndexes: [index, ...more] = [] } = input;
  const [partition, sort] = keyNames(KeySchema);
  if (partition !== 'pk' || sort !== 'sk' || more.length > 0) throw new TypeError('Such a table is not simulated.');
  if (store.has(TableName)) {
    throw new ResourceInUseException({ message: `Table already exists: ${TableName}`, $metadata: {} });
  }
  if (index === undefined) store.define({ name: TableName });
  else {
    const [indexPartition = '', indexSort = ''] = keyNames(index.KeySchema);
    if (index.Projection?.ProjectionType !== 'KEYS_ONLY') throw new TypeError('Such an index is not simulated.');
    store.define({
      name: TableName,
      index: { name: index.IndexName ?? '', partition: indexPartition, sort: indexSort },
    });
  }
  return { TableDescription: { TableName, TableStatus: 'ACTIVE' } };
}

export function describeTable({ TableName }: { readonly TableName?: string }, store: Store): object {
  return { Table: { TableName: store.table(TableName).name, TableStatus: 'ACTIVE' } };
}

function keyNames(schema: readonly KeySchemaElement[] = []): (string | undefined)[] {
  return ['HASH', 'RANGE'].map((type) => schema.find(({ KeyType }) => KeyType === type)?.AttributeName);
}
