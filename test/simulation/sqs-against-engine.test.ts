import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { QueueError } from '../../localstack/embedded/queue/errors.ts';
import { Queue } from '../../localstack/embedded/queue/queue.ts';
import { receiptHandle } from '../../localstack/embedded/queue/receipt.ts';
import { withDefaults } from '../../localstack/embedded/queue/settings.ts';
import { DEAD_LETTERS, MAX_RECEIVE_COUNT, message, QUEUE, SqsWorld, VISIBILITY_TIMEOUT_MS } from './sqs-world.ts';

const RUNS = 500;

const SECOND_MS = 1_000;
const FIVE_MINUTES_MS = 300_000;
const TWELVE_HOURS_SECONDS = 43_200;
const FOURTEEN_DAYS_MS = 14 * 86_400_000;

const GROUPS = 3;
const DEDUPLICATION_IDS = 6;

type Step =
  | { readonly kind: 'send'; readonly group: number; readonly id: number }
  | { readonly kind: 'receive'; readonly max: number }
  | { readonly kind: 'delete'; readonly delivery: number }
  | { readonly kind: 'change'; readonly delivery: number; readonly seconds: number }
  | { readonly kind: 'wait'; readonly ms: number };

/** Deliveries are counted from the last one back, so that most are of some that are not over. */
const delivery = fc.nat({ max: 7 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('send'), group: fc.nat(GROUPS - 1), id: fc.nat(DEDUPLICATION_IDS - 1) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('receive'), max: fc.integer({ min: 1, max: 10 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete'), delivery }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('change'),
      delivery,
      seconds: fc.oneof(fc.nat({ max: 60 }), fc.constant(TWELVE_HOURS_SECONDS)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait'),
      ms: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(1, SECOND_MS, VISIBILITY_TIMEOUT_MS - 1, VISIBILITY_TIMEOUT_MS) },
        { weight: 3, arbitrary: fc.constantFrom(FIVE_MINUTES_MS - 1, FIVE_MINUTES_MS) },
        { weight: 1, arbitrary: fc.constantFrom(FOURTEEN_DAYS_MS - 1, FOURTEEN_DAYS_MS) },
      ),
    }),
  },
);

/** What fails often enough to become a dead letter. */
const failure = fc.record({ max: fc.integer({ min: 1, max: 4 }), times: fc.integer({ min: 1, max: 4 }) });

const scene: fc.Arbitrary<Step[]> = fc.oneof(
  { weight: 9, arbitrary: step.map((one) => [one]) },
  {
    weight: 1,
    arbitrary: failure.map(({ max, times }) =>
      Array.from({ length: times }, (): Step[] => [
        { kind: 'receive', max },
        { kind: 'wait', ms: VISIBILITY_TIMEOUT_MS },
      ]).flat(),
    ),
  },
);

/** Long ones: a short history comes to nothing. */
const histories = fc.array(scene, { minLength: 1, maxLength: 40, size: 'max' }).map((scenes) => scenes.flat());

/** What a test sees of a delivery. */
interface Delivered {
  readonly body: string;
  readonly group: string | undefined;
  readonly count: number;
}

type Handled = Delivered & { readonly handle: string };

/** What both can do. */
interface Subject {
  /** Gives the id of the message that was taken, now or at its first send. */
  send(body: string, group: string, id: string): string;
  receive(max: number): Promise<readonly Handled[]>;
  delete(handle: string): void;
  /** Gives the name of a refusal. */
  change(handle: string, seconds: number): string;
  depth(): readonly number[];
  /** Takes up to ten dead letters off, for good. */
  takeDeadLetters(): Promise<readonly Delivered[]>;
}

it('does what the queue engine of this machine does, as long as it takes no liberty', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (steps) => {
      vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: 0 });
      try {
        const world = new SqsWorld();
        const [simulated, engine] = [new Player(simulation(world)), new Player(theEngine())];
        for (const one of steps) {
          if (one.kind === 'wait') vi.advanceTimersByTime(one.ms);
          world.nowMs = Date.now();
          expect(await simulated.play(one)).toEqual(await engine.play(one));
        }
        expect(await simulated.allDeadLetters()).toEqual(await engine.allDeadLetters());
      } finally {
        vi.useRealTimers();
      }
    }),
    { numRuns: RUNS },
  );
});

/** Plays steps on one subject, and gives what is seen of each. */
class Player {
  readonly #subject: Subject;
  readonly #deliveries: Handled[] = [];
  readonly #bodyOf = new Map<string, string>();
  #sends = 0;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  async play(step: Step): Promise<object> {
    return { outcome: await this.#outcome(step), depth: this.#subject.depth() };
  }

