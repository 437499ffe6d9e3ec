import { setTimeout as sleep } from 'node:timers/promises';
import { type Door, type Intent, nameOf } from './intent.ts';
import type { Credential, Sender } from './sender.ts';
import type { Tally } from './tally.ts';
import type { Task, Traffic } from './traffic.ts';

const CALLERS = 6;

/** Between the events that a caller sends while only a kill is waited for, so that a slow one makes no long run. */
const OVERTIME_PAUSE_MS = 200;

const paths: Readonly<Record<Door, string>> = {
  api: '/events',
  webhook: '/webhooks/usage',
  adjustment: '/adjustments',
};

interface BatchResult {
  readonly index: number;
  readonly status: number;
}

/** Callers at work beside each other: what they are told goes into the tally. */
export class Callers {
  batches = 0;
  readonly #traffic: Traffic;
  readonly #sender: Sender;
  readonly #tally: Tally;

  constructor({ traffic, sender, tally }: { traffic: Traffic; sender: Sender; tally: Tally }) {
    this.#traffic = traffic;
    this.#sender = sender;
    this.#tally = tally;
  }

  /**
   * Sends until so many events are accepted since the start of all, and `disturb` is done, which begins when this share of
   * what is missing has been accepted. Throws what either threw first.
   */
  async during(untilEvents: number, afterShare: number, disturb: () => Promise<void>): Promise<void> {
    const { accepted } = this.#tally;
    const begins = accepted.size + afterShare * Math.max(0, untilEvents - accepted.size);
    let disturbance: Promise<void> | undefined;
    let failure: { readonly reason: unknown } | undefined;
    let isOver = false;
    const fail = (reason: unknown) => {
      failure ??= { reason };
    };
    const work = async () => {
      while (failure === undefined && (!isOver || accepted.size < untilEvents)) {
        if (accepted.size >= begins) {
          disturbance ??= disturb()
            .catch(fail)
            .finally(() => {
              isOver = true;
            });
        }
        if (accepted.size < untilEvents) {
          await this.perform(this.#traffic.next());
        } else {
          await this.perform(this.#traffic.single());
          await sleep(OVERTIME_PAUSE_MS);
        }
      }
    };
    // Everybody ends before it is said what went wrong: nobody sends or kills behind an audit's back.
    await Promise.all(Array.from({ length: CALLERS }, () => work().catch(fail)));
    await disturbance;
    if (failure !== undefined) throw failure.reason;
  }

  async perform(task: Task): Promise<void> {
    if (task.kind === 'batch') {
      for (let time = 0; time < task.times; time += 1) await this.#sendBatch(task.intents);
    } else if (task.together) {
      await Promise.all(task.intents.map((intent) => this.#send(intent)));
    } else {
      for (const intent of task.intents) await this.#send(intent);
    }
  }

  async #send(intent: Intent): Promise<void> {
    const { status } = await this.#sender.post(paths[intent.door], credentialOf(intent), intent.body);
    this.#note(intent, status);
  }

  /** What a batch's answer leaves undecided is sent again, as a smaller batch. */
  async #sendBatch(intents: readonly Intent[]): Promise<void> {
    const [first] = intents;
    if (first === undefined) return;
    this.batches += 1;
    const { status, json } = await this.#sender.settle({
      ...{ method: 'POST', path: '/events/batch', credential: credentialOf(first) },
      ...{ body: intents.map(({ body }) => body), contentType: 'application/json' },
    });
    if (status !== 202 && status !== 207) {
      this.#tally.violations.push(`a batch of ${intents.length} got ${status}`);
      return;
    }
    const undecided: Intent[] = [];
    for (const [index, intent] of intents.entries()) {
      const result = (json.results as readonly BatchResult[])[index];
      if (result?.status === 503) undecided.push(intent);
      else this.#note(intent, result?.status ?? 0);
    }
    if (undecided.length > 0) this.#sender.retries += 1;
    await this.#sendBatch(undecided);
  }

  #note(intent: Intent, status: number): void {
    if (status === 202) this.#tally.accept(intent);
    else if (status === 409) this.#tally.refuse(intent);
    else this.#tally.violations.push(`${nameOf(intent)} got ${status}`);
  }
}

function credentialOf({ door, tenant }: Intent): Credential {
  if (door === 'webhook') return { signed: true };
  return door === 'adjustment' ? { admin: true } : { tenant };
}
