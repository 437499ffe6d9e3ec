import { describe, expect, it } from 'vitest';
import { usageLane } from '../../lambdas/domain/lane.ts';
import { emptyHead, nextPage } from '../../lambdas/domain/page.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { ConsumerWorld } from '../support/consumer-world.ts';
import { MAX_RECEIVES, messageOf, type TestMessage } from '../support/deliveries.ts';
import { beta, entry, laneKey, NOW, usageEvent } from '../support/events.ts';
import { type CommitFault, noFaults } from '../support/fault-script.ts';

const lost = { ...noFaults, commits: new Array<CommitFault>(5_000).fill('lost_before_commit') };
const own = { ...laneKey(), lane: usageLane([usageEvent('k').eventId]) };

function fail(world: ConsumerWorld, ...messages: TestMessage[]): Promise<string[]> {
  return world.deliver(messages, lost, { invocationMs: 200 });
}

describe('what a passing fault gives back', () => {
  it('comes again after seconds, the whole group at the same time, each time later', async () => {
    const world = new ConsumerWorld();
    const group = ['a', 'b', 'c'].map((id) => messageOf(id, [usageEvent('k'), usageEvent(id)]));
    const together = group.map((message) => ({ ...message, group: 'tenant_alpha#3' }));
    const least = [2, 8, 32, 128];
    for (const [index, seconds] of least.entries()) {
      await fail(world, ...together.map((message) => ({ ...message, receiveCount: index + 1 })));
      const [wait, ...others] = world.returned.waits.splice(0);
      expect(others).toEqual([]);
      expect(wait).toMatchObject({ queue: 'usage', messageIds: ['a', 'b', 'c'] });
      expect(wait?.seconds).toBeGreaterThanOrEqual(seconds);
      expect(wait?.seconds).toBeLessThan(2 * seconds);
    }
  });

  it('does not block its group once it has had its last delivery', async () => {
    const world = new ConsumerWorld();
    await fail(world, messageOf('m', [usageEvent('k')], MAX_RECEIVES));
    expect(world.returned.waits).toEqual([{ queue: 'usage', messageIds: ['m'], seconds: 0 }]);
  });

  it('is each group by itself, and nothing that is done', async () => {
    const world = new ConsumerWorld();
    const messages = [messageOf('a', [usageEvent('k')]), messageOf('b', [usageEvent('k', { tenant: beta })])];
    await world.deliver(messages, lost, { invocationMs: 200, strikes: (page) => page.tenant === beta });
    expect(world.returned.waits.map(({ messageIds }) => messageIds)).toEqual([['b']]);
    expect(await world.deliver(messages)).toEqual([]);
    expect(world.returned.waits).toHaveLength(1);
  });

  it('is given back all the same when the queue does not take the wait', async () => {
    const world = new ConsumerWorld();
    world.returned.isDown = true;
    expect(await fail(world, messageOf('m', [usageEvent('k')]))).toEqual(['m']);
    expect(world.telemetry.warnings).toHaveLength(1);
  });

  it('is no halted lane: that one waits for a person', async () => {
    const world = new ConsumerWorld();
    const head = await world.ledger.head(own);
    await world.ledger.commit(head, nextPage(head, [entry('first')], NOW), [payloadHash(usageEvent('first'))]);
    world.ledger.rollBack(emptyHead(own));
    expect(await world.deliver([messageOf('m', [usageEvent('k')])])).toEqual(['m']);
    expect(world.returned.waits).toEqual([]);
  });
});
