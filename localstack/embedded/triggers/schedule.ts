import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionPool } from '../functions/pool.ts';
import { StackError } from '../stack-error.ts';
import type { Trigger } from './trigger.ts';

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** A rule that runs this seldom does something large, which nobody wants at each start; it waits for its time. */
const SELDOM_MS = 3_600_000;

/** How long stopping waits for a run under way. */
const STOP_TIMEOUT_MS = 2_000;

/** The milliseconds of an EventBridge rate such as `rate(5 minutes)`. Throws a `StackError` for any other expression. */
export function rateMs(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const periodMs = Number(count) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  if (periodMs > 0) return periodMs;
  throw new StackError(
    `The schedule ${expression} is not a rate in minutes, hours or days, the only kind that runs here.`,
  );
}

export interface ScheduleOptions {
  readonly ruleArn: string;
  readonly periodMs: number;
  readonly pool: FunctionPool;
  /** The event, if the rule's target declares a constant one. */
  readonly input: unknown;
  readonly region: string;
  readonly accountId: string;
}

/** An EventBridge rule with a rate: runs at the start, unless it runs seldom, then at its rate, never beside itself. */
export class Schedule implements Trigger {
  readonly #options: ScheduleOptions;
  #timer: NodeJS.Timeout | undefined;
  #run: Promise<unknown> | undefined;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.periodMs < SELDOM_MS) this.#tick();
    this.#timer = setInterval(() => this.#tick(), this.#options.periodMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.race([this.#run, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  }

  #tick(): void {
    if (this.#run !== undefined) return;
    this.#run = this.#options.pool.invoke(this.#options.input ?? this.#event()).finally(() => {
      this.#run = undefined;
    });
  }

  /** EventBridge User Guide, "Scheduled events". */
  #event(): object {
    const { accountId, region, ruleArn } = this.#options;
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: accountId,
      time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources: [ruleArn],
      detail: {},
    };
  }
}
