import type { Depth } from './counts.ts';
import { type Message, receiptHandle } from './message.ts';
import type { Group } from './receive.ts';

/** A FIFO queue's messages: their groups, which of these are free, and what is in flight. */
export class Backlog {
  readonly #messages = new Map<string, Message>();
  readonly #groups = new Map<string, Group>();
  readonly #free = new Set<Group>();
  /** By receipt handle, in the order they were received. */
  readonly #inFlight = new Map<string, Message>();
  /** No flight is over before. */
  #nextExpiryMs = Number.POSITIVE_INFINITY;

  /** Groups that may be delivered, longest free first. */
  get free(): ReadonlySet<Group> {
    return this.#free;
  }

  get depth(): Depth {
    const inFlight = this.#inFlight.size;
    return { visible: this.#messages.size - inFlight, inFlight };
  }

  /** In the order they were sent. */
  messages(): IterableIterator<Message> {
    return this.#messages.values();
  }

  has(messageId: string): boolean {
    return this.#messages.has(messageId);
  }

  /** The message of a delivery that is not over. */
  inFlight(handle: string): Message | undefined {
    return this.#inFlight.get(handle);
  }

  add(message: Message): void {
    const group = this.#groups.get(message.groupId) ?? { messages: [], inFlight: 0 };
    group.messages.push(message);
    this.#messages.set(message.id, message);
    this.#groups.set(message.groupId, group);
    this.#settle(message.groupId, group);
  }

  remove(message: Message): void {
    this.#messages.delete(message.id);
    const group = this.#groups.get(message.groupId);
    group?.messages.splice(group.messages.indexOf(message), 1);
    this.land(message);
    if (group !== undefined) this.#settle(message.groupId, group);
  }

  takeOff(message: Message, receivedAtMs: number, visibleAtMs: number): void {
    message.receiveCount += 1;
    message.firstReceivedAtMs ??= receivedAtMs;
    message.flight = { receiptHandle: receiptHandle(message), receivedAtMs, visibleAtMs };
    this.#inFlight.set(message.flight.receiptHandle, message);
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, visibleAtMs);
    const group = this.#groups.get(message.groupId);
    if (group === undefined) return;
    group.inFlight += 1;
    this.#settle(message.groupId, group);
  }

  land(message: Message): void {
    if (message.flight === undefined) return;
    this.#inFlight.delete(message.flight.receiptHandle);
    message.flight = undefined;
    const group = this.#groups.get(message.groupId);
    if (group === undefined) return;
    group.inFlight -= 1;
    this.#settle(message.groupId, group);
  }

  /** Moves the end of a message's flight. */
  landAt(message: Message, visibleAtMs: number): void {
    if (message.flight !== undefined) message.flight.visibleAtMs = visibleAtMs;
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, visibleAtMs);
  }

  /** Lands what has been in flight as long as it may, in the order of time; gives how many. */
  landDue(nowMs: number): number {
    if (nowMs < this.#nextExpiryMs) return 0;
    const due: Message[] = [];
    this.#nextExpiryMs = Number.POSITIVE_INFINITY;
    for (const message of this.#inFlight.values()) {
      if (endOf(message) <= nowMs) due.push(message);
      else this.#nextExpiryMs = Math.min(this.#nextExpiryMs, endOf(message));
    }
    due.sort((one, other) => endOf(one) - endOf(other));
    for (const message of due) this.land(message);
    return due.length;
  }

  #settle(id: string, group: Group): void {
    if (group.messages.length === 0) this.#groups.delete(id);
    if (group.messages.length > 0 && group.inFlight === 0) this.#free.add(group);
    else this.#free.delete(group);
  }
}

function endOf({ flight }: Message): number {
  return flight?.visibleAtMs ?? Number.NEGATIVE_INFINITY;
}
