import { describe, expect, it } from 'vitest';
import type { ConsumerPorts } from '../../lambdas/consumer/ports.ts';
import { postBatch } from '../../lambdas/consumer/post-batch.ts';
import type { TenantId } from '../../lambdas/domain/ids.ts';
import type { LaneHead } from '../../lambdas/domain/page.ts';
import { encodeAdjustmentMessage } from '../../lambdas/storage/adjustment-message.ts';
import { CloseWorld } from '../support/close-world.ts';
import { MAX_RECEIVES, messageOf, recordOf } from '../support/deliveries.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import { adjustmentEvent, must, period, priceBook, usageEvent } from '../support/events.ts';
import { ReceiverLog } from '../support/receiver-log.ts';
import { QUEUES, sqsRecord } from '../support/sqs-records.ts';
import { verifyLane } from '../support/verify-lane.ts';

const [march, april, may] = ['2026-03', '2026-04', '2026-05'].map(period);
const INVOCATION_MS = 20_000;

describe.skipIf(!dynoxide.available)('the consumer, while months are closed under it', () => {
  const dynamodb = useDynamodb(dynoxide);

  /** One batch of usage in many lanes and one adjustment, and what is done when the first page is rated and not committed. */
  async function deliver(world: CloseWorld, tenant: TenantId, round: number, beforeFirstCommit: () => Promise<void>) {
    const { balances, posting, ledger } = world.tables;
    let first: Promise<void> | undefined;
    const ports: ConsumerPorts = {
      balances,
      ledger,
      posting: {
        commit: async (...page) => {
          first ??= beforeFirstCommit();
          await first;
          return posting.commit(...page);
        },
      },
      prices: { priceBooks: async () => [priceBook()], priceBooksNow: async () => [priceBook()] },
      receivers: new ReceiverLog().receivers,
      clock: world.clock,
      telemetry: world.telemetry,
    };
    const events = Array.from({ length: 9 }, (_, index) => usageEvent(`r${round}-${index}`, { tenant }));
    const records = events.map((event) => recordOf(messageOf(event.eventId, [event])));
    const adjustment = adjustmentEvent(`r${round}`, { tenant });
    const { MessageBody, MessageGroupId } = encodeAdjustmentMessage({ tenant, events: [adjustment] });
    records.push(sqsRecord('adjustment', MessageBody, MessageGroupId, 1, QUEUES.adjustmentArn));
    const limits = { deadlineMs: world.clock.nowMs() + INVOCATION_MS, maxReceiveCount: MAX_RECEIVES };
    const { batchItemFailures } = await postBatch(records, ports, { ...limits, queues: QUEUES });
    expect(batchItemFailures).toEqual([]);
    const places = [...events, adjustment].map(
      async ({ eventId }) => must(await ledger.marker(tenant, eventId)).period,
    );
    return Promise.all(places);
  }

  it('moves all of a batch on when the gates shut between rating and commit, over as many months as it takes', async () => {
    const world = new CloseWorld(dynamodb, 'shutting');
    const { tenant } = world.tables.freshLane();
    expect(await deliver(world, tenant, 1, async () => undefined)).toEqual(new Array(10).fill(march));
    const twoCloses = async () => {
      await world.close(tenant, must(march));
      await world.close(tenant, must(april));
    };
    expect(await deliver(world, tenant, 2, twoCloses)).toEqual(new Array(10).fill(may));
    expect(await deliver(world, tenant, 3, async () => undefined)).toEqual(new Array(10).fill(may));
    await expectSealsToHold(world, tenant);
    const { totals, entryCount } = await world.tables.balances.standing(tenant);
    expect([totals, entryCount]).toEqual([{ receivable: 27n - 750n, revenue: -27n, adjustments: 750n }, 30]);
  });

  it('posts everything once, to one side of the gate or the other, when both go on at the same time', async () => {
    const world = new CloseWorld(dynamodb, 'racing');
    for (let round = 1; round <= 6; round += 1) {
      const { tenant } = world.tables.freshLane();
      let closing: Promise<void> | undefined;
      const atOnce = async () => {
        closing = world.close(tenant, must(march));
      };
      const places = await deliver(world, tenant, round, atOnce);
      await closing;
      expect(new Set([march, april, ...places]).size).toBe(2);
      await expectSealsToHold(world, tenant);
      expect((await world.tables.balances.standing(tenant)).entryCount).toBe(10);
    }
  });

  /** That no closed month has changed since it was sealed, and every lane is whole. */
  async function expectSealsToHold(world: CloseWorld, tenant: TenantId) {
    const heads = await world.tables.balances.heads(tenant);
    for (const head of heads) expect(verifyLane(await pagesOf(world, head), head)).toEqual([]);
    for await (const { period: month, closure } of world.closures.all(tenant)) {
      if (closure.status !== 'closed') throw new Error(`${month} is not closed.`);
      for (const sealed of closure.seal.lanes) {
        const now = heads.find(({ lane, period: of }) => lane === sealed.lane && of === month);
        expect(now).toMatchObject({ ...sealed });
      }
    }
  }

  async function pagesOf(world: CloseWorld, head: LaneHead) {
    const pages = [];
    for await (const page of world.tables.ledger.pages(head, 1, head.nextSeq - 1)) pages.push(page);
    return pages;
  }
});
