import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { TenantId } from '../domain/ids.ts';
import { type Period, parsePeriod } from '../domain/period.ts';
import { type Carry, emptyCarry, type SealHash } from '../domain/seal.ts';
import { type Closure, carryOf, closureOf } from './closure-item.ts';
import { queryItems } from './dynamo.ts';
import { DamagedItemError } from './item.ts';
import { CARRY_SORT_KEY, carryKey, closureKey, closurePartition, type Key } from './keys.ts';

/** Which months are closed or closing, and what they came to. Read here, written by `closing.ts`. */
export class Closures {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** A month's claim or seal; undefined while it is open. */
  async find(tenant: TenantId, period: Period): Promise<Closure | undefined> {
    const item = await this.#get(closureKey(tenant, period));
    return item && closureOf(tenant, period, item);
  }

  /** The hash of a closed month's seal as it stands there; whether it fits the seal is for others to check. */
  async sealHash(tenant: TenantId, period: Period): Promise<SealHash | undefined> {
    const closure = await this.find(tenant, period);
    return closure?.status === 'closed' ? closure.seal.hash : undefined;
  }

  /** What the tenant's sealed months come to. */
  async carry(tenant: TenantId): Promise<Carry> {
    const item = await this.#get(carryKey(tenant));
    return item ? carryOf(tenant, item) : emptyCarry(tenant);
  }

  /** Every month of a tenant that is closed or closing, in order of the calendar. */
  async *all(tenant: TenantId): AsyncGenerator<{ readonly period: Period; readonly closure: Closure }> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :tenant AND sk < :carry',
      ExpressionAttributeValues: { ':tenant': closurePartition(tenant), ':carry': CARRY_SORT_KEY },
      ConsistentRead: true,
    };
    for await (const item of queryItems(this.#client, query)) {
      const period = parsePeriod(String(item['sk']));
      if (period === undefined) throw new DamagedItemError(`The closure ${item['pk']} / ${item['sk']} is of no month.`);
      yield { period, closure: closureOf(tenant, period, item) };
    }
  }

  async #get(key: Key): Promise<Record<string, unknown> | undefined> {
    const get = new GetCommand({ TableName: this.#table, Key: key, ConsistentRead: true });
    return (await this.#client.send(get)).Item;
  }
}
