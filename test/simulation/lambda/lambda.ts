import { SimulatedProcess } from '../process.ts';
import type { Random } from '../random.ts';
import { contextOf } from './context.ts';
import { type FunctionName, functions } from './functions.ts';
import { Instance, type Surroundings } from './instance.ts';

/** How an invocation ended; `failed` when it threw, timed out or died. */
export type Outcome =
  | { readonly kind: 'result'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly why: string };

/** An invocation with a name, by which its calls are known. */
export interface Invocation {
  readonly name: string;
  readonly outcome: Promise<Outcome>;
}

export interface LambdaFaults {
  /** Of an invocation: Lambda starts another instance for it though one is idle, with nothing in its caches. */
  readonly coldStart: number;
  /** Clocks of instances differ from the true time by up to this. */
  readonly skewMs: number;
  /** How often in a minute a queue loses a part of its messages, which SQS never has; the sweep is there for it. */
  readonly queueLossPerMinute: number;
}

/** Runs the functions: an instance has one invocation at a time, and what dies takes its memory with it. */
export class SimulatedLambda {
  readonly #surroundings: Surroundings;
  readonly #random: Random;
  readonly #faults: LambdaFaults;
  readonly #idle = new Map<FunctionName, Instance[]>();
  #invocations = 0;
  #instances = 0;

  constructor(surroundings: Surroundings, random: Random, faults: LambdaFaults) {
    this.#surroundings = surroundings;
    this.#random = random;
    this.#faults = faults;
  }

  invoke(name: FunctionName, event: object): Invocation {
    const processName = `${name}#${++this.#invocations}`;
    return { name: processName, outcome: this.#run(name, processName, event) };
  }

  #run(name: FunctionName, processName: string, event: object): Promise<Outcome> {
    const { scheduler } = this.#surroundings;
    const instance = this.#instance(name);
    return new Promise((resolve) => {
      const process = new SimulatedProcess(processName, instance.skewMs, () =>
        resolve({ kind: 'failed', why: 'died' }),
      );
      const end = (outcome: Outcome) => {
        if (!process.isAlive) return;
        process.end();
        instance.process = undefined;
        this.#idleOf(name).push(instance);
        resolve(outcome);
      };
      const deadlineMs = scheduler.nowMs + functions[name].timeoutMs;
      scheduler.after(functions[name].timeoutMs, '', () => process.die());
      instance.process = process;
      const context = contextOf(processName, () => Math.max(0, deadlineMs - scheduler.nowMs));
      instance.handler(event as never, context).then(
        (payload) => end({ kind: 'result', payload }),
        (error: unknown) => end({ kind: 'failed', why: String(error) }),
      );
    });
  }

  #instance(name: FunctionName): Instance {
    const idle = this.#idleOf(name);
    if (idle.length > 0 && !this.#random.chance(this.#faults.coldStart)) {
      return idle.splice(this.#random.integer(0, idle.length - 1), 1)[0] as Instance;
    }
    const random = this.#random.fork(`instance ${++this.#instances}`);
    const skewMs = Math.round((this.#random.next() * 2 - 1) * this.#faults.skewMs);
    return new Instance(name, this.#surroundings, { random, skewMs });
  }

  #idleOf(name: FunctionName): Instance[] {
    let idle = this.#idle.get(name);
    if (idle === undefined) {
      idle = [];
      this.#idle.set(name, idle);
    }
    return idle;
  }
}
