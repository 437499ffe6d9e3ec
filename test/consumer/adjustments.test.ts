import { describe, expect, it } from 'vitest';
import { adjustmentHash } from '../../lambdas/domain/adjustment-event.ts';
import { ADJUSTMENT_LANE } from '../../lambdas/domain/lane.ts';
import { refusalReasons } from '../../lambdas/domain/refusal.ts';
import { encodeAdjustmentMessage } from '../../lambdas/storage/adjustment-message.ts';
import { ConsumerWorld } from '../support/consumer-world.ts';
import { messageOf, type TestMessage } from '../support/deliveries.ts';
import {
  adjustmentAmount,
  adjustmentEvent,
  alpha,
  instant,
  laneKey,
  NOW,
  period,
  usageEvent,
} from '../support/events.ts';
import { type CommitFault, noFaults } from '../support/fault-script.ts';
import { QUEUES } from '../support/sqs-records.ts';

const own = laneKey({ lane: ADJUSTMENT_LANE });

function adjustmentMessage(id: string, ...events: ReturnType<typeof adjustmentEvent>[]): TestMessage {
  const { MessageBody, MessageGroupId } = encodeAdjustmentMessage({ tenant: alpha, events });
  return { id, group: MessageGroupId, body: MessageBody, receiveCount: 1, events: [], queueArn: QUEUES.adjustmentArn };
}

const posted = (world: ConsumerWorld) =>
  world.ledger.allPages().flatMap((page) => {
    return page.entries.map(({ eventId, kind }) => `${page.period}/${page.lane} ${eventId} ${kind}`);
  });

describe('an adjustment', () => {
  it('posts into its own lane, in the order it came, without a price', async () => {
    const world = new ConsumerWorld(1, []);
    const events = ['a', 'b', 'c'].map((key) => adjustmentEvent(key));
    const [first, ...others] = events.map((event, index) => adjustmentMessage(`m${index}`, event));
    expect(await world.deliver(first === undefined ? [] : [first, ...others])).toEqual([]);
    expect(posted(world)).toEqual(['a', 'b', 'c'].map((key) => `2026-03/16 adj:${key} adjustment`));
    expect((await world.ledger.head(own)).totals).toEqual({ receivable: -750n, revenue: 0n, adjustments: 750n });
  });

  it.each<[CommitFault[], string]>([
    [[], '2026-05'],
    [['closed_before'], '2026-06'],
    [['answer_lost'], '2026-05'],
  ])(
    'rolls forward past closed months of its lane, also when the gate shuts at the last moment (%j)',
    async (commits, month) => {
      const world = new ConsumerWorld();
      for (const each of ['2026-03', '2026-04']) world.ledger.close({ ...own, period: period(each) }, NOW);
      await world.deliver([adjustmentMessage('m', adjustmentEvent('k'))], { ...noFaults, commits });
      expect(posted(world)).toEqual([`${month}/16 adj:k adjustment`]);
    },
  );

  it('is charged once however often it comes, and another payload under its id is refused', async () => {
    const world = new ConsumerWorld();
    const event = adjustmentEvent('k');
    const other = adjustmentEvent('k', { amountMinor: adjustmentAmount(9n) });
    const later = adjustmentEvent('k', { receivedAt: instant('2026-04-01T00:00:00Z') });
    const batch = [adjustmentMessage('a', event), adjustmentMessage('b', other, event), adjustmentMessage('c', later)];
    expect(await world.deliver(batch)).toEqual([]);
    expect(await world.deliver(batch)).toEqual([]);
    expect(posted(world)).toEqual(['2026-03/16 adj:k adjustment']);
    expect([...world.ledger.refusals.values()]).toEqual([
      expect.objectContaining({ reason: refusalReasons.conflict, payloadHash: adjustmentHash(other) }),
    ]);
  });
});

describe('the kind of a message', () => {
  it('is that of its queue: on the other one it is unreadable, and nothing is posted', async () => {
    const world = new ConsumerWorld();
    const credit = adjustmentMessage('credit', adjustmentEvent('k'));
    const usage = messageOf('usage', [usageEvent('k')]);
    const swapped = [
      { ...credit, queueArn: QUEUES.usageArn },
      { ...usage, queueArn: QUEUES.adjustmentArn },
    ];
    expect(await world.deliver(swapped)).toEqual([]);
    expect(posted(world)).toEqual([]);
    expect([...world.ledger.unreadable.keys()].sort()).toEqual(['credit', 'usage']);
  });

  it('is not guessed when the queue is neither', async () => {
    const world = new ConsumerWorld();
    const message = { ...messageOf('m', [usageEvent('k')]), queueArn: 'arn:aws:sqs:us-east-1:000000000000:other.fifo' };
    await expect(world.deliver([message])).rejects.toThrow(/other\.fifo/);
    expect(posted(world)).toEqual([]);
  });

  it('keeps groups of one name on two queues apart', async () => {
    const world = new ConsumerWorld();
    const credit = { ...adjustmentMessage('credit', adjustmentEvent('k')), group: 'same' };
    const usage = { ...messageOf('usage', [usageEvent('k')]), group: 'same' };
    const strikes = (page: { lane: number }) => page.lane !== ADJUSTMENT_LANE;
    const commits = new Array<CommitFault>(5_000).fill('throttled');
    expect(await world.deliver([usage, credit], { ...noFaults, commits }, { strikes, invocationMs: 200 })).toEqual([
      'usage',
    ]);
    expect(posted(world)).toEqual(['2026-03/16 adj:k adjustment']);
  });
});
