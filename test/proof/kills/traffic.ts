import type { Random } from '../../simulation/random.ts';
import { daysFromNow } from '../../support/dates.ts';
import { adjustment, apiUsage, delivery, type Intent, METRICS, WEBHOOK_TENANT } from './intent.ts';

/** What one caller does next. */
export type Task =
  /** Sends one event: once, in turn with others of its key, or with them at the same time. */
  | { readonly kind: 'single'; readonly intents: readonly Intent[]; readonly together: boolean }
  /** Sends many at once, some of them twice or with another payload, and the whole of it as often as `times` says. */
  | { readonly kind: 'batch'; readonly intents: readonly Intent[]; readonly times: number };

export const tenants: readonly string[] = [
  WEBHOOK_TENANT,
  ...Array.from({ length: 7 }, (_, index) => `kills_${index + 1}`),
];

const BATCH_MIN = 10;
const BATCH_MAX = 60;

/** Shares of tasks, of deliveries among the single ones; two thirds of the events come in batches, which a machine takes ten times as many of. */
const BATCH_SHARE = 0.05;
const WEBHOOK_SHARE = 0.1;
const ADJUSTMENT_SHARE = 0.04;

/** Shares of events that are sent again, at the same time, with another payload, and with both payloads at once. */
const AGAIN_SHARE = 0.2;
const TOGETHER_SHARE = 0.08;
const CONFLICT_SHARE = 0.06;
const RACE_SHARE = 0.02;

const DATED_SHARE = 0.2;
const OLDEST_DAYS = 300;

/** Now and then a quantity at the contract's limit, so that amounts outgrow a double's whole numbers. */
const LARGEST_QUANTITY = 10 ** 12;
const LARGE_SHARE = 0.01;
const USUAL_QUANTITY = 5_000;

/** Makes up what callers do; each event has a key of its own. */
export class Traffic {
  readonly #random: Random;
  #keys = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): Task {
    const share = this.#random.next();
    if (share < BATCH_SHARE) return this.#batch();
    if (share < BATCH_SHARE + ADJUSTMENT_SHARE) return this.adjustment();
    return this.single();
  }

  /** One event, and whatever else comes under its key. */
  single(): Task {
    return this.#variations(
      this.#random.chance(WEBHOOK_SHARE) ? this.#delivery() : this.#usage(this.#random.pick(tenants)),
    );
  }

  adjustment(): Task {
    const facts = { tenant: this.#random.pick(tenants), key: this.#key() };
    const amount = this.#random.integer(1, USUAL_QUANTITY) * (this.#random.chance(0.5) ? 1 : -1);
    return this.#variations([adjustment({ ...facts, amount }), adjustment({ ...facts, amount: amount + 10_000 })]);
  }

  #batch(): Task {
    const tenant = this.#random.pick(tenants);
    const count = this.#random.integer(BATCH_MIN, BATCH_MAX);
    const intents = Array.from({ length: count }, () => this.#usage(tenant)).flatMap(([intent, other]) => {
      const copies = this.#random.chance(TOGETHER_SHARE) ? [intent, intent] : [intent];
      return this.#random.chance(RACE_SHARE) ? [...copies, other] : copies;
    });
    return { kind: 'batch', intents, times: this.#random.chance(AGAIN_SHARE) ? 2 : 1 };
  }

  /** @param pair the event, and another payload under its key */
  #variations([intent, other]: readonly [Intent, Intent]): Task {
    const share = this.#random.next();
    const single = (intents: Intent[], together = false): Task => ({ kind: 'single', intents, together });
    if (share < RACE_SHARE) return single([intent, other], true);
    if (share < RACE_SHARE + CONFLICT_SHARE) return single([intent, other]);
    if (share < RACE_SHARE + CONFLICT_SHARE + TOGETHER_SHARE) return single([intent, intent, intent], true);
    const isAgain = share < RACE_SHARE + CONFLICT_SHARE + TOGETHER_SHARE + AGAIN_SHARE;
    return single(isAgain ? [intent, intent] : [intent]);
  }

  #usage(tenant: string): [Intent, Intent] {
    const facts = { tenant, ...this.#facts() };
    return [apiUsage(facts), apiUsage({ ...facts, quantity: otherThan(facts.quantity) })];
  }

  #delivery(): [Intent, Intent] {
    const facts = { tenant: WEBHOOK_TENANT, ...this.#facts() };
    return [delivery(facts), delivery({ ...facts, quantity: otherThan(facts.quantity) })];
  }

  #facts() {
    const random = this.#random;
    const quantity = random.chance(LARGE_SHARE) ? LARGEST_QUANTITY : random.integer(1, USUAL_QUANTITY);
    const eventDate = random.chance(DATED_SHARE) ? daysFromNow(-random.integer(0, OLDEST_DAYS)) : undefined;
    return { key: this.#key(), metric: random.pick(METRICS), quantity, eventDate };
  }

  #key(): string {
    this.#keys += 1;
    return `k${this.#keys}`;
  }
}

function otherThan(quantity: number): number {
  return quantity === 1 ? 2 : quantity - 1;
}
