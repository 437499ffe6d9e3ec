import { randomUUID } from 'node:crypto';
import { Backlog } from './backlog.ts';
import { DeduplicationWindow } from './deduplication.ts';
import { type Accepted, acceptDraft, type Draft } from './draft.ts';
import { invalidParameter, QueueError } from './errors.ts';
import type { Delivery, Message } from './message.ts';
import { type Caller, Pollers, type ReceiveRequest } from './pollers.ts';
import { parseReceiptHandle } from './receipt.ts';
import { type Attributes, parseSettings, type Settings } from './settings.ts';

/** A message is invisible for at most 12 hours from its receive (SQS API Reference, `ChangeMessageVisibility`). */
const MAX_FLIGHT_MS = 12 * 3_600_000;

/** Leaves room for a million messages a millisecond, so that a restarted engine counts on from above where it died. */
const SEQUENCE_NUMBERS_PER_MS = 1_000_000n;

/** Sequence numbers are compared as text, so all have the length of SQS's own. */
const SEQUENCE_NUMBER_DIGITS = 20;

/** One queue, FIFO or standard: a standard queue is one where each message is a group of its own. */
export class Queue {
  readonly arn: string;
  readonly createdAtMs = Date.now();
  readonly #deadLetterQueue: (arn: string) => Queue | undefined;
  readonly #deduplication = new DeduplicationWindow();
  readonly #backlog = new Backlog((message) => this.#visibleFromMs(message));
  readonly #pollers = new Pollers((request) => this.#take(request));
  #attributes: Attributes;
  #settings: Settings;
  #modifiedAtMs = this.createdAtMs;
  #lastSequenceNumber = BigInt(this.createdAtMs) * SEQUENCE_NUMBERS_PER_MS;
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #wakeTimer: NodeJS.Timeout | undefined;

