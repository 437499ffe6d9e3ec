import type { SimulatedRequest, SimulatedResponse, SimulatedSystem } from '../system.ts';
import { documentOf, type Exchange, isFinal, type Performance } from './history.ts';
import type { Operation, Patience } from './operation.ts';
import { byAdmin } from './requests.ts';

/** Between two tries nobody waits longer. */
const WAIT_MAX_MS = 20_000;

/** A listing longer than this never ends. */
const PAGES_MAX = 400;

/** Does what is planned, as clients do, and keeps what was said. */
export class Clients {
  readonly performances: Performance[] = [];
  /** Of the simulation itself: what must never happen. */
  readonly faults: unknown[] = [];
  readonly #system: SimulatedSystem;
  readonly #onAnswer: (operation: Operation, response: SimulatedResponse) => void;
  #underWay = 0;

  /** @param onAnswer hears each final answer at the moment it comes */
  constructor(system: SimulatedSystem, onAnswer: (operation: Operation, response: SimulatedResponse) => void) {
    this.#system = system;
    this.#onAnswer = onAnswer;
  }

  /** Whether every client has what it wanted, or has given up. */
  get areDone(): boolean {
    return this.#underWay === 0;
  }

  plan(operations: readonly Operation[]): void {
    for (const operation of operations) {
      this.#underWay += 1;
      this.#system.scheduler.after(operation.afterMs, `client ${operation.index} ${operation.deed.kind}`, () => {
        this.#perform(operation).catch((error: unknown) => this.faults.push(error));
      });
    }
  }

  async #perform(operation: Operation): Promise<void> {
    const exchanges: Exchange[] = [];
    this.performances.push({ operation, exchanges });
    const ask = async (sending: (nowMs: number) => SimulatedRequest) => {
      const response = await this.#insist(sending, operation.patience, exchanges);
      if (response !== undefined) this.#onAnswer(operation, response);
      return response;
    };
    const { deed } = operation;
    switch (deed.kind) {
      case 'send':
      case 'wrong':
        await ask(deed.sending);
        break;
      case 'close':
        await ask(byAdmin('POST', '/periods/close', { tenant: deed.tenant, period: deed.period }));
        break;
      case 'redrive':
        await ask(byAdmin('POST', '/dead-letters/redrive', { tenant: deed.tenant, event_ids: deed.eventIds }));
        break;
      case 'reconcile':
        await ask(byAdmin('POST', '/reconcile', { full: deed.full, ...(deed.tenant && { tenant: deed.tenant }) }));
        break;
      case 'statement':
        await listing(deed, ask);
        break;
      case 'receipt':
        await ask(reading(`tenant:${deed.tenant}`, `/events/${encodeURIComponent(deed.eventId)}`));
        break;
      case 'read':
        await ask(reading(deed.token, deed.path));
        break;
    }
    this.#underWay -= 1;
  }

  /** The same request until an answer says what became of it, or patience ends. */
  async #insist(
    sending: (nowMs: number) => SimulatedRequest,
    { attempts, firstWaitMs }: Patience,
    exchanges: Exchange[],
  ): Promise<SimulatedResponse | undefined> {
    const { scheduler } = this.#system;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (attempt > 0) await this.#wait(Math.min(WAIT_MAX_MS, firstWaitMs * 2 ** (attempt - 1)));
      const sentMs = scheduler.nowMs;
      const request = sending(sentMs);
      const response = await this.#system.request(request);
      exchanges.push({ request, sentMs, answeredMs: scheduler.nowMs, response });
      if (isFinal(response) && !hasOpenItems(response)) return response;
    }
    return undefined;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.#system.scheduler.after(ms, '', resolve));
  }
}

export function reading(token: string, path: string): (nowMs: number) => SimulatedRequest {
  return () => ({ method: 'GET', path, token });
}

/** A batch of which some places were not answered for good. */
function hasOpenItems(response: SimulatedResponse): boolean {
  return response.status === 207 && response.body.includes('"status":503');
}

/** A month from its first line to its last. */
export async function listing(
  { tenant, period, limit }: { readonly tenant: string; readonly period: string; readonly limit: number },
  ask: (sending: (nowMs: number) => SimulatedRequest) => Promise<SimulatedResponse | undefined>,
): Promise<SimulatedResponse[]> {
  const pages: SimulatedResponse[] = [];
  let cursor = '';
  do {
    const query = `period=${period}&limit=${limit}${cursor && `&cursor=${cursor}`}`;
    const response = await ask(reading(`tenant:${tenant}`, `/statement?${query}`));
    if (response === undefined) return pages;
    pages.push(response);
    const next = documentOf(response)?.['next_cursor'];
    cursor = typeof next === 'string' ? next : '';
  } while (cursor !== '' && pages.length < PAGES_MAX);
  return pages;
}
