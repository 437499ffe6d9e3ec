import { StackError } from '../stack-error.ts';
import { noContext } from './access.ts';
import type { Credentials } from './credentials.ts';
import { Door } from './door.ts';
import { Judge } from './judge.ts';
import { PolicyBook } from './policy-book.ts';
import type { Service } from './refusal-answers.ts';
import { type FunctionName, Sentry } from './sentry.ts';

export type Endpoints = Readonly<Record<Service, string>>;

/** What AWS does with a function's role by itself, such as polling a queue, and checks when that is declared. */
interface Demand {
  readonly logicalId: string;
  readonly actions: readonly string[];
  readonly resource: string;
  /** What AWS would refuse to create. */
  readonly by: string;
}

/** Any credentials do where nobody checks them. */
const UNCHECKED: Credentials = { accessKeyId: 'local', secretAccessKey: 'local', sessionToken: 'local' };

/**
 * Holds every function to its role, if that is wished for: it gives them credentials of their own and endpoints that check each
 * call. Without, functions call the engines themselves, as whoever they like.
 */
export class Authority {
  readonly book = new PolicyBook();
  readonly #sentry: Sentry | undefined;
  readonly #demands: Demand[] = [];
  #doors: readonly Door[] = [];
  #endpoints: Endpoints;
  readonly #engines: Endpoints;

  /** @param record told of every call that is denied; undefined when none is to be checked */
  constructor(engines: Endpoints, record: ((line: string) => void) | undefined) {
    this.#engines = engines;
    this.#endpoints = engines;
    this.#sentry = record && new Sentry(record);
  }

  /** Where functions find the services. */
  get endpoints(): Endpoints {
    return this.#endpoints;
  }

  /** Puts up the doors; nothing passes before `begin`. */
  async open(): Promise<void> {
    const sentry = this.#sentry;
    if (sentry === undefined) return;
    const doorTo = (service: Service) => new Door(service, this.#engines[service], sentry);
    const doors = { dynamodb: doorTo('dynamodb'), sqs: doorTo('sqs'), s3: doorTo('s3') };
    this.#doors = Object.values(doors);
    const [dynamodb, sqs, s3] = await Promise.all([doors.dynamodb.listen(), doors.sqs.listen(), doors.s3.listen()]);
    this.#endpoints = { dynamodb, sqs, s3 };
  }

  /** What a function signs with. Throws a `StackError` for one that has no role to be held to. */
  enrol(name: FunctionName, roleArn: string | undefined): Credentials {
    if (this.#sentry === undefined) return UNCHECKED;
    if (roleArn !== undefined) return this.#sentry.enrol(name, roleArn);
    throw new StackError(`${name.logicalId} declares no Role: give it one, or unset ZEROSUM_ENFORCE_IAM.`);
  }

  /** A queue's URL as functions must use it, for the SDK sends to the URL itself. */
  urlForFunctions(url: string): string {
    return url.replace(this.#engines.sqs, this.#endpoints.sqs);
  }

  demand(demand: Demand): void {
    this.#demands.push(demand);
  }

  /** Lets calls through from now on. Throws a `StackError` for a policy it cannot read, or a demand that is not granted. */
  begin(at: { readonly region: string; readonly accountId: string }): void {
    if (this.#sentry === undefined) return;
    const judge = new Judge({ ...at, book: this.book });
    this.#sentry.obey(judge);
    for (const { logicalId, actions, resource, by } of this.#demands) {
      const accesses = actions.map((action) => ({ action, resource, context: noContext }));
      const refusal = judge.refusalOf(this.#sentry.callerOf(logicalId), accesses);
      if (refusal !== undefined)
        throw new StackError(`AWS would refuse to create ${by}. ${refusal.message}: grant it.`);
    }
  }

  close(): void {
    for (const door of this.#doors) door.close();
  }
}
