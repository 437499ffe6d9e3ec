import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { inDocumentForm } from '../document-form.ts';
import type { Item } from '../model/books.ts';
import { clientOf } from '../seam.ts';
import type { Service } from '../service.ts';

export type TableName = 'UsageIntake' | 'AdjustmentIntake' | 'Ledger' | 'Balances' | 'Config';

/** An item that somebody changed or removed. */
export interface Touched {
  readonly table: TableName;
  readonly pk: string;
  readonly sk: string;
}

/** Somebody who has the keys to all tables, past every function; and who can make good what was done. */
export class Intruder {
  readonly client: DynamoDBDocumentClient;
  /** What was there and is not what it was. */
  readonly touched: Touched[] = [];
  readonly #before: { readonly place: Touched; readonly item: Item | undefined }[] = [];

  constructor(dynamodb: Service) {
    this.client = clientOf<DynamoDBDocumentClient>(
      inDocumentForm(async (command, input) => dynamodb.arrive({ command, input, caller: 'intruder' })()),
    );
  }

  /** Puts an item, over what is there if there is something. */
  async put(table: TableName, item: Item): Promise<void> {
    await this.#remember(table, item);
    await this.client.send(new PutCommand({ TableName: table, Item: { ...item } }));
  }

  async remove(table: TableName, item: Item): Promise<void> {
    await this.#remember(table, item);
    await this.client.send(new DeleteCommand({ TableName: table, Key: { pk: item['pk'], sk: item['sk'] } }));
  }

  /** Puts everything back as it was found. */
  async makeGood(): Promise<void> {
    for (const { place, item } of this.#before.splice(0).reverse()) {
      const { table, pk, sk } = place;
      if (item !== undefined) await this.client.send(new PutCommand({ TableName: table, Item: { ...item } }));
      else await this.client.send(new DeleteCommand({ TableName: table, Key: { pk, sk } }));
    }
    this.touched.length = 0;
  }

  async #remember(table: TableName, { pk, sk }: Item): Promise<void> {
    const { Item } = await this.client.send(
      new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }),
    );
    const place = { table, pk: String(pk), sk: String(sk) };
    this.#before.push({ place, item: Item });
    if (Item !== undefined) this.touched.push(place);
  }
}
