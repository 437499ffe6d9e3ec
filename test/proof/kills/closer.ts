import { waitFor } from '../../support/wait-for.ts';
import type { Sender } from './sender.ts';
import { monthAfter, readStatement } from './statements.ts';

/** For one close, whatever is killed under it. */
const CLOSE_TIMEOUT_MS = 120_000;

/** Idle months lie further back than any usage. */
const IDLE_MONTHS_AGO = 24;

interface Month {
  readonly tenant: string;
  readonly period: string;
}

export interface ClosedMonth extends Month {
  /** Its statement when it was found closed, which it must be for ever after. */
  readonly text: string;
}

/** This month and the next of each tenant, under traffic, by turns with idle ones; then idle ones for ever. */
function* monthsToClose(tenants: readonly string[], startedAt: Date): Generator<Month, never> {
  let idle = IDLE_MONTHS_AGO;
  for (const months of [0, 1]) {
    for (const tenant of tenants) {
      yield { tenant, period: monthAfter(startedAt, months) };
      yield { tenant, period: monthAfter(startedAt, -idle++) };
    }
  }
  for (;;) {
    for (const tenant of tenants) yield { tenant, period: monthAfter(startedAt, -idle++) };
  }
}

/** Closes month after month, as an administrator who asks until a month is closed. */
export class Closer {
  readonly closed: ClosedMonth[] = [];
  readonly violations: string[] = [];
  readonly #sender: Sender;
  readonly #months: Generator<Month, never>;

  constructor(sender: Sender, tenants: readonly string[], startedAt: Date) {
    this.#sender = sender;
    this.#months = monthsToClose(tenants, startedAt);
  }

  /** Closes the next month, whoever is killed meanwhile. */
  async next(): Promise<void> {
    const { value: month } = this.#months.next();
    const { tenant, period } = month;
    await waitFor(`${period} of ${tenant} to be closed`, () => this.#isClosed(tenant, period), CLOSE_TIMEOUT_MS);
    const { text } = await readStatement(this.#sender, tenant, period);
    this.closed.push({ tenant, period, text });
  }

  async #isClosed(tenant: string, period: string): Promise<boolean> {
    const { status, text } = await this.#sender.post('/periods/close', { admin: true }, { tenant, period });
    if (status === 200) return true;
    // Somebody has closed it or is about to: a caller before, whose answer was lost, or the schedule.
    if (status === 409) return (await readStatement(this.#sender, tenant, period)).status === 'closed';
    this.violations.push(`closing ${period} of ${tenant} got ${status}: ${text}`);
    return true;
  }
}
