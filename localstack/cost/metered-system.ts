import type { FunctionName } from '../../test/simulation/lambda/functions.ts';
import { Random } from '../../test/simulation/random.ts';
import { Scheduler } from '../../test/simulation/scheduler.ts';
import { finished } from '../../test/simulation/settling.ts';
import { Trace } from '../../test/simulation/trace.ts';
import { batchBody } from '../../test/simulation/workload/requests.ts';
import { SimulatedZerosum } from '../../test/simulation/zerosum.ts';
import { Meter } from './meter.ts';
import { storedBytes } from './stored-bytes.ts';
import type { Tally } from './tally.ts';

/** A Tuesday in the middle of a month: no month ends while something is counted. */
const START_MS = Date.parse('2026-06-09T10:00:00Z');

const SECOND_MS = 1_000;

/** Whatever is not settled after so long never will be, since nothing goes wrong. */
const SETTLING_LOOKS = 600;

/** The real functions over simulated services in which nothing goes wrong, and a meter at every call they make. */
export class MeteredSystem {
  readonly meter: Meter;
  readonly #system: SimulatedZerosum;
  readonly #scheduler: Scheduler;
  #events = 0;

  private constructor(system: SimulatedZerosum, scheduler: Scheduler) {
    this.#system = system;
    this.#scheduler = scheduler;
    this.meter = new Meter(system);
  }

  static async start(tenants: readonly string[]): Promise<MeteredSystem> {
    const scheduler = new Scheduler(START_MS, new Trace(START_MS, { keepsLines: false }));
    const prices = [{ version: 1, fromMs: 0, unitPrices: { api_call: 1n, storage_gb_hour: 5n } }];
    const setting = { startMs: START_MS, tenants, prices, webhookKeys: [] };
    const system = await SimulatedZerosum.start(scheduler, new Random('cost'), { setting, hasSchedules: false });
    return new MeteredSystem(system, scheduler);
  }

  /** Sends so many new usage events of a tenant in one request. Throws when it is not accepted. */
  async send(tenant: string, events: number): Promise<void> {
    const bodies = Array.from({ length: events }, () => {
      this.#events += 1;
      // As long as a UUID, which most senders use.
      const key = `00000000-0000-4000-8000-${String(this.#events).padStart(12, '0')}`;
      return { tenant, metric: 'api_call', quantity: (this.#events % 9_999) + 1, idempotency_key: key };
    });
    const [first] = bodies;
    const sent =
      events === 1
        ? { path: '/events', body: JSON.stringify(first) }
        : { path: '/events/batch', ...batchBody('application/json', bodies) };
    const answer = this.#system.request({ method: 'POST', token: `tenant:${tenant}`, ...sent });
    const response = await finished(this.#scheduler, answer);
    if (response === undefined || response.status >= 300) throw new Error(`Not accepted: ${response?.body}`);
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    await this.#scheduler.runUntil(this.#scheduler.nowMs + ms);
  }

  /** Until everything sent is posted and counted in the meters. */
  async settle(): Promise<void> {
    for (let look = 0; look < SETTLING_LOOKS; look += 1) {
      const markers = this.#number('Ledger', 'E#');
      if (markers === this.#events && this.#system.isProjected) return;
      await this.pass(SECOND_MS);
    }
    throw new Error('What was sent did not settle.');
  }

  /** Does what a schedule asks for, until it is done; a run that needs more invocations gets them by its queue. */
  async run(target: FunctionName, task: string): Promise<Tally> {
    this.meter.take();
    const { outcome } = this.#system.lambda.invoke(target, { task });
    const ended = await finished(this.#scheduler, outcome);
    if (ended.kind === 'failed') throw new Error(`The task ${task} failed: ${ended.why}`);
    for (let look = 0; this.#number('Operations', 'RUN#-') > 0; look += 1) {
      if (look > SETTLING_LOOKS) throw new Error(`The task ${task} did not come to its end.`);
      await this.pass(SECOND_MS);
    }
    return this.meter.take();
  }

  /** What lies in each table and index, in bytes as they are billed, and in the bucket. */
  storedBytes(): ReadonlyMap<string, number> {
    return storedBytes(this.#system);
  }

  #number(table: string, prefix: string): number {
    let items = 0;
    for (const item of this.#system.dynamodb.items(table)) if (item['pk']?.S?.startsWith(prefix)) items += 1;
    return items;
  }
}
