import { startStack } from '../../test/support/stack.ts';
import { BareEngines, type RecordedWrites } from './bare-rate.ts';
import { type StackUse, stackUse } from './cpu-time.ts';
import { type Acceptance, LoadDriver } from './load-driver.ts';
import type { BenchOptions } from './options.ts';
import { Postings } from './postings.ts';
import { type Quantiles, quantiles, rounded } from './quantiles.ts';

/** The bare engines are measured before and after the run at full load, with so large a part of its events each. */
const BARE_SHARE = 0.25;

/** What a run under load came to. */
interface LoadFigures {
  readonly acceptedPerS: number;
  /** From sending an event, or from when it was due, to its 202. */
  readonly acceptMs: Quantiles;
  /** Until every accepted event was posted. */
  readonly postedPerS: number;
  /** From the 202 to `posted_at`; 0 where the event was posted before its 202 had arrived. */
  readonly from202ToPostedMs: Quantiles;
  readonly cpuMsPerEvent: Readonly<Record<string, number>>;
  readonly eventsPerConsumerInvocation: number;
}

export interface TimedRun {
  readonly fullLoad: LoadFigures;
  readonly halfLoad: LoadFigures & { readonly offeredPerS: number };
  readonly bare: { readonly eventsPerS: number; readonly transactionMs: Quantiles };
}

/** What was measured while the load ran; when its events were posted is read afterwards. */
interface Load {
  readonly acceptances: readonly Acceptance[];
  readonly before: StackUse;
  readonly after: StackUse;
}

/** The run that is timed: an untouched stack at full load and at half of it, and its engines alone. */
export async function timedRun(options: BenchOptions, assembly: string, recorded: RecordedWrites): Promise<TimedRun> {
  const { events, connections, warmUpEvents, halfLoadSeconds } = options;
  const stack = await startStack({ env: { ZEROSUM_ASSEMBLY: assembly } });
  const driver = await LoadDriver.create(stack.url, connections);
  const postings = new Postings(stack);
  let posted = 0;
  const load = async (send: Promise<Acceptance[]>): Promise<Load> => {
    const before = await stackUse(stack);
    const acceptances = await send;
    posted += acceptances.length;
    await postings.reach(posted);
    return { acceptances, before, after: await stackUse(stack) };
  };
  try {
    await load(driver.flatOut(warmUpEvents));
    const engines = new BareEngines(stack, recorded);
    await engines.prepare();
    const bareEvents = Math.ceil(events * BARE_SHARE);
    const bareBefore = await engines.run(bareEvents, connections);
    const full = await load(driver.flatOut(events));
    const bareAfter = await engines.run(bareEvents, connections);
    const offeredPerS = acceptedPerS(full.acceptances) / 2;
    const half = await load(driver.paced(Math.ceil(offeredPerS * halfLoadSeconds), offeredPerS));
    const postedAtMs = await postings.postedAtMs();
    return {
      fullLoad: figures(full, postedAtMs),
      halfLoad: { offeredPerS: rounded(offeredPerS), ...figures(half, postedAtMs) },
      bare: {
        eventsPerS: rounded((bareBefore.eventsPerS + bareAfter.eventsPerS) / 2),
        transactionMs: quantiles([...bareBefore.transactionMs, ...bareAfter.transactionMs]),
      },
    };
  } finally {
    driver.close();
    postings.close();
    await stack.stop();
  }
}

/** Throws when an accepted event is not in the ledger. */
function figures({ acceptances, before, after }: Load, postedAtMs: ReadonlyMap<string, number>): LoadFigures {
  const events = acceptances.length;
  const postedMs = acceptances.map(({ tenant, eventId }) => {
    const at = postedAtMs.get(`${tenant} ${eventId}`);
    if (at === undefined) throw new Error(`${eventId} of ${tenant} was accepted and is not in the ledger.`);
    return at;
  });
  const cpuMsPerEvent = Object.entries(after.cpuMs).map(([name, cpuMs]) => [
    name,
    rounded((cpuMs - (before.cpuMs[name] ?? 0)) / events),
  ]);
  const firstMs = earliestMs(acceptances);
  return {
    acceptedPerS: rounded(acceptedPerS(acceptances)),
    acceptMs: quantiles(acceptances.map(({ dueAtMs, acceptedAtMs }) => acceptedAtMs - dueAtMs)),
    postedPerS: rounded((events * 1_000) / (postedMs.reduce((latest, at) => Math.max(latest, at)) - firstMs)),
    from202ToPostedMs: quantiles(
      acceptances.map(({ acceptedAtMs }, at) => Math.max(0, (postedMs[at] ?? 0) - acceptedAtMs)),
    ),
    cpuMsPerEvent: Object.fromEntries(cpuMsPerEvent),
    eventsPerConsumerInvocation: rounded(events / (after.consumerInvocations - before.consumerInvocations)),
  };
}

function acceptedPerS(acceptances: readonly Acceptance[]): number {
  const lastMs = acceptances.reduce((latest, { acceptedAtMs }) => Math.max(latest, acceptedAtMs), 0);
  return (acceptances.length * 1_000) / (lastMs - earliestMs(acceptances));
}

function earliestMs(acceptances: readonly Acceptance[]): number {
  return acceptances.reduce((earliest, { dueAtMs }) => Math.min(earliest, dueAtMs), Number.POSITIVE_INFINITY);
}
