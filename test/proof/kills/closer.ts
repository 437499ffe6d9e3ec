import { waitFor } from '../../support/wait-for.ts';
import type { Sender } from './sender.ts';
import { monthAfter, readStatement } from './statements.ts';

/** For one close, whatever is killed under it. */
const CLOSE_TIMEOUT_MS = 120_000;

/** Idle months lie further back than any usage. */
const IDLE_MONTHS_AGO = 24;

export interface ClosedMonth {
  readonly tenant: string;
  readonly period: string;
  /** Its statement when it was found closed, which it must be for ever after. */
  readonly text: string;
}

/** Closes month after month, as an administrator who asks until a month is closed. */
export class Closer {
  readonly closed: ClosedMonth[] = [];
  readonly violations: string[] = [];
  readonly #sender: Sender;
  readonly #book: { tenant: string; period: string }[];

  /** @param startedAt whose month, and the next, are closed under traffic, by turns with idle ones */
  constructor(sender: Sender, tenants: readonly string[], startedAt: Date) {
    this.#sender = sender;
    const busy = [0, 1].flatMap((months) =>
      tenants.map((tenant) => ({ tenant, period: monthAfter(startedAt, months) })),
    );
    this.#book = busy.flatMap((month, index) => [
      month,
      { tenant: month.tenant, period: monthAfter(startedAt, -IDLE_MONTHS_AGO - index) },
    ]);
  }

  /** Closes the next month of its book, if there is one left. */
  async next(): Promise<void> {
    const month = this.#book.shift();
    if (month === undefined) return;
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
