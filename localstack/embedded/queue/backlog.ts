import type { Message } from './message.ts';

/** The messages that one delivery locks together, in the order they were sent. */
interface Group {
  readonly messages: Message[];
  inFlight: number;
}

/** What one receive takes out of the backlog. */
export interface Taken {
  readonly delivered: Message[];
  /** Messages that had no receive left; they are out of the backlog. */
  readonly exhausted: Message[];
}

/** What one receive asks of the backlog; times in epoch milliseconds. */
export interface TakeRequest {
  readonly max: number;
  readonly nowMs: number;
  readonly visibleAtMs: number;
  readonly isExhausted: (message: Message) => boolean;
}

/**
 * A queue's messages: their order, who may be handed out, and the group lock (SQS Developer Guide, "FIFO queue delivery
 * logic"). A message keeps its place in its group until it is deleted, so whatever becomes visible again, in whatever order, is
 * redelivered in the order it was sent.
 */
export class Backlog {
  readonly #byId = new Map<string, Message>();
  readonly #groups = new Map<string, Group>();
  readonly #inFlight = new Set<Message>();
  /** Keys of unlocked groups whose first message is visible; least recently served first, so that no group starves. */
  readonly #ready = new Set<string>();
  /** Keys of unlocked groups whose first message is still delayed. */
  readonly #delayed = new Set<string>();
  readonly #visibleFromMs: (message: Message) => number;

  /** @param visibleFromMs when a message's delay ends; asked anew each time, for a FIFO queue's delay is retroactive */
  constructor(visibleFromMs: (message: Message) => number) {
    this.#visibleFromMs = visibleFromMs;
  }

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  get oldest(): Message | undefined {
    return this.#byId.values().next().value;
  }

  find(messageId: string): Message | undefined {
    return this.#byId.get(messageId);
  }

  add(message: Message, nowMs: number): void {
    const group = this.#groups.get(message.lockKey) ?? { messages: [], inFlight: 0 };
    group.messages.push(message);
    this.#groups.set(message.lockKey, group);
    this.#byId.set(message.id, message);
    this.#settle(message.lockKey, group, nowMs);
  }

  /** Takes up to `max` messages, as many as possible of one group before the next, and locks their groups. */
  take(request: TakeRequest): Taken {
    const taken: Taken = { delivered: [], exhausted: [] };
    for (const key of this.#ready) {
      if (taken.delivered.length >= request.max) break;
      const group = this.#groups.get(key);
      if (group === undefined) continue;
      this.#takeFrom(group, request, taken);
      this.#settle(key, group, request.nowMs);
    }
    return taken;
  }

  /** Deletes a message, in flight or not. */
  remove(message: Message, nowMs: number): void {
    this.#byId.delete(message.id);
    this.#withGroup(message, nowMs, (group) => {
      group.messages.splice(group.messages.indexOf(message), 1);
      this.#land(message, group);
    });
  }

  /** Makes a message in flight visible again. */
  release(message: Message, nowMs: number): void {
    this.#withGroup(message, nowMs, (group) => this.#land(message, group));
  }

  /** Releases what has timed out and readies what is delayed no longer. */
  advance(nowMs: number): void {
    for (const message of this.#inFlight) {
      if (message.flight !== undefined && message.flight.visibleAtMs <= nowMs) this.release(message, nowMs);
    }
    for (const key of this.#delayed) {
      const group = this.#groups.get(key);
      if (group !== undefined) this.#settle(key, group, nowMs);
    }
  }

  /** When `advance` next has something to do, epoch milliseconds; Infinity for never. */
  nextChangeMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { flight } of this.#inFlight) next = Math.min(next, flight?.visibleAtMs ?? next);
    for (const key of this.#delayed) {
      const first = this.#groups.get(key)?.messages[0];
      if (first !== undefined) next = Math.min(next, this.#visibleFromMs(first));
    }
    return next;
  }

  /** The three numbers that `GetQueueAttributes` calls approximate. */
  count(nowMs: number): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    let delayed = 0;
    for (const message of this.#byId.values()) {
      if (message.flight === undefined && this.#visibleFromMs(message) > nowMs) delayed += 1;
    }
    const inFlight = this.#inFlight.size;
    return { visible: this.#byId.size - inFlight - delayed, inFlight, delayed };
  }

  clear(): void {
    for (const collection of [this.#byId, this.#groups, this.#inFlight, this.#ready, this.#delayed]) collection.clear();
  }

  #takeFrom(group: Group, request: TakeRequest, taken: Taken): void {
    let index = 0;
    while (taken.delivered.length < request.max) {
      const message = group.messages[index];
      if (message === undefined || this.#visibleFromMs(message) > request.nowMs) return;
      if (request.isExhausted(message)) {
        group.messages.splice(index, 1);
        this.#byId.delete(message.id);
        taken.exhausted.push(message);
        continue;
      }
      message.receiveCount += 1;
      message.firstReceivedAtMs ??= request.nowMs;
      message.flight = { receivedAtMs: request.nowMs, visibleAtMs: request.visibleAtMs };
      this.#inFlight.add(message);
      group.inFlight += 1;
      taken.delivered.push(message);
      index += 1;
    }
  }

  #land(message: Message, group: Group): void {
    message.flight = undefined;
    if (this.#inFlight.delete(message)) group.inFlight -= 1;
  }

  #withGroup(message: Message, nowMs: number, change: (group: Group) => void): void {
    const group = this.#groups.get(message.lockKey);
    if (group === undefined) return;
    change(group);
    this.#settle(message.lockKey, group, nowMs);
  }

  /** Files a group under what may happen to it next: nothing while it is locked. */
  #settle(key: string, group: Group, nowMs: number): void {
    const first = group.inFlight === 0 ? group.messages[0] : undefined;
    const visible = first !== undefined && this.#visibleFromMs(first) <= nowMs;
    file(this.#ready, key, visible);
    file(this.#delayed, key, first !== undefined && !visible);
    if (group.messages.length === 0) this.#groups.delete(key);
  }
}

function file(keys: Set<string>, key: string, belongs: boolean): void {
  if (belongs) keys.add(key);
  else keys.delete(key);
}
