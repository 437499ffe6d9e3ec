import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { receivableOf, usageEntry } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { emptyHead, headAfter, type LaneHead, type LaneKey, nextPage } from '../../lambdas/domain/page.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { headKey, intakeKey, type Key } from '../../lambdas/storage/keys.ts';
import { Ledger, markerItem } from '../../lambdas/storage/ledger.ts';
import { verifiedLaneKey } from '../../lambdas/storage/operations-keys.ts';
import { pageItem } from '../../lambdas/storage/page-item.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { must, quantity } from './events.ts';
import type { RunningStack } from './stack.ts';

/**
 * Doubles every usage of a lane from one page on, as someone would who may write every table and knows all of the code: intake
 * records, markers, pages, the chain, the head, and the mark of what was verified all agree with each other afterwards.
 */
export async function rewriteTail(
  client: DynamoDBDocumentClient,
  stack: Pick<RunningStack, 'table'>,
  lane: LaneKey,
  fromSeq: number,
): Promise<LaneHead> {
  const ledger = new Ledger(client, stack.table('Ledger'));
  const intake = new UsageIntake(client, stack.table('UsageIntake'));
  const put = (label: string, item: Record<string, unknown>) =>
    client.send(new PutCommand({ TableName: stack.table(label), Item: item }));
  const change = async (label: string, key: Key, changes: Record<string, unknown>) => {
    const { Item } = await client.send(new GetCommand({ TableName: stack.table(label), Key: { ...key } }));
    if (Item !== undefined) await put(label, { ...Item, ...changes });
  };
  let head = emptyHead(lane);
  for await (const page of ledger.pages(lane, 1, Number.MAX_SAFE_INTEGER)) {
    if (page.seq < fromSeq) {
      head = headAfter(head, page);
      continue;
    }
    const charges = [];
    for (const entry of page.entries) {
      const { event } = must(await intake.find(lane.tenant, entry.eventId));
      const doubled = { ...event, quantity: quantity(event.quantity * 2n) };
      charges.push({ event: doubled, entry: usageEntry(doubled, amountMinor(receivableOf(entry) * 2n)) });
    }
    const rewritten = nextPage(
      head,
      charges.map(({ entry }) => entry),
      page.postedAt,
    );
    await put('Ledger', pageItem(rewritten));
    for (const [index, { event }] of charges.entries()) {
      const { seq, postedAt } = rewritten;
      const hash = payloadHash(event);
      await put('Ledger', markerItem({ ...lane, seq, index, payloadHash: hash, postedAt }, event.eventId));
      const key = intakeKey(lane.tenant, event.eventId);
      await change('UsageIntake', key, { quantity: event.quantity, payload_hash: hash });
    }
    head = headAfter(head, rewritten);
  }
  const changes = { chain: head.chain, totals: head.totals };
  await change('Balances', headKey(lane), changes);
  await change('Operations', verifiedLaneKey(lane), changes);
  return head;
}
