import type { AlarmSpec } from './alarm-spec.ts';
import { countedIn, greatestOf, sumOf, WINDOW } from './metrics.ts';
import type { Watched } from './watched.ts';

/** A message that waits so long is no burst any more: consumers take in seconds what queues up. */
const OLDEST_MESSAGE_SECONDS = 300;

/** Whether what was accepted is charged, and what should be accepted is. */
export function aboutEvents({ stage, queues }: Watched): AlarmSpec[] {
  const counted = countedIn(stage);
  const dead = [queues.usage.deadLetters, queues.adjustments.deadLetters];
  return [
    {
      name: 'DeadLetters',
      loses: 'Accepted events are not charged: they failed at every delivery and wait for a person.',
      metric: sumOf(
        dead.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: WINDOW })),
        'dead letters',
      ),
      ...{ threshold: 1, isAboutMoney: true, startsReconcile: true },
    },
    {
      name: 'UndoneWork',
      loses:
        'Nobody is verifying what a failed reconcile run or stream record was about, and usage figures may stand still.',
      metric: sumOf(
        [queues.reconcileRuns.deadLetters, queues.streamFailures].map((queue) =>
          queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: WINDOW }),
        ),
        'undone work',
      ),
      threshold: 1,
    },
    {
      name: 'OldestMessage',
      loses: 'Accepted events show in no balance or statement yet: what was accepted minutes ago is not posted.',
      metric: greatestOf(
        [queues.usage.queue, queues.adjustments.queue].map((queue) =>
          queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: WINDOW }),
        ),
        'age of the oldest message',
      ),
      ...{ threshold: OLDEST_MESSAGE_SECONDS, windows: 2, rollsBack: true },
    },
    {
      name: 'StrandedEvents',
      loses: 'Accepted events were charged late: they had not settled, and the sweep sent them again.',
      metric: sumOf(counted('sweepResent'), 'events sent again'),
      ...{ threshold: 1, isAboutMoney: true },
    },
    {
      name: 'UnsettledEvents',
      loses: 'Accepted events will not be charged: the sweep gave them up, or nothing could be read from a message.',
      metric: sumOf([...counted('sweepGaveUp'), ...counted('unreadable')], 'events given up'),
      ...{ threshold: 1, isAboutMoney: true },
    },
    {
      name: 'LanesHalted',
      loses: 'A tenant is not charged for a sixteenth of its events: a lane of its journal stands still.',
      metric: sumOf(counted('laneHalted'), 'halted lanes'),
      threshold: 1,
    },
    {
      name: 'EventsNotAccepted',
      loses: 'Customers’ batches are turned away in part, and what they do not send again is never charged.',
      metric: sumOf(counted('notAccepted'), 'events not accepted'),
      ...{ threshold: 1, rollsBack: true },
    },
    {
      name: 'KeysDamaged',
      loses:
        'Deliveries of a provider, or requests of a program, are turned away: what is kept of its key can’t be read.',
      metric: sumOf([...counted('webhookKeysDamaged'), ...counted('apiKeysDamaged')], 'damaged keys'),
      threshold: 1,
    },
  ];
}