  async allDeadLetters(): Promise<Delivered[]> {
    const all: Delivered[] = [];
    for (let some = await this.#subject.takeDeadLetters(); some.length > 0; ) {
      all.push(...some);
      some = await this.#subject.takeDeadLetters();
    }
    return all;
  }

  async #outcome(step: Step): Promise<unknown> {
    if (step.kind === 'wait') return undefined;
    if (step.kind === 'send') return this.#send(`g${step.group}`, `d${step.id}`);
    if (step.kind === 'receive') {
      const received = await this.#subject.receive(step.max);
      this.#deliveries.push(...received);
      return received.map(({ body, group, count }) => ({ body, group, count }));
    }
    const handle = this.#deliveries.at(-1 - step.delivery)?.handle;
    if (handle === undefined) return undefined;
    return step.kind === 'delete' ? this.#subject.delete(handle) : this.#subject.change(handle, step.seconds);
  }

  /** Messages are told apart by their bodies; the two have ids of their own. */
  #send(group: string, deduplicationId: string): string | undefined {
    const body = `m${this.#sends++}`;
    const id = this.#subject.send(body, group, deduplicationId);
    if (!this.#bodyOf.has(id)) this.#bodyOf.set(id, body);
    return this.#bodyOf.get(id);
  }
}

function simulation(world: SqsWorld): Subject {
  const receive = (queue: string, max: number) =>
    world.sqs.receive(queue, max).map(({ body, attributes, receiptHandle: handle }) => {
      const { MessageGroupId: group, ApproximateReceiveCount: count } = attributes;
      return { body, group, count: Number(count), handle };
    });
  return {
    send: (body, group, id) => (world.send(body, group, id) as { MessageId: string }).MessageId,
    receive: async (max) => receive(QUEUE.name, max),
    delete: (handle) => world.sqs.delete(QUEUE.name, [handle]),
    change: (ReceiptHandle, VisibilityTimeout) => {
      const Entries = [{ Id: '0', ReceiptHandle, VisibilityTimeout }];
      const { Failed = [] } = world.call('ChangeMessageVisibilityBatch', { Entries }) as {
        Failed?: { Code: string }[];
      };
      return Failed[0]?.Code ?? 'done';
    },
    depth: () => Object.values(world.sqs.depth(QUEUE.name)),
    takeDeadLetters: async () => {
      const taken = receive(DEAD_LETTERS.name, 10);
      world.sqs.delete(
        DEAD_LETTERS.name,
        taken.map(({ handle }) => handle),
      );
      return taken.map(({ handle: _, ...delivered }) => delivered);
    },
  };
}

const FIFO = { FifoQueue: 'true', MessageRetentionPeriod: String(FOURTEEN_DAYS_MS / SECOND_MS) };
const NOBODY = { isGone: false, onceGone: () => undefined };

function theEngine(): Subject {
  const deadLetters = new Queue(DEAD_LETTERS.arn, withDefaults(FIFO), () => undefined);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: DEAD_LETTERS.arn, maxReceiveCount: MAX_RECEIVE_COUNT });
  const VisibilityTimeout = String(VISIBILITY_TIMEOUT_MS / SECOND_MS);
  const queue = new Queue(QUEUE.arn, withDefaults({ ...FIFO, VisibilityTimeout, RedrivePolicy }), () => deadLetters);
  const receive = async (from: Queue, max: number) => {
    const deliveries = await from.receive({ max, visibilityTimeoutMs: undefined }, 0, NOBODY);
    return deliveries.map(({ message: { body, groupId: group }, receipt }) => {
      return { body, group, count: receipt.receiveCount, handle: receiptHandle(receipt) };
    });
  };
  return {
    send: (body, group, id) => queue.send({ ...message(body, group, id), MessageAttributes: {} }).messageId,
    receive: (max) => receive(queue, max),
    // The engine says so when a delivery is over, as SQS does in fact; the API's reference says that nothing is said.
    delete: (handle) => void refusal(() => queue.delete(handle)),
    change: (handle, seconds) => refusal(() => queue.changeVisibility(handle, seconds * SECOND_MS)) ?? 'done',
    depth: () => {
      const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = queue.describe();
      return [Number(ApproximateNumberOfMessages), Number(ApproximateNumberOfMessagesNotVisible)];
    },
    takeDeadLetters: async () => {
      const taken = await receive(deadLetters, 10);
      for (const { handle } of taken) deadLetters.delete(handle);
      return taken.map(({ handle: _, ...delivered }) => delivered);
    },
  };
}

/** The code of a refusal; undefined when there was none. */
function refusal(call: () => void): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof QueueError) return error.queryCode;
    throw error;
  }
}
