import { expect, it } from 'vitest';
import type { ConsumerPorts } from '../../lambdas/consumer/ports.ts';
import { postBatch } from '../../lambdas/consumer/post-batch.ts';
import type { JournalPage } from '../../lambdas/domain/page.ts';
import { refusalReasons } from '../../lambdas/domain/refusal.ts';
import type { CommitOutcome } from '../../lambdas/storage/posting.ts';
import { ConsumerWorld } from '../support/consumer-world.ts';
import { MAX_RECEIVES, messageOf, recordOf } from '../support/deliveries.ts';
import { alpha, usageEvent } from '../support/events.ts';
import { faultyPorts, noFaults } from '../support/fault-script.ts';
import { QUEUES } from '../support/sqs-records.ts';

const events = ['a', 'b', 'bad', 'c', 'd'].map((key) => usageEvent(key));
const bad = usageEvent('bad');

/** DynamoDB finds fault with the bad event's marker, or with any page it is on. */
const verdicts: Record<string, (indexOfBad: number) => CommitOutcome> = {
  'its marker': (index) => ({
    status: 'cancelled',
    taken: new Map(),
    head: undefined,
    pageExists: false,
    invalid: [index],
  }),
  'its page': () => ({ status: 'cancelled', taken: new Map(), head: undefined, pageExists: false, invalid: [-1] }),
  'the whole request': () => ({ status: 'invalid', detail: 'One or more parameter values were invalid' }),
};

it.each(Object.entries(verdicts))(
  'an event of which %s is invalid is refused alone; the others are posted',
  async (_, verdict) => {
    const world = new ConsumerWorld();
    const { clock, telemetry, ledger } = world;
    const commit: ConsumerPorts['posting']['commit'] = async (head, page, hashes) => {
      const index = indexOfBad(page);
      return index < 0 ? ledger.commit(head, page, hashes) : verdict(index);
    };
    const { receivers } = world.returned;
    const ports = { ...faultyPorts(ledger, world.prices, noFaults), posting: { commit }, receivers, clock, telemetry };
    const settings = { deadlineMs: clock.nowMs() + 20_000, maxReceiveCount: MAX_RECEIVES, queues: QUEUES };
    expect(await postBatch([recordOf(messageOf('m', events))], ports, settings)).toEqual({ batchItemFailures: [] });

    const posted = ledger.allPages().flatMap((page) => page.entries.map(({ eventId }) => eventId));
    expect(posted).toEqual(['api:a', 'api:b', 'api:c', 'api:d']);
    expect(await ledger.refusal(alpha, bad.eventId)).toMatchObject({ final: true, reason: refusalReasons.unstorable });
  },
);

function indexOfBad(page: JournalPage): number {
  return page.entries.findIndex(({ eventId }) => eventId === bad.eventId);
}
