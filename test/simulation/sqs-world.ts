import { Random } from './random.ts';
import type { ReceivedMessage } from './sqs/message.ts';
import { EXACT_SQS, type SqsNastiness } from './sqs/nastiness.ts';
import type { QueueSettings } from './sqs/queue.ts';
import { SimulatedSqs } from './sqs/sqs.ts';

export const VISIBILITY_TIMEOUT_MS = 30_000;
export const MAX_RECEIVE_COUNT = 3;

const ARN = 'arn:aws:sqs:eu-central-1:000000000000:';
const URL = 'https://sqs.eu-central-1.amazonaws.com/000000000000/';

export const QUEUE: QueueSettings = {
  name: 'usage.fifo',
  url: `${URL}usage.fifo`,
  arn: `${ARN}usage.fifo`,
  visibilityTimeoutMs: VISIBILITY_TIMEOUT_MS,
  maxReceiveCount: MAX_RECEIVE_COUNT,
  deadLetter: 'usage-dead.fifo',
};

export const DEAD_LETTERS: QueueSettings = {
  ...{ name: 'usage-dead.fifo', url: `${URL}usage-dead.fifo`, arn: `${ARN}usage-dead.fifo` },
  ...{ visibilityTimeoutMs: VISIBILITY_TIMEOUT_MS, maxReceiveCount: MAX_RECEIVE_COUNT, deadLetter: undefined },
};

/** A simulated queue with its dead letters, on a clock that a test moves. */
export class SqsWorld {
  nowMs = 0;
  readonly sqs: SimulatedSqs;
  #sends = 0;

  constructor(nastiness: Partial<SqsNastiness> = {}, seed = 'seed') {
    this.sqs = new SimulatedSqs({
      queues: [QUEUE, DEAD_LETTERS],
      nowMs: () => this.nowMs,
      random: new Random(seed),
      nastiness: { ...EXACT_SQS, ...nastiness },
    });
  }

  /** One call, answered at once. */
  call(command: string, input: object): object {
    return this.sqs.arrive({
      command: `${command}Command`,
      input: { QueueUrl: QUEUE.url, ...input },
      caller: 'test',
    })();
  }

  /** Sends a body, under a deduplication id of its own unless given one. */
  send(body: string, group = 'g', deduplicationId = `own-${++this.#sends}`): object {
    return this.call('SendMessage', message(body, group, deduplicationId));
  }

  sendAll(bodies: readonly string[], group = 'g'): void {
    for (const body of bodies) this.send(body, group);
  }

  receive(max = 10): ReceivedMessage[] {
    return this.sqs.receive(QUEUE.name, max);
  }

  delete(...messages: readonly (ReceivedMessage | undefined)[]): void {
    this.sqs.delete(
      QUEUE.name,
      messages.map((one) => one?.receiptHandle ?? ''),
    );
  }

  /** Lets the deliveries under way run out. */
  timeOut(): void {
    this.nowMs += VISIBILITY_TIMEOUT_MS;
  }
}

export function message(MessageBody: string, MessageGroupId: string, MessageDeduplicationId: string) {
  return { MessageBody, MessageGroupId, MessageDeduplicationId };
}

export function bodies(messages: readonly { readonly body: string }[]): string[] {
  return messages.map(({ body }) => body);
}
