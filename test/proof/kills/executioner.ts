import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../simulation/random.ts';
import { type Death, dieAt, impatientSweep, killEngine, killStack, killWorker } from '../../support/kills.ts';
import type { RunningStack, StackOptions } from '../../support/stack.ts';
import type { Callers } from './callers.ts';
import type { Closer } from './closer.ts';
import type { Kill, Target } from './plan.ts';
import type { Sender } from './sender.ts';
import { type Traffic, tenants } from './traffic.ts';

/** Impatient throughout: what a dead process held is taken up after a second. */
export const stackOptions: StackOptions = {
  functionEnvironment: { ...impatientSweep.functionEnvironment, Admin: { CLOSE_CLAIM_MAX_AGE_MS: '1000' } },
};

export interface Company {
  readonly callers: Callers;
  readonly closer: Closer;
  readonly sender: Sender;
  readonly traffic: Traffic;
}

/** Carries out kills; what is killed is made to be at work when the load alone would leave it idle. */
export class Executioner {
  stack: RunningStack;
  readonly violations: string[] = [];
  readonly #random: Random;
  readonly #company: Company;

  constructor(stack: RunningStack, random: Random, company: Company) {
    this.stack = stack;
    this.#random = random;
    this.#company = company;
  }

  /** Kills, and waits until the process is gone and another has come. Throws when that does not happen. */
  async perform(kill: Kill): Promise<Death> {
    if (kill.kind === 'random') {
      const late = async () => {
        await sleep(kill.delayMs);
        return this.#kill(kill.target);
      };
      const [death] = await Promise.all([late(), this.#occupy(kill.target)]);
      return death;
    }
    const { target, point } = kill;
    switch (point) {
      case 'adjustment:after-intake':
      case 'adjustment:after-send':
        return dieAt(this.stack, target, point, () => this.#adjust());
      case 'admin:after-claim':
      case 'admin:after-gate':
      case 'admin:before-seal':
      case 'admin:after-seal':
        return dieAt(this.stack, target, point, () => this.#company.closer.next());
      case 'reconcile:between-steps':
        return dieAt(this.stack, target, point, () => this.#reconcile(this.#random.pick(tenants)));
      case 'reconcile:before-send':
      case 'reconcile:after-send':
      case 'reconcile:before-watermark':
        return dieAt(this.stack, target, point, () => this.#sweep());
      case 'projector:after-rebuilt-meter':
      case 'projector:before-generation': {
        const tenant = this.#random.pick(tenants);
        const death = await dieAt(this.stack, target, point, () => this.#rebuild(tenant));
        // Safe to end at any time, says its help, and done once it says so.
        await this.#rebuild(tenant);
        return death;
      }
      default:
        return dieAt(this.stack, target, point);
    }
  }

  async #kill(target: Target): Promise<Death> {
    switch (target) {
      case 'sqs':
      case 'dynamodb':
      case 's3':
        return killEngine(this.stack, target);
      case 'stack': {
        const { stack, death } = await killStack(this.stack, stackOptions);
        this.stack = stack;
        return death;
      }
      default:
        return killWorker(this.stack, target, (ids) => ids[this.#random.integer(0, ids.length - 1)]);
    }
  }

  /** Gives work to what is mostly idle. */
  async #occupy(target: Target): Promise<void> {
    const isHeads = this.#random.chance(0.5);
    const reconcile = () => this.#reconcile(this.#random.pick(tenants));
    // Both leave an anchor in the bucket.
    if (target === 's3') await (isHeads ? this.#company.closer.next() : reconcile());
    if (target === 'Reconcile') await (isHeads ? this.#sweep() : reconcile());
    if (target === 'Admin') await (isHeads ? this.#adjust() : this.#company.closer.next());
  }

  #adjust(): Promise<void> {
    return this.#company.callers.perform(this.#company.traffic.adjustment());
  }

  async #sweep(): Promise<void> {
    await this.stack.invoke('Reconcile', {});
  }

  /** A run over what is new. What is still on its way it may find, and nothing else. */
  async #reconcile(tenant: string): Promise<void> {
    const { status, json, text } = await this.#company.sender.post(
      '/reconcile',
      { admin: true },
      { tenant, full: false },
    );
    const found = (json?.discrepancies ?? []) as readonly { type: string }[];
    const isClean = found.every(({ type }) => type === 'unsettled');
    if (status !== 200 || !isClean) this.violations.push(`a reconciliation under load answered ${status}: ${text}`);
  }

  async #rebuild(tenant: string): Promise<void> {
    let event: unknown = { task: 'rebuild', tenant };
    for (;;) {
      const { kind, payload } = await this.stack.invoke('Projector', event);
      if (kind !== 'result' || (payload as { complete: boolean }).complete) return;
      event = payload;
    }
  }
}