  /** @param deadLetterQueue finds the queue that a redrive policy names; messages stay here while there is none */
  constructor(arn: string, attributes: Attributes, deadLetterQueue: (arn: string) => Queue | undefined) {
    this.arn = arn;
    this.#deadLetterQueue = deadLetterQueue;
    this.#attributes = attributes;
    this.#settings = parseSettings(attributes);
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** What was set, defaults included. */
  get attributes(): Attributes {
    return this.#attributes;
  }

  /** Everything `GetQueueAttributes` can show: what was set and what is counted. */
  describe(): Attributes {
    const { visible, inFlight, delayed } = this.#backlog.count(this.#advance());
    return {
      ...this.#attributes,
      QueueArn: this.arn,
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      CreatedTimestamp: epochSeconds(this.createdAtMs),
      LastModifiedTimestamp: epochSeconds(this.#modifiedAtMs),
    };
  }

  /** Changes attributes; throws before anything has changed if one is wrong. */
  configure(changes: Attributes): void {
    const attributes = { ...this.#attributes, ...changes };
    this.#settings = parseSettings(attributes);
    this.#attributes = attributes;
    this.#modifiedAtMs = Date.now();
    this.#wake();
  }

  /** Accepts a message, or answers a duplicate with the first send's ids (SQS Developer Guide, "Exactly-once processing"). */
  send(draft: Draft): { readonly messageId: string; readonly sequenceNumber: string | undefined } {
    const accepted = acceptDraft(draft, this.#settings);
    const nowMs = this.#advance();
    const deduplicationKey = this.#deduplicationKey(accepted);
    const original = deduplicationKey === undefined ? undefined : this.#deduplication.find(deduplicationKey, nowMs);
    if (original !== undefined) return original;
    const id = randomUUID();
    const sequenceNumber = this.#nextSequenceNumber();
    if (deduplicationKey !== undefined && sequenceNumber !== undefined) {
      this.#deduplication.remember(deduplicationKey, { messageId: id, sequenceNumber }, nowMs);
    }
    this.#add({
      ...accepted,
      id,
      sequenceNumber,
      lockKey: this.#lockKey(id, accepted.groupId),
      deadLetterSourceArn: undefined,
      sentAtMs: nowMs,
      receiveCount: 0,
      firstReceivedAtMs: undefined,
      flight: undefined,
    });
    return { messageId: id, sequenceNumber };
  }

  /**
   * Hands out messages, waiting up to `waitMs` (undefined: as long as the queue says) for the first. A caller who has gone gets
   * none.
   */
  async receive(request: ReceiveRequest, waitMs: number | undefined, caller: Caller): Promise<Delivery[]> {
    if (caller.isGone) return [];
    const deliveries = this.#take(request);
    const patienceMs = waitMs ?? this.#settings.receiveWaitMs;
    return deliveries.length > 0 || patienceMs === 0 ? deliveries : this.#pollers.wait(request, patienceMs, caller);
  }

  /**
   * Deletes what the handle's receive handed out; a message that is gone already is deleted all right. A FIFO queue refuses a
   * handle whose receive has timed out, a standard queue takes it as long as no later receive has superseded it.
   */
  delete(handle: string): void {
    const receipt = parseReceiptHandle(handle);
    const nowMs = this.#advance();
    const message = this.#backlog.find(receipt.messageId);
    if (message === undefined) return;
    const superseded = message.receiveCount !== receipt.receiveCount;
    if (this.#settings.fifo && (superseded || message.flight === undefined)) {
      throw invalidParameter('ReceiptHandle', handle, 'The receipt handle has expired.');
    }
    if (superseded) return;
    this.#backlog.remove(message, nowMs);
    this.#pollers.notify();
  }

  /** Makes the handle's message visible `timeoutMs` from now; 0 is at once. Throws `MessageNotInflight` for a stale handle. */
  changeVisibility(handle: string, timeoutMs: number): void {
    const receipt = parseReceiptHandle(handle);
    const nowMs = this.#advance();
    const message = this.#backlog.find(receipt.messageId);
    if (message === undefined) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw invalidParameter('ReceiptHandle', handle, reason);
    }
    if (message.flight === undefined || message.receiveCount !== receipt.receiveCount) {
      throw new QueueError('MessageNotInflight', 'The message referred to is not in flight.');
    }
    if (nowMs + timeoutMs > message.flight.receivedAtMs + MAX_FLIGHT_MS) {
      const reason = `Total VisibilityTimeout for the message is beyond the limit [${MAX_FLIGHT_MS / 1_000} seconds].`;
      throw invalidParameter('VisibilityTimeout', timeoutMs / 1_000, reason);
    }
    message.flight.visibleAtMs = nowMs + timeoutMs;
    this.#wakeBy(message.flight.visibleAtMs);
    this.#advance();
  }

  /**
   * Takes over a message of which `sourceArn` has given up. Id, group and count stay; on a FIFO queue the time of sending starts
   * anew, on a standard queue it does not (SQS Developer Guide, "Using dead-letter queues").
   */
  adopt(message: Message, sourceArn: string): void {
    this.#add({
      ...message,
      sequenceNumber: this.#nextSequenceNumber(),
      lockKey: this.#lockKey(message.id, message.groupId),
      deadLetterSourceArn: sourceArn,
      sentAtMs: this.#settings.fifo ? Date.now() : message.sentAtMs,
    });
  }

  /** Drops every message; what was sent stays known to deduplication. */
  purge(): void {
    this.#backlog.clear();
  }

  /** Answers waiting receives and stops the timer. */
  close(): void {
    this.purge();
    this.#pollers.close();
    clearTimeout(this.#wakeTimer);
  }

  #take({ max, visibilityTimeoutMs }: ReceiveRequest): Delivery[] {
    const nowMs = this.#advance();
    const { redrive } = this.#settings;
    const target = redrive && this.#deadLetterQueue(redrive.deadLetterTargetArn);
    const maxReceiveCount = redrive && target ? redrive.maxReceiveCount : Number.POSITIVE_INFINITY;
    const visibleAtMs = nowMs + (visibilityTimeoutMs ?? this.#settings.visibilityTimeoutMs);
    const isExhausted = (message: Message) => message.receiveCount >= maxReceiveCount;
    const { delivered, exhausted } = this.#backlog.take({ max, nowMs, visibleAtMs, isExhausted });
    for (const message of exhausted) target?.adopt(message, this.arn);
    if (delivered.length > 0) this.#wakeBy(visibleAtMs);
    return delivered.map((message) => ({
      message,
      receipt: { messageId: message.id, receiveCount: message.receiveCount },
    }));
  }

  #add(message: Message): void {
    const nowMs = Date.now();
    const visibleFromMs = this.#visibleFromMs(message);
    this.#backlog.add(message, nowMs);
    this.#wakeBy(visibleFromMs > nowMs ? visibleFromMs : message.sentAtMs + this.#settings.retentionMs);
    this.#pollers.notify();
  }

  #visibleFromMs(message: Message): number {
    return message.sentAtMs + (message.delayMs ?? this.#settings.delayMs);
  }

  #lockKey(messageId: string, groupId: string | undefined): string {
    return this.#settings.fifo && groupId !== undefined ? groupId : messageId;
  }

  #deduplicationKey({ groupId, deduplicationId }: Accepted): string | undefined {
    if (deduplicationId === undefined) return undefined;
    return JSON.stringify(this.#settings.deduplicationPerGroup ? [groupId, deduplicationId] : [deduplicationId]);
  }

  #nextSequenceNumber(): string | undefined {
    if (!this.#settings.fifo) return undefined;
    this.#lastSequenceNumber += 1n;
    return String(this.#lastSequenceNumber).padStart(SEQUENCE_NUMBER_DIGITS, '0');
  }

  /** Brings the backlog up to the present, which it returns in epoch milliseconds. */
  #advance(): number {
    const nowMs = Date.now();
    if (nowMs >= this.#wakeAtMs) this.#wake();
    return nowMs;
  }

  /** Applies what time alone has changed, and sets the one timer for the next such change. */
  #wake(): void {
    const nowMs = Date.now();
    this.#backlog.advance(nowMs);
    this.#dropExpired(nowMs);
    clearTimeout(this.#wakeTimer);
    this.#wakeAtMs = Number.POSITIVE_INFINITY;
    const oldest = this.#backlog.oldest;
    const expiryMs = oldest === undefined ? Number.POSITIVE_INFINITY : oldest.sentAtMs + this.#settings.retentionMs;
    this.#wakeBy(Math.min(this.#backlog.nextChangeMs(), expiryMs));
    if (this.#backlog.hasReady) this.#pollers.notify();
  }

  #wakeBy(atMs: number): void {
    if (atMs >= this.#wakeAtMs) return;
    clearTimeout(this.#wakeTimer);
    this.#wakeAtMs = atMs;
    this.#wakeTimer = setTimeout(() => this.#wake(), Math.max(1, atMs - Date.now()));
  }

  /** Drops what is past `MessageRetentionPeriod`, in flight or not. The oldest comes first. */
  #dropExpired(nowMs: number): void {
    for (let message = this.#backlog.oldest; message !== undefined; message = this.#backlog.oldest) {
      if (message.sentAtMs + this.#settings.retentionMs > nowMs) return;
      this.#backlog.remove(message, nowMs);
    }
  }
}

function epochSeconds(ms: number): string {
  return String(Math.floor(ms / 1_000));
}
