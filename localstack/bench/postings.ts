import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { engineClient, scan } from '../../test/support/audit.ts';
import type { RunningStack } from '../../test/support/stack.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { benchTenants } from './load-driver.ts';

/** A backlog at full load drains in far less; longer means that something is stuck. */
const DRAIN_TIMEOUT_MS = 120_000;

/** What the ledger holds, read from the engine past the product. */
export class Postings {
  readonly #client: DynamoDBDocumentClient;
  readonly #stack: RunningStack;

  constructor(stack: RunningStack) {
    this.#client = engineClient(stack);
    this.#stack = stack;
  }

  /** Waits until the benchmark's tenants have so many entries in all. Throws when it takes too long. */
  async reach(entries: number): Promise<void> {
    await waitFor(`${entries} entries`, async () => (await this.#count()) >= entries, DRAIN_TIMEOUT_MS);
  }

  /**
   * When each event was posted, as `posted_at` of its page says, in milliseconds since 1970; by `tenant eventId`. The
   * consumer takes that time as it sends the transaction, so the commit comes one transaction later.
   */
  async postedAtMs(): Promise<Map<string, number>> {
    const postedAt = new Map<string, number>();
    for (const { pk, posted_at: at, entries } of await scan(this.#client, this.#stack.table('Ledger'))) {
      if (!pk.startsWith('J#')) continue;
      const tenant = pk.split('#')[1] ?? '';
      for (const { event_id: eventId } of entries as { event_id: string }[]) {
        postedAt.set(`${tenant} ${eventId}`, Date.parse(String(at)));
      }
    }
    return postedAt;
  }

  close(): void {
    this.#client.destroy();
  }

  async #count(): Promise<number> {
    const counts = await Promise.all(benchTenants.map((tenant) => this.#countOf(tenant)));
    return counts.reduce((total, count) => total + count, 0);
  }

  async #countOf(tenant: string): Promise<number> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#stack.table('Balances'),
        KeyConditionExpression: 'pk = :heads',
        ExpressionAttributeValues: { ':heads': `H#${tenant}` },
        ProjectionExpression: 'entry_count',
        ConsistentRead: true,
      }),
    );
    return Items.reduce((total, item) => total + Number(item['entry_count'] ?? 0), 0);
  }
}
