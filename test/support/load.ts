import { setTimeout as sleep } from 'node:timers/promises';
import type { TenantClient } from './client.ts';

/** A short pause of a client whose server does not answer. */
const RETRY_PAUSE_MS = 25;

/** How long a client keeps trying one event; far longer than any restart. */
const PATIENCE_MS = 90_000;

const CLIENTS_AT_ONCE = 6;

/** No answer at all: the connection was refused or cut. */
const NO_ANSWER = 0;

/**
 * Clients that do what an integrator is told to: each sends an event under one key until it is accepted, whatever the
 * answers. Every third event is sent twice on purpose, and every event has an amount of its own.
 */
export class Load {
  /** Distinct events accepted so far. */
  accepted = 0;
  /** What the accepted events must come to, by client. */
  readonly expectedMinor = new Map<TenantClient, number>();
  readonly #clients: readonly TenantClient[];
  #next = 1;

  constructor(clients: readonly TenantClient[]) {
    this.#clients = clients;
    for (const client of clients) this.expectedMinor.set(client, 0);
  }

  /** Sends this many events, does `disturb` once a part of them is accepted, and waits until all are. */
  async during(events: number, disturb: () => Promise<unknown>): Promise<void> {
    const last = this.#next + events;
    const partly = this.accepted + Math.ceil(events / 4);
    let disturbed: Promise<unknown> | undefined;
    const run = async () => {
      while (this.#next < last) {
        await this.#send(this.#next++);
        if (this.accepted >= partly) disturbed ??= disturb();
      }
    };
    await Promise.all(Array.from({ length: CLIENTS_AT_ONCE }, run));
    await disturbed;
  }

  async #send(number: number): Promise<void> {
    const client = this.#clients[number % this.#clients.length];
    if (client === undefined) throw new Error('A load needs clients.');
    const copies = number % 3 === 0 ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) await sendUntilAccepted(client, number);
    this.accepted += 1;
    this.expectedMinor.set(client, (this.expectedMinor.get(client) ?? 0) + number);
  }
}

async function sendUntilAccepted(client: TenantClient, number: number): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const status = await statusOf(client, number);
    if (status === 202) return;
    if (status !== NO_ANSWER && status !== 429 && status < 500) throw new Error(`Event ${number} got ${status}.`);
    if (performance.now() > deadlineMs) throw new Error(`Event ${number} was not accepted; last answer ${status}.`);
    await sleep(RETRY_PAUSE_MS);
  }
}

async function statusOf(client: TenantClient, number: number): Promise<number> {
  try {
    return (await client.post({ quantity: number, idempotency_key: `k${number}` })).status;
  } catch {
    return NO_ANSWER;
  }
}
