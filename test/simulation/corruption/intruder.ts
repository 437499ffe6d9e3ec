import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { inDocumentForm } from '../document-form.ts';
import type { Item } from '../model/books.ts';
import { clientOf } from '../seam.ts';
import type { Service } from '../service.ts';

export type TableName = 'UsageIntake' | 'AdjustmentIntake' | 'Ledger' | 'Balances' | 'Operations';

type Stored = Record<string, AttributeValue>;

/** An item that was there, and is changed or removed. */
export interface Touched {
  readonly table: string;
  readonly pk: string;
  readonly sk: string;
}

/** Somebody who has the keys to all tables, past every function; and who can make good what was done. */
export class Intruder {
  readonly client: DynamoDBDocumentClient;
  readonly touched: Touched[] = [];
  readonly #dynamodb: Service;
  readonly #before: { readonly table: string; readonly Key: Stored; readonly item: Stored | undefined }[] = [];

  constructor(dynamodb: Service) {
    this.#dynamodb = dynamodb;
    this.client = clientOf<DynamoDBDocumentClient>(
      inDocumentForm(async (command, input) => {
        if (command === 'PutItemCommand' || command === 'DeleteItemCommand') this.#remember(input as WriteInput);
        return this.#call(command, input);
      }),
    );
  }

  /** Puts an item, over what is there if there is something. */
  async put(table: TableName, item: Item): Promise<void> {
    await this.client.send(new PutCommand({ TableName: table, Item: { ...item } }));
  }

  async remove(table: TableName, { pk, sk }: Item): Promise<void> {
    await this.client.send(new DeleteCommand({ TableName: table, Key: { pk, sk } }));
  }

  /** Puts everything back as it was found. */
  makeGood(): void {
    for (const { table: TableName, Key, item: Item } of this.#before.splice(0).reverse()) {
      if (Item !== undefined) this.#call('PutItemCommand', { TableName, Item });
      else this.#call('DeleteItemCommand', { TableName, Key });
    }
    this.touched.length = 0;
  }

  #remember({ TableName: table, Item, Key = keyOf(Item) }: WriteInput): void {
    const found = this.#call('GetItemCommand', { TableName: table, Key, ConsistentRead: true });
    const { Item: item } = found as { readonly Item?: Stored };
    this.#before.push({ table, Key, item });
    if (item !== undefined) this.touched.push({ table, pk: Key['pk']?.S ?? '', sk: Key['sk']?.S ?? '' });
  }

  #call(command: string, input: object): object {
    return this.#dynamodb.arrive({ command, input, caller: 'intruder' })();
  }
}

interface WriteInput {
  readonly TableName: string;
  readonly Item?: Stored;
  readonly Key?: Stored;
}

function keyOf({ pk, sk }: Stored = {}): Stored {
  return { ...(pk && { pk }), ...(sk && { sk }) };
}
