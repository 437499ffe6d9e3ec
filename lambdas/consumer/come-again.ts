import type { Delivery } from './delivery.ts';
import type { ConsumerPorts } from './ports.ts';

/**
 * After its first failed delivery a group waits two seconds at least, after each further one four times as long: a
 * passing fault costs seconds, not the queue's timeout, and an outage of some five minutes fits into the five deliveries.
 */
const FIRST_WAIT_SECONDS = 2;
const GROWTH = 4;

/**
 * Lets the returned messages of one group come again sooner than their queue's timeout would. All wait equally long, so
 * that the group is handed out again as a whole, in its order, which SQS keeps in any case. One that has had its last
 * delivery goes to the dead-letter queue at its next receive, so it must not block its group until then.
 */
export async function letComeAgain(
  returned: readonly Delivery[],
  maxReceiveCount: number,
  { receivers, clock, telemetry }: Pick<ConsumerPorts, 'receivers' | 'clock' | 'telemetry'>,
): Promise<void> {
  const [first] = returned;
  if (first === undefined) return;
  try {
    await receivers[first.kind].comeAgainIn(returned, waitSeconds(first.receiveCount, maxReceiveCount, clock.random()));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    telemetry.warn('Returned messages come again only after the queue’s own timeout.', { reason });
  }
}

/** @param chance from 0 to 1: groups that failed together need not come back together */
function waitSeconds(receiveCount: number, maxReceiveCount: number, chance: number): number {
  if (receiveCount >= maxReceiveCount) return 0;
  const leastSeconds = FIRST_WAIT_SECONDS * GROWTH ** (receiveCount - 1);
  return leastSeconds + Math.floor(leastSeconds * chance);
}
