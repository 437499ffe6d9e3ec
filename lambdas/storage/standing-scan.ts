import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { zeroTotals } from '../domain/journal.ts';
import type { Period } from '../domain/period.ts';
import { addStanding, type Standing, storedHead } from './balances.ts';
import { HEAD_PREFIX } from './keys.ts';

/** Parts of the table read side by side: each is bound by one partition's megabytes a second. */
const SEGMENTS = 8;

/** What the postings of all tenants come to, from every lane's head. */
export class StandingScan {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * The sum over every tenant, of one month or of all. Each head is current and nets to zero by itself, so the sum does;
   * together they are no snapshot. Undefined when `isLate` before all are read.
   */
  async sum(period: Period | undefined, isLate: () => boolean): Promise<Standing | undefined> {
    const segments = Array.from({ length: SEGMENTS }, (_, segment) => this.#segment(segment, period, isLate));
    const sums = await Promise.all(segments);
    let total = nothing;
    for (const sum of sums) {
      if (sum === undefined) return undefined;
      total = addStanding(total, sum);
    }
    return total;
  }

  async #segment(segment: number, period: Period | undefined, isLate: () => boolean): Promise<Standing | undefined> {
    let sum = nothing;
    let cursor: Record<string, unknown> | undefined;
    do {
      if (isLate()) return undefined;
      const scan = new ScanCommand({
        TableName: this.#table,
        ...{ Segment: segment, TotalSegments: SEGMENTS, ConsistentRead: true, ExclusiveStartKey: cursor },
        FilterExpression: period ? 'begins_with(pk, :heads) AND begins_with(sk, :month)' : 'begins_with(pk, :heads)',
        ExpressionAttributeValues: { ':heads': HEAD_PREFIX, ...(period && { ':month': `${period}#` }) },
      });
      const { Items = [], LastEvaluatedKey } = await this.#client.send(scan);
      sum = Items.map(storedHead).reduce<Standing>(addStanding, sum);
      cursor = LastEvaluatedKey;
    } while (cursor !== undefined);
    return sum;
  }
}

const nothing: Standing = { totals: zeroTotals, entryCount: 0 };
