import type { SimulatedRequest, SimulatedResponse, SimulatedSystem } from '../system.ts';
import { listing, reading } from './client.ts';
import { documentOf, isFinal } from './history.ts';
import { byAdmin } from './requests.ts';

const TRIES_MAX = 20;
const WAIT_MS = 1_000;

/** A run of a reconciliation, as the API shows it. */
export interface RunDocument {
  readonly ok: boolean;
  readonly complete: boolean;
  readonly run_id: string;
  readonly discrepancies: readonly { readonly type: string; readonly [name: string]: unknown }[];
  readonly checked: Readonly<Record<string, number>>;
}

/** Looks at everything by HTTP once nothing goes wrong any more. Throws when an answer never comes. */
export class Auditor {
  readonly #system: SimulatedSystem;

  constructor(system: SimulatedSystem) {
    this.#system = system;
  }

  get(token: string, path: string): Promise<SimulatedResponse> {
    return this.#ask(reading(token, path));
  }

  async document(token: string, path: string): Promise<Record<string, unknown>> {
    return documentOf(await this.get(token, path)) ?? {};
  }

  statement(tenant: string, period: string): Promise<SimulatedResponse[]> {
    return listing({ tenant, period, limit: 1_000 }, (sending) => this.#ask(sending));
  }

  /** A reconciliation of everything, to its end. */
  async reconcile(): Promise<RunDocument> {
    let run = documentOf(await this.#ask(byAdmin('POST', '/reconcile', {}))) as unknown as RunDocument;
    for (let tries = 0; !run.complete && tries < TRIES_MAX; tries += 1) {
      await this.#wait(WAIT_MS);
      run = (await this.document('admin', `/reconcile/${run.run_id}`)) as unknown as RunDocument;
    }
    return run;
  }

  async #ask(sending: (nowMs: number) => SimulatedRequest): Promise<SimulatedResponse> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const response = await this.#system.request(sending(this.#system.scheduler.nowMs));
      if (isFinal(response)) return response;
      await this.#wait(WAIT_MS);
    }
    throw new Error(`Nobody answers ${sending(0).path}, though nothing goes wrong.`);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.#system.scheduler.after(ms, '', resolve));
  }
}
