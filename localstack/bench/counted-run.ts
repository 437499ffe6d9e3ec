import { startStack } from '../../test/support/stack.ts';
import type { RecordedWrites } from './bare-rate.ts';
import { CountingProxy, type Counts } from './counting-proxy.ts';
import type { TimeByOwner } from './cpu-profile.ts';
import { type Acceptance, LoadDriver } from './load-driver.ts';
import type { BenchOptions } from './options.ts';
import { Postings } from './postings.ts';
import { WorkerProfiler } from './profiler.ts';

/** What one event makes ingest and the consumer do, per event. */
interface Cost {
  readonly ingest: Counts;
  readonly consumer: Counts;
}

export interface CountedRun {
  /** Each event accepted and posted before the next is sent. */
  readonly lone: Cost;
  /** At full load, where messages of one lane are posted together. */
  readonly loaded: Cost;
  readonly recorded: RecordedWrites;
  /** At full load, by function. */
  readonly profiles: ReadonlyMap<string, TimeByOwner>;
}

/**
 * A run in which nothing is timed: counting proxies stand between the functions and the engines, and the functions
 * profile themselves.
 */
export async function countedRun(options: BenchOptions, assembly: string, folder: string): Promise<CountedRun> {
  const proxies = {
    ingest: new CountingProxy(true),
    queue: new CountingProxy(false),
    consumer: new CountingProxy(true),
  };
  const profiler = new WorkerProfiler(folder);
  const profiling = await profiler.environment();
  // The SDK sends to the host in the queue's URL, whatever the endpoint; the queue's name is not known yet.
  const queueUrl = `${await proxies.queue.listen()}/counted.fifo`;
  const stack = await startStack({
    env: { ZEROSUM_ASSEMBLY: assembly },
    functionEnvironment: {
      Ingest: {
        ...profiling,
        AWS_ENDPOINT_URL_DYNAMODB: await proxies.ingest.listen(),
        USAGE_QUEUE_URL: queueUrl,
      },
      Consumer: { ...profiling, AWS_ENDPOINT_URL_DYNAMODB: await proxies.consumer.listen() },
    },
  });
  const { engines } = stack.info();
  proxies.ingest.upstream = proxies.consumer.upstream = engines.dynamodb?.endpoint ?? '';
  proxies.queue.upstream = engines.sqs?.endpoint ?? '';
  proxies.queue.placeholder = { text: queueUrl, value: stack.queueUrl('UsageQueueUsage') };
  const driver = await LoadDriver.create(stack.url, options.connections);
  const postings = new Postings(stack);
  let posted = 0;
  const settled = async (acceptances: readonly Acceptance[]) => {
    posted += acceptances.length;
    await postings.reach(posted);
  };
  const counted = async (events: number, send: () => Promise<void>): Promise<Cost> => {
    for (const proxy of Object.values(proxies)) proxy.reset();
    await send();
    const ingest = proxies.ingest.perEvent(events);
    const calls = { ...ingest.calls, ...proxies.queue.perEvent(events).calls };
    return { ingest: { ...ingest, calls }, consumer: proxies.consumer.perEvent(events) };
  };
  try {
    await settled(await driver.flatOut(options.warmUpEvents));
    let tenant = '';
    const lone = await counted(options.loneEvents, async () => {
      for (let event = 0; event < options.loneEvents; event += 1) {
        const acceptances = await driver.flatOut(1);
        tenant = acceptances[0]?.tenant ?? '';
        await settled(acceptances);
      }
    });
    const recorded = {
      tenant,
      put: proxies.ingest.last('PutItem'),
      send: proxies.queue.last('SendMessage'),
      transaction: proxies.consumer.last('TransactWriteItems'),
    };
    profiler.start(stack, ['Ingest', 'Consumer']);
    const loaded = await counted(options.events, async () => settled(await driver.flatOut(options.events)));
    const profiles = await profiler.stop();
    return { lone, loaded, recorded, profiles };
  } finally {
    driver.close();
    postings.close();
    await stack.stop();
    for (const proxy of Object.values(proxies)) proxy.close();
  }
}
