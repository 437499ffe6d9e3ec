import type {
  ChangeMessageVisibilityBatchCommandInput,
  GetQueueAttributesCommandInput,
  SendMessageBatchCommandInput,
  SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { refuseUnknown } from '../input.ts';
import type { Random } from '../random.ts';
import type { Call, Service } from '../service.ts';
import { eachEntry } from './batch.ts';
import { ApproximateDepth, type Depth, noSqsCounts, type SqsCounts } from './counts.ts';
import { BYTES_MAX, bytesOf, draftOf } from './draft.ts';
import { refusal } from './errors.ts';
import type { Message, ReceivedMessage } from './message.ts';
import { EXACT_SQS, type SqsNastiness } from './nastiness.ts';
import { type QueueSettings, SimulatedQueue } from './queue.ts';

const SECOND_MS = 1_000;

/** SQS API Reference, `ChangeMessageVisibility`. */
const VISIBILITY_SECONDS_MAX = 43_200;

/** What each call heeds; anything else must be taught first. */
const BATCH = new Set(['QueueUrl', 'Entries']);
const QUESTION = new Set(['QueueUrl', 'AttributeNames']);

interface Hosted {
  readonly queue: SimulatedQueue;
  readonly approximate: ApproximateDepth;
}

/** SQS with its FIFO queues: what functions call, what their event sources do, and what befalls a queue. */
export class SimulatedSqs implements Service {
  readonly counts: SqsCounts = noSqsCounts();
  readonly #nowMs: () => number;
  readonly #random: Random;
  #nastiness: SqsNastiness;
  readonly #byName = new Map<string, Hosted>();
  readonly #byUrl = new Map<string, Hosted>();
  #numbers = 0;

  /** @param options.queues dead-letter queues among them */
  constructor(options: {
    readonly queues: readonly QueueSettings[];
    readonly nowMs: () => number;
    readonly random: Random;
    readonly nastiness: SqsNastiness;
  }) {
    const { queues, nowMs, random, nastiness } = options;
    this.#nowMs = nowMs;
    this.#random = random;
    this.#nastiness = nastiness;
    for (const settings of queues) this.#host(settings);
  }

  arrive({ command, input }: Call): () => object {
    const run = this.#commands[command];
    if (run === undefined) throw new Error(`The simulated SQS knows no ${command}: teach it.`);
    if (this.#random.chance(this.#nastiness.throttle)) throw refusal('RequestThrottled', 'Too many requests.');
    return () => run(input);
  }

  /** From here on no liberty is taken, so that what has begun can end. */
  calm(): void {
    this.#nastiness = EXACT_SQS;
  }

  /** Takes up to `max` messages off a queue, for its event source to hand to a function. */
  receive(queueName: string, max: number): ReceivedMessage[] {
    return this.#named(queueName).receive(max);
  }

  /** Deletes what a function is done with, as its event source does. */
  delete(queueName: string, receiptHandles: readonly string[]): void {
    this.#named(queueName).delete(receiptHandles);
  }

  /** Makes what a function is not done with visible at once. A delivery that is over stays so. */
  makeVisible(queueName: string, receiptHandles: readonly string[]): void {
    this.#named(queueName).giveBack(receiptHandles);
  }

  /** The exact depth. */
  depth(queueName: string): Depth {
    return this.#named(queueName).depth;
  }

  /** What a queue has given up, in that order. */
  deadLetters(queueName: string): readonly Message[] {
    const { deadLetter, arn } = this.#named(queueName).settings;
    if (deadLetter === undefined) return [];
    return this.#named(deadLetter).messages.filter(({ deadLetterSourceArn }) => deadLetterSourceArn === arn);
  }

  /** A fault no queue should have: each message vanishes with this probability. Gives those that did. */
  lose(queueName: string, fraction: number): readonly Message[] {
    return this.#named(queueName).lose(fraction);
  }

  readonly #commands: Readonly<Record<string, (input: object) => object>> = {
    SendMessageCommand: (input) => {
      const sent = input as SendMessageCommandInput;
      return send(this.#at(sent.QueueUrl).queue, sent);
    },
    SendMessageBatchCommand: (input) => {
      refuseUnknown('SQS', input, BATCH);
      const { QueueUrl, Entries = [] } = input as SendMessageBatchCommandInput;
      const { queue } = this.#at(QueueUrl);
      if (Entries.reduce((sum, entry) => sum + bytesOf(entry), 0) > BYTES_MAX) {
        throw refusal('BatchRequestTooLong', `Batch requests cannot be longer than ${BYTES_MAX} bytes.`);
      }
      return eachEntry(Entries, this.#entryFails, (entry) => send(queue, entry));
    },
    ChangeMessageVisibilityBatchCommand: (input) => {
      refuseUnknown('SQS', input, BATCH);
      const { QueueUrl, Entries = [] } = input as ChangeMessageVisibilityBatchCommandInput;
      const { queue } = this.#at(QueueUrl);
      return eachEntry(Entries, this.#entryFails, ({ ReceiptHandle = '', VisibilityTimeout: seconds = -1 }) => {
        if (!Number.isInteger(seconds) || seconds < 0 || seconds > VISIBILITY_SECONDS_MAX) {
          throw refusal('InvalidParameterValue', `VisibilityTimeout is 0 to ${VISIBILITY_SECONDS_MAX} seconds.`);
        }
        queue.changeVisibility(ReceiptHandle, seconds * SECOND_MS);
        return {};
      });
    },
    GetQueueAttributesCommand: (input) => {
      refuseUnknown('SQS', input, QUESTION);
      const { QueueUrl, AttributeNames = [] } = input as GetQueueAttributesCommandInput;
      const attributes = this.#attributes(this.#at(QueueUrl));
      const wanted = AttributeNames.includes('All') ? [...attributes.keys()] : AttributeNames;
      const unknown = wanted.find((name) => !attributes.has(name));
      if (unknown !== undefined) throw refusal('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      return { Attributes: Object.fromEntries(wanted.map((name) => [name, attributes.get(name)])) };
    },
  };

  readonly #entryFails = () => this.#random.chance(this.#nastiness.failEntry);

  #attributes({ queue, approximate }: Hosted): Map<string, string> {
    const { visible, inFlight } = approximate.say(queue.depth, this.#nowMs());
    return new Map([
      ['ApproximateNumberOfMessages', String(visible)],
      ['ApproximateNumberOfMessagesNotVisible', String(inFlight)],
      ['ApproximateNumberOfMessagesDelayed', '0'],
      ['QueueArn', queue.settings.arn],
      ['VisibilityTimeout', String(queue.settings.visibilityTimeoutMs / SECOND_MS)],
    ]);
  }

  #host(settings: QueueSettings): void {
    const random = this.#random.fork(settings.name);
    const nastiness = () => this.#nastiness;
    const queue = new SimulatedQueue(settings, {
      ...{ nowMs: this.#nowMs, random, nastiness, counts: this.counts },
      nextNumber: () => ++this.#numbers,
      deadLetters: () => (settings.deadLetter === undefined ? undefined : this.#named(settings.deadLetter)),
    });
    const hosted = { queue, approximate: new ApproximateDepth(random, nastiness) };
    this.#byName.set(settings.name, hosted);
    this.#byUrl.set(settings.url, hosted);
  }

  #named(name: string): SimulatedQueue {
    const hosted = this.#byName.get(name);
    if (hosted === undefined) throw new RangeError(`There is no simulated queue ${name}.`);
    return hosted.queue;
  }

  #at(url: string | undefined): Hosted {
    const hosted = this.#byUrl.get(url ?? '');
    if (hosted === undefined) throw refusal('QueueDoesNotExist', 'The specified queue does not exist.');
    return hosted;
  }
}

function send(queue: SimulatedQueue, sent: Parameters<typeof draftOf>[0]): object {
  const draft = draftOf(sent);
  const { messageId, sequenceNumber } = queue.send(draft);
  return { MessageId: messageId, MD5OfMessageBody: draft.md5OfBody, SequenceNumber: sequenceNumber };
}
