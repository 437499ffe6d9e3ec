import { HOURS_PER_MONTH } from './assumptions.ts';
import { MeteredSystem } from './metered-system.ts';
import { minus, scaled, type Tally } from './tally.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** An hour's requests are sampled, for that is what the run over what is new finds at a time; but not more than is quick. */
const REQUESTS_MIN = 20;
const EVENTS_MAX = 4_000;

/** A sample of a thin month would take days of virtual time: it is sent closer together, which changes only what caches save. */
const GAP_MAX_MS = 10 * MINUTE_MS;

const TENANTS = Array.from({ length: 10 }, (_, index) => `tenant_${index}`);

/** So long after its last event a sample is old enough for the sweep to look at all of it. */
const SWEEPABLE_AFTER_MS = 5 * MINUTE_MS;

/** What one event makes AWS do, by what makes it happen. */
export interface CountedEvents {
  readonly batch: number;
  readonly sampled: number;
  readonly requestsPerEvent: number;
  /** From the request to the meters. */
  readonly way: Tally;
  /** Once in an event's life: the sweep that looks whether it was posted. */
  readonly swept: Tally;
  /** Once in an event's life: the run over what is new. */
  readonly verifiedNew: Tally;
  /** Each time everything is verified. */
  readonly verifiedAgain: Tally;
  readonly storedBytes: ReadonlyMap<string, number>;
  /** Names of the custom metrics that were written. */
  readonly metrics: number;
}

/** Lone events of each tenant before anything is counted: by then every lane has its first page, head and anchor. */
const WARM_UP_EVENTS = 64;

/** Runs a sample of a month's events, as far apart as they would come, through the real functions, and counts. */
export async function countedSample(month: {
  readonly events: number;
  readonly batch: number;
}): Promise<CountedEvents> {
  const { batch } = month;
  const perHour = month.events / batch / HOURS_PER_MONTH;
  const requests = Math.max(REQUESTS_MIN, Math.min(Math.ceil(perHour), Math.ceil(EVENTS_MAX / batch)));
  const gapMs = Math.min(GAP_MAX_MS, HOUR_MS / perHour);
  const sampled = requests * batch;
  const perEvent = (tally: Tally) => scaled(tally, 1 / sampled);
  const system = await MeteredSystem.start(TENANTS);
  for (let round = 0; round < WARM_UP_EVENTS; round += 1) for (const tenant of TENANTS) await system.send(tenant, 1);
  await system.settle();
  const quiet = await quietTasks(system);
  const stored = system.storedBytes();

  system.meter.take();
  for (let request = 0; request < requests; request += 1) {
    await system.send(TENANTS[request % TENANTS.length] as string, batch);
    await system.pass(gapMs);
  }
  await system.settle();
  const way = system.meter.take();
  await system.pass(SWEEPABLE_AFTER_MS);
  const swept = await system.run('reconcile', 'sweep');
  const verifiedNew = await system.run('reconcile', 'verify-new');
  const grown = [...system.storedBytes()].map(([name, bytes]): [string, number] => {
    return [name, Math.max(0, bytes - (stored.get(name) ?? 0)) / sampled];
  });
  // What was anchored just now is not anchored again: what is left is what the events themselves cost.
  const verifiedAgain = await system.run('reconcile', 'verify-all');
  return {
    ...{ batch, sampled, requestsPerEvent: requests / sampled, metrics: system.meter.metrics.size },
    way: perEvent(way),
    swept: perEvent(minus(swept, quiet.sweep)),
    verifiedNew: perEvent(minus(verifiedNew, quiet.verifyNew)),
    verifiedAgain: perEvent(minus(verifiedAgain, quiet.verifyAll)),
    storedBytes: new Map(grown),
  };
}

/** What the tasks cost when there is nothing new for them, but the lanes of the warm-up. */
async function quietTasks(system: MeteredSystem): Promise<{ sweep: Tally; verifyNew: Tally; verifyAll: Tally }> {
  for (let round = 0; ; round += 1) {
    await system.pass(SWEEPABLE_AFTER_MS);
    const sweep = await system.run('reconcile', 'sweep');
    const verifyNew = await system.run('reconcile', 'verify-new');
    const verifyAll = await system.run('reconcile', 'verify-all');
    // The first round deals with what was new.
    if (round > 0) return { sweep, verifyNew, verifyAll };
  }
}
