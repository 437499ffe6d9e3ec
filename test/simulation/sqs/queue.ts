import type { Random } from '../random.ts';
import { Backlog } from './backlog.ts';
import type { Depth, SqsCounts } from './counts.ts';
import { Deduplication, type FirstSend } from './deduplication.ts';
import { refusal } from './errors.ts';
import {
  type Draft,
  type Message,
  messageId,
  messageIdOf,
  type ReceivedMessage,
  received,
  sequenceNumber,
} from './message.ts';
import type { SqsNastiness } from './nastiness.ts';
import { type Group, Receive } from './receive.ts';

/** A FIFO queue as it is set up. */
export interface QueueSettings {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly visibilityTimeoutMs: number;
  /** How often a message is delivered before it is a dead letter; of no meaning without `deadLetter`. */
  readonly maxReceiveCount: number;
  /** The name of the queue that takes what this one gives up. */
  readonly deadLetter: string | undefined;
}

/** How long every queue keeps a message: SQS's longest, which all of this system's have (lib/message-queue.ts). */
const RETENTION_MS = 14 * 86_400_000;

/** SQS API Reference, `ChangeMessageVisibility`: a message is invisible for at most 12 hours from its receive. */
const FLIGHT_MS_MAX = 12 * 3_600_000;

/** What a queue has to do with besides itself. */
export interface QueueSurroundings {
  readonly nowMs: () => number;
  readonly random: Random;
  readonly nastiness: () => SqsNastiness;
  readonly counts: SqsCounts;
  /** A number that no message of any queue has had. */
  readonly nextNumber: () => number;
  /** The queue that takes what this one gives up. */
  readonly deadLetters: () => SimulatedQueue | undefined;
}

/**
 * One FIFO queue (SQS Developer Guide, "FIFO queue delivery logic"): a message keeps its place in its group until it is deleted,
 * a group is locked while any of its messages is in flight, and only the handle of a delivery that is not over deletes.
 */
export class SimulatedQueue {
  readonly settings: QueueSettings;
  readonly #around: QueueSurroundings;
  readonly #deduplication = new Deduplication();
  readonly #backlog = new Backlog();
  #lastBatch: readonly Message[] = [];

  constructor(settings: QueueSettings, around: QueueSurroundings) {
    this.settings = settings;
    this.#around = around;
  }

