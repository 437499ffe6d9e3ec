import { SimulatedDynamodb } from './dynamodb/simulated-dynamodb.ts';
import type { Write } from './dynamodb/store.ts';
import { type Faults, noFaults } from './faults.ts';
import { isProxyResult, ownerOf, proxyEvent } from './lambda/gateway.ts';
import { SimulatedLambda } from './lambda/lambda.ts';
import { QueueSource } from './lambda/queue-source.ts';
import { buckets, deadLetterQueues, queues, tables } from './lambda/resources.ts';
import { startSchedules } from './lambda/schedules.ts';
import { StreamSource } from './lambda/stream-source.ts';
import { deliverChange } from './lambda/streams.ts';
import { SimulatedTelemetry } from './lambda/telemetry.ts';
import { Network } from './network.ts';
import type { Random } from './random.ts';
import { SimulatedS3 } from './s3/s3.ts';
import type { Scheduler } from './scheduler.ts';
import { seedConfiguration } from './seeds.ts';
import { SimulatedSqs } from './sqs/sqs.ts';
import type { SimulatedRequest, SimulatedResponse, SimulatedSystem } from './system.ts';
import type { Setting } from './workload/setting.ts';

const MINUTE_MS = 60_000;

/** All of Zerosum over simulated services: the real functions, their queues, streams and schedules. */
export class SimulatedZerosum implements SimulatedSystem {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly dynamodb: SimulatedDynamodb;
  readonly sqs: SimulatedSqs;
  readonly s3: SimulatedS3;
  readonly network: Network;
  readonly lambda: SimulatedLambda;
  readonly telemetry = new SimulatedTelemetry();
  readonly #faults: Faults;
  readonly #streams: { readonly projector: StreamSource; readonly guard: StreamSource };
  readonly #writesOf = new Map<string, string[]>();
  #requests = 0;

  private constructor(scheduler: Scheduler, random: Random, faults: Faults) {
    this.scheduler = scheduler;
    this.random = random;
    // A copy, part by part: `calm` ends the faults in the services' own hands.
    this.#faults = structuredClone(faults);
    const nowMs = () => scheduler.nowMs;
    const { network, dynamodb, sqs, s3, lambda, stream } = this.#faults;
    this.dynamodb = new SimulatedDynamodb({ tables, nowMs, random: random.fork('dynamodb'), nastiness: dynamodb });
    this.sqs = new SimulatedSqs({
      ...{ queues: [...Object.values(queues), ...deadLetterQueues], nowMs, random: random.fork('sqs'), nastiness: sqs },
    });
    this.s3 = new SimulatedS3({ buckets, nowMs, random: random.fork('s3'), nastiness: s3 });
    this.network = new Network(scheduler, random.fork('network'), network);
    const services = { dynamodb: this.dynamodb, sqs: this.sqs, s3: this.s3 };
    const surroundings = { scheduler, network: this.network, services, telemetry: this.telemetry };
    this.lambda = new SimulatedLambda(surroundings, random.fork('lambda'), lambda);
    const streamProps = { scheduler, lambda: this.lambda, random: random.fork('streams'), faults: stream };
    this.#streams = {
      projector: new StreamSource('projector', streamProps),
      guard: new StreamSource('guard', streamProps),
    };
    this.dynamodb.onChange((change) => deliverChange(change, this.#streams));
    this.dynamodb.onWrite((write) => this.#note(write));
  }

  /** With its configuration in place and everything running that runs by itself. */
  static async start(
    scheduler: Scheduler,
    random: Random,
    options: {
      readonly setting: Setting;
      readonly faults?: Faults;
      /** Nothing runs by the clock: whoever watches invokes it. */
      readonly hasSchedules?: boolean;
    },
  ): Promise<SimulatedZerosum> {
    const { setting, faults = noFaults, hasSchedules = true } = options;
    const system = new SimulatedZerosum(scheduler, random, noFaults);
    await seedConfiguration(system.dynamodb, setting);
    system.#adopt(faults);
    const props = { scheduler, sqs: system.sqs, lambda: system.lambda, random: random.fork('pollers') };
    new QueueSource(queues.usage.name, 'consumer', props).start();
    new QueueSource(queues.adjustments.name, 'consumer', props).start();
    new QueueSource(queues.runs.name, 'reconcile', props).start();
    if (hasSchedules) startSchedules(scheduler, system.lambda, random.fork('schedules'));
    system.#loseMessages(random.fork('losses'));
    return system;
  }

  async request(request: SimulatedRequest): Promise<SimulatedResponse | undefined> {
    const owner = ownerOf(request.path);
    if (owner === 'docs' || owner === 'console') throw new RangeError('No page is simulated.');
    const { name, outcome } = this.lambda.invoke(owner, proxyEvent(request, `request-${++this.#requests}`));
    const ended = await outcome;
    const writes = this.#writesOf.get(name) ?? [];
    this.#writesOf.delete(name);
    if (ended.kind !== 'result' || !isProxyResult(ended.payload)) return undefined;
    const { statusCode, headers = {}, body } = ended.payload;
    return { status: statusCode, headers: headers as Readonly<Record<string, string>>, body, writes };
  }

  /** From here on nothing goes wrong, so that what has begun can end. */
  calm(): void {
    this.#adopt(noFaults);
  }

  /** Whether every stream's records have been dealt with. */
  get isProjected(): boolean {
    return this.#streams.projector.isDrained && this.#streams.guard.isDrained;
  }

  /** Stream records given up: none should be. */
  get discardedRecords(): number {
    return this.#streams.projector.discarded + this.#streams.guard.discarded;
  }

  #adopt(faults: Faults): void {
    for (const [part, kinds] of Object.entries(faults)) Object.assign(this.#faults[part as keyof Faults], kinds);
  }

  /** What a request's invocation writes: whoever refused it must have left everything as it was. */
  #note({ caller, table, command }: Write): void {
    const writes = this.#writesOf.get(caller);
    if (writes === undefined) this.#writesOf.set(caller, [`${table} ${command}`]);
    else writes.push(`${table} ${command}`);
  }

  #loseMessages(random: Random): void {
    const again = () => {
      const queue = random.pick(Object.values(queues));
      if (random.chance(this.#faults.lambda.queueLossPerMinute)) this.sqs.lose(queue.name, random.next());
      this.scheduler.after(MINUTE_MS, '', again);
    };
    this.scheduler.after(random.integer(1, MINUTE_MS), '', again);
  }
}
