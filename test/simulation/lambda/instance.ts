import type { Telemetry } from '../../../lambdas/telemetry.ts';
import type { World } from '../../../lambdas/world.ts';
import { inDocumentForm } from '../document-form.ts';
import type { Network } from '../network.ts';
import type { SimulatedProcess } from '../process.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { type Answer, clientOf } from '../seam.ts';
import type { Service } from '../service.ts';
import { authenticate, SEAL_SECRET, secrets } from './credentials.ts';
import { type FunctionName, functions, type Handler } from './functions.ts';

/** AWS, as the functions reach it. */
export interface Services {
  readonly dynamodb: Service;
  readonly sqs: Service;
  readonly s3: Service;
}

export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly services: Services;
  readonly telemetry: Telemetry;
}

/** An execution environment: a function with its memory, which runs one invocation at a time and may run many. */
export class Instance {
  readonly skewMs: number;
  readonly handler: Handler;
  /** The invocation under way. */
  process: SimulatedProcess | undefined;

  /** @param skewMs what its clock shows beyond the true time */
  constructor(name: FunctionName, surroundings: Surroundings, options: { random: Random; skewMs: number }) {
    this.skewMs = options.skewMs;
    this.handler = functions[name].create(this.#world(surroundings, options.random));
  }

  #world({ scheduler, network, services, telemetry }: Surroundings, random: Random): World {
    const through =
      (service: Service): Answer =>
      (command, input) => {
        const { process } = this;
        // What an invocation has left behind unawaited stands still until the next; ours leave nothing.
        if (process === undefined) throw new Error(`A call after the invocation's end: ${command}.`);
        return network.call(process, service, { command, input, caller: process.name });
      };
    const dynamodb = clientOf<World['dynamodb']>(inDocumentForm(through(services.dynamodb)));
    const sqs = clientOf<World['sqs']>(through(services.sqs));
    const s3 = clientOf<World['s3']>(through(services.s3));
    const sleep = (ms: number) => {
      const { process } = this;
      return new Promise<void>((resolve) => {
        scheduler.after(Math.max(0, ms), '', () => {
          if (process?.isAlive) resolve();
        });
      });
    };
    return {
      ...{ dynamodb, sqs, s3, telemetry, authenticate, secrets },
      clock: { nowMs: () => Math.floor(scheduler.nowMs + this.skewMs), sleep, random: () => random.next() },
      readSealSecret: async () => SEAL_SECRET,
      newSecret: () => Array.from({ length: 64 }, () => Math.floor(random.next() * 16).toString(16)).join(''),
      newId: () => `id-${Math.floor(random.next() * 2 ** 52).toString(36)}`,
    };
  }
}
