import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import type { SimulatedProcess } from './process.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Call, Service } from './service.ts';

/** How often what goes wrong, as probabilities of one call. */
export interface NetworkFaults {
  /** The caller dies before the call leaves, or with its answer. */
  readonly death: number;
  /** The call never arrives. */
  readonly lostCall: number;
  /** What was asked for is done, and nobody hears of it. */
  readonly lostAnswer: number;
  /** The call takes seconds, as long as a client waits for at most. */
  readonly slow: number;
}

export const calmNetwork: NetworkFaults = { death: 0, lostCall: 0, lostAnswer: 0, slow: 0 };

/** A client gives an unanswered call up after so long (`REQUEST_TIMEOUT_MS` of our SDK clients). */
const TIMEOUT_MS = 3_000;

/** How often the SDK repeats an unanswered call before its caller learns of it. */
const SDK_ATTEMPTS = 2;

const QUICK_MS = { min: 1, max: 12 };

/** What DynamoDB throws for a transaction under a token that is under way; the SDK takes it for a throttle and repeats. */
const IN_PROGRESS = 'TransactionInProgressException';

export interface NetworkCounts {
  calls: number;
  deaths: number;
  lostCalls: number;
  lostAnswers: number;
  repeats: number;
  /** Writes refused because another transaction was at the same item. */
  conflicts: number;
  /** Transactions cancelled for another reason. */
  cancelled: number;
}

/** Between every caller and every service: takes its time, and loses what the seed wants lost. */
export class Network {
  readonly counts: NetworkCounts = {
    calls: 0,
    deaths: 0,
    lostCalls: 0,
    lostAnswers: 0,
    repeats: 0,
    conflicts: 0,
    cancelled: 0,
  };
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #faults: NetworkFaults;

  constructor(scheduler: Scheduler, random: Random, faults: NetworkFaults) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#faults = faults;
  }

  /** A call of a process. Never settles once the process is dead; throws the service's exception or a timeout. */
  call(process: SimulatedProcess, service: Service, call: Call): Promise<object> {
    return new Promise((resolve, reject) => {
      this.counts.calls += 1;
      const settle = (act: () => void) => {
        if (this.#dies()) this.#kill(process, call);
        if (process.isAlive) act();
      };
      if (this.#dies()) this.#kill(process, call);
      if (!process.isAlive) return;
      this.#attempt(withToken(call, this.#random), service, 1, (outcome) =>
        settle(() => ('answer' in outcome ? resolve(outcome.answer) : reject(outcome.error))),
      );
    });
  }

  #attempt(call: Call, service: Service, number: number, done: (outcome: Outcome) => void): void {
    const again = (error: unknown) => {
      if (number >= SDK_ATTEMPTS) return done({ error });
      this.counts.repeats += 1;
      this.#attempt(call, service, number + 1, done);
    };
    if (this.#random.chance(this.#faults.lostCall)) {
      this.counts.lostCalls += 1;
      this.#scheduler.after(TIMEOUT_MS, `lost ${nameOf(call)}`, () => again(timeoutError()));
      return;
    }
    this.#scheduler.after(this.#delayMs(), '', () => {
      let finish: () => object;
      try {
        finish = service.arrive(call);
      } catch (error) {
        this.#answer(call, { error }, done, again);
        return;
      }
      this.#scheduler.after(this.#delayMs(), '', () => this.#answer(call, outcomeOf(finish), done, again));
    });
  }

  #answer(call: Call, outcome: Outcome, done: (outcome: Outcome) => void, again: (error: unknown) => void): void {
    if ('error' in outcome) this.#count(outcome.error);
    if (this.#random.chance(this.#faults.lostAnswer)) {
      this.counts.lostAnswers += 1;
      this.#scheduler.after(TIMEOUT_MS, `unheard ${nameOf(call)} ${wordOf(outcome)}`, () => again(timeoutError()));
      return;
    }
    this.#scheduler.after(this.#delayMs(), `${nameOf(call)} ${wordOf(outcome)}`, () => {
      if ('error' in outcome && outcome.error instanceof Error && outcome.error.name === IN_PROGRESS) {
        again(outcome.error);
      } else {
        done(outcome);
      }
    });
  }

  #count(error: unknown): void {
    if (error instanceof TransactionCanceledException) {
      const isConflict = error.CancellationReasons?.some(({ Code }) => Code === 'TransactionConflict') ?? false;
      this.counts[isConflict ? 'conflicts' : 'cancelled'] += 1;
    } else if (error instanceof TransactionConflictException) {
      this.counts.conflicts += 1;
    }
  }

  #delayMs(): number {
    if (this.#random.chance(this.#faults.slow)) return this.#random.integer(QUICK_MS.max, TIMEOUT_MS);
    return this.#random.integer(QUICK_MS.min, QUICK_MS.max);
  }

  #dies(): boolean {
    return this.#faults.death > 0 && this.#random.chance(this.#faults.death);
  }

  #kill(process: SimulatedProcess, call: Call): void {
    if (!process.isAlive) return;
    this.counts.deaths += 1;
    this.#scheduler.after(0, `death of ${process.name} at ${call.command}`, () => undefined);
    process.die();
  }
}

type Outcome = { readonly answer: object } | { readonly error: unknown };

function outcomeOf(finish: () => object): Outcome {
  try {
    return { answer: finish() };
  } catch (error) {
    return { error };
  }
}

/** The SDK gives every transaction a token, the same for each repeat of one call. */
function withToken(call: Call, random: Random): Call {
  if (call.command !== 'TransactWriteItemsCommand') return call;
  const ClientRequestToken = `t${random.next().toString(36).slice(2)}`;
  return { ...call, input: { ClientRequestToken, ...call.input } };
}

function timeoutError(): Error {
  const error = new Error('No answer in time.');
  error.name = 'TimeoutError';
  return error;
}

function nameOf({ caller, command, input }: Call): string {
  const table = 'TableName' in input ? ` ${input.TableName}` : '';
  return `${caller} ${command.replace('Command', '')}${table}`;
}

function wordOf(outcome: Outcome): string {
  return 'answer' in outcome ? 'done' : outcome.error instanceof Error ? outcome.error.name : 'failed';
}
