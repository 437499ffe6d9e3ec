import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sign } from '../embedded/dev-tokens.ts';

/** Events go to so many tenants in turn; each has sixteen lanes. */
const TENANTS = 8;

export const benchTenants: readonly string[] = Array.from({ length: TENANTS }, (_, at) => `bench_${at}`);

/** One accepted event, in milliseconds since 1970 by this machine's clock. */
export interface Acceptance {
  readonly tenant: string;
  readonly eventId: string;
  /** When it was sent or, at a given pace, when it was due: a late start counts as waiting. */
  readonly dueAtMs: number;
  /** When its 202 was here. */
  readonly acceptedAtMs: number;
}

/** Sends single events over kept-alive connections: each connection has one event under way. */
export class LoadDriver {
  readonly #url: string;
  readonly #connections: number;
  readonly #agent: Agent;
  readonly #tokens: readonly string[];
  #sent = 0;

  private constructor(url: string, connections: number, tokens: readonly string[]) {
    this.#url = url;
    this.#connections = connections;
    this.#tokens = tokens;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @param url the API's, without a trailing slash */
  static async create(url: string, connections: number): Promise<LoadDriver> {
    const tokens = await Promise.all(benchTenants.map((tenant) => sign({ tenant_id: tenant })));
    return new LoadDriver(`${url}/events`, connections, tokens);
  }

  /** As many events as the stack takes: each connection sends the next as soon as it has its answer. */
  flatOut(events: number): Promise<Acceptance[]> {
    return this.#run(events, () => Date.now());
  }

  /** So many events a second, evenly spaced, as long as the connections suffice. */
  paced(events: number, perSecond: number): Promise<Acceptance[]> {
    const startMs = Date.now();
    return this.#run(events, (index) => startMs + (index * 1_000) / perSecond);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #run(events: number, dueAtMs: (index: number) => number): Promise<Acceptance[]> {
    const acceptances: Acceptance[] = [];
    let next = 0;
    const connection = async () => {
      for (let index = next++; index < events; index = next++) {
        const due = dueAtMs(index);
        const earlyMs = due - Date.now();
        if (earlyMs > 0) await sleep(earlyMs);
        acceptances.push(await this.#send(due));
      }
    };
    await Promise.all(Array.from({ length: this.#connections }, connection));
    return acceptances;
  }

  #send(dueAtMs: number): Promise<Acceptance> {
    const at = this.#sent++ % TENANTS;
    const tenant = benchTenants[at] ?? '';
    const key = randomUUID();
    const body = JSON.stringify({ tenant, metric: 'api_call', quantity: 1, idempotency_key: key });
    const headers = {
      authorization: `Bearer ${this.#tokens[at]}`,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    return new Promise((fulfil, reject) => {
      const sent = request(this.#url, { method: 'POST', agent: this.#agent, headers }, (response) => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode === 202) {
            fulfil({ tenant, eventId: `api:${key}`, dueAtMs, acceptedAtMs: Date.now() });
          } else reject(new Error(`An event was answered with ${response.statusCode} instead of 202.`));
        });
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }
}