  /** All there are, in flight or not, in the order they were sent. */
  get messages(): readonly Message[] {
    this.#advance();
    return [...this.#backlog.messages()];
  }

  get depth(): Depth {
    this.#advance();
    return this.#backlog.depth;
  }

  /** Takes a message, unless its deduplication id has been taken in the last five minutes: then it says what it said then. */
  send(draft: Draft): FirstSend {
    const { counts, nextNumber } = this.#around;
    const nowMs = this.#advance();
    const first = this.#deduplication.find(draft.deduplicationId, nowMs);
    if (first !== undefined) {
      counts.deduplicated += 1;
      return first;
    }
    counts.sent += 1;
    const number = nextNumber();
    const said = { messageId: messageId(number), sequenceNumber: sequenceNumber(number) };
    this.#deduplication.remember(draft.deduplicationId, said, nowMs);
    const fresh = { receiveCount: 0, firstReceivedAtMs: undefined, flight: undefined, deadLetterSourceArn: undefined };
    this.#backlog.add({ ...draft, ...fresh, id: said.messageId, sequenceNumber: said.sequenceNumber, sentAtMs: nowMs });
    return said;
  }

  /** Delivers up to `max` messages. */
  receive(max: number): ReceivedMessage[] {
    const { random } = this.#around;
    const nastiness = this.#around.nastiness();
    const nowMs = this.#advance();
    if (random.chance(nastiness.emptyReceive)) return [];
    const isRepeated = random.chance(nastiness.repeatBatch) && this.#isUnderWay(this.#lastBatch, max);
    const messages = isRepeated ? this.#lastBatch : this.#take(max, nowMs);
    this.#around.counts.received += messages.length;
    this.#around.counts.redelivered += isRepeated
      ? messages.length
      : messages.filter(({ receiveCount }) => receiveCount > 1).length;
    if (random.chance(nastiness.dropBatch)) return [];
    if (messages.length > 0) this.#lastBatch = messages;
    return messages.map((message) => received(message, this.settings.arn));
  }

  /** Deletes the messages of deliveries that are not over; any other handle is as good as done, and does nothing. */
  delete(receiptHandles: readonly string[]): void {
    const { random } = this.#around;
    const nastiness = this.#around.nastiness();
    for (const message of this.#inFlight(receiptHandles)) {
      if (!random.chance(nastiness.loseDelete)) this.#backlog.remove(message);
    }
  }

  /** Ends deliveries at once, as far as they are not over. */
  giveBack(receiptHandles: readonly string[]): void {
    for (const message of this.#inFlight(receiptHandles)) this.#backlog.land(message);
  }

  /**
   * Makes a delivery's message visible so long from now. Throws `MessageNotInflight` for a delivery that is over,
   * `InvalidParameterValue` for a message that is gone or would be in flight too long, `ReceiptHandleIsInvalid` for no handle.
   */
  changeVisibility(receiptHandle: string, timeoutMs: number): void {
    const nowMs = this.#advance();
    const id = messageIdOf(receiptHandle);
    if (id === undefined) throw refusal('ReceiptHandleIsInvalid', `"${receiptHandle}" is not a valid receipt handle.`);
    if (!this.#backlog.has(id)) {
      const message = 'Message does not exist or is not available for visibility timeout change.';
      throw refusal('InvalidParameterValue', message);
    }
    const message = this.#backlog.inFlight(receiptHandle);
    if (message?.flight === undefined) throw refusal('MessageNotInflight', 'The message is not in flight.');
    if (nowMs + timeoutMs > message.flight.receivedAtMs + FLIGHT_MS_MAX) {
      throw refusal('InvalidParameterValue', 'Total VisibilityTimeout for the message is beyond the limit.');
    }
    this.#backlog.landAt(message, nowMs + timeoutMs);
    this.#advance();
  }

  /** Loses each message with this probability; gives what is lost. Its deduplication id is remembered all the same. */
  lose(fraction: number): readonly Message[] {
    const { random, counts } = this.#around;
    const lost = this.messages.filter(() => random.chance(fraction));
    for (const message of lost) this.#backlog.remove(message);
    counts.lost += lost.length;
    return lost;
  }

  #take(max: number, nowMs: number): Message[] {
    const { random } = this.#around;
    const nastiness = this.#around.nastiness();
    const receive = new Receive(max, nastiness, random);
    const runs: Message[][] = [];
    let room = receive.max;
    for (const group of receive.inTurn(this.#backlog.free)) {
      if (room === 0) break;
      this.#bury(group);
      const run = receive.run(group, room);
      room -= run.length;
      if (run.length > 0) runs.push(run);
    }
    const messages = receive.handOut(runs);
    const { visibilityTimeoutMs } = this.settings;
    const isEarly = random.chance(nastiness.earlyExpiry);
    const visibleAtMs = nowMs + (isEarly ? random.integer(1, visibilityTimeoutMs) : visibilityTimeoutMs);
    for (const message of messages) this.#backlog.takeOff(message, nowMs, visibleAtMs);
    return messages;
  }

  /** What has been delivered often enough. In a group that is its first ones: no message is delivered without those before. */
  #bury(group: Group): void {
    const target = this.#around.deadLetters();
    if (target === undefined) return;
    for (let first = group.messages[0]; first !== undefined; first = group.messages[0]) {
      if (first.receiveCount < this.settings.maxReceiveCount) return;
      this.#backlog.remove(first);
      target.#adopt(first, this.settings.arn);
      this.#around.counts.deadLettered += 1;
    }
  }

  /** Takes what another queue gives up. Its time here starts anew (SQS Developer Guide, "Using dead-letter queues"). */
  #adopt(message: Message, deadLetterSourceArn: string): void {
    const sentAtMs = this.#advance();
    const number = sequenceNumber(this.#around.nextNumber());
    this.#backlog.add({ ...message, sequenceNumber: number, sentAtMs, deadLetterSourceArn });
  }

  #isUnderWay(batch: readonly Message[], max: number): boolean {
    return batch.length > 0 && batch.length <= max && batch.every(({ flight }) => flight !== undefined);
  }

  /** One after another, as what is done with one may end the delivery of the next. */
  *#inFlight(receiptHandles: readonly string[]): Generator<Message> {
    this.#advance();
    for (const handle of receiptHandles) {
      const message = this.#backlog.inFlight(handle);
      if (message !== undefined) yield message;
    }
  }

  /** Ends what time has ended, and gives the time. */
  #advance(): number {
    const { nowMs: now, counts } = this.#around;
    const nowMs = now();
    counts.expired += this.#backlog.landDue(nowMs);
    for (const message of this.#backlog.messages()) {
      if (nowMs - message.sentAtMs < RETENTION_MS) break;
      this.#backlog.remove(message);
      counts.outlived += 1;
    }
    return nowMs;
  }
}
