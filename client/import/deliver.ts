import type { Pace } from './pace.ts';
import { BusyError, type OutgoingEvent, type Service, UNAVAILABLE, type Verdict } from './service.ts';

/**
 * Sends events until each has a verdict that stands, however long the service is down: what may be sent again is, under
 * the same keys. Throws when it can't go on.
 */
export async function deliver(
  events: readonly OutgoingEvent[],
  service: Service,
  pace: Pace,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = Array.from(events, () => undefined);
  let open = [...events.keys()];
  while (open.length > 0) {
    const sent = open.flatMap((index) => events[index] ?? []);
    try {
      const answers = await pace.run(() => service.send(sent));
      const again = open.filter((_, place) => answers[place]?.status === UNAVAILABLE);
      for (const [place, index] of open.entries()) verdicts[index] = answers[place];
      if (again.length < open.length) pace.went();
      if (again.length > 0) await pace.wait('It answers 503 for every event.', undefined);
      open = again;
    } catch (error) {
      if (!(error instanceof BusyError)) throw error;
      await pace.wait(error.message, error.retryAfterMs);
    }
  }
  return verdicts;
}
