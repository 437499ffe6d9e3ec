import type { ApiDocument } from '../../../lambdas/docs/api-document.ts';
import type { Credentials } from './credentials.ts';
import { type Exchange, type FuzzRequest, send } from './exchange.ts';
import { Findings } from './findings.ts';
import { Judge } from './judge.ts';
import { Tally } from './tally.ts';

/** One fuzz of one server: every driver hands its exchanges in here, where they are judged, booked and counted. */
export class FuzzRun {
  readonly url: string;
  readonly credentials: Credentials;
  readonly judge: Judge;
  readonly tally: Tally;
  readonly findings = new Findings();
  readonly #byStatus = new Map<number, number>();

  constructor(url: string, document: ApiDocument, credentials: Credentials) {
    this.url = url;
    this.credentials = credentials;
    this.judge = new Judge(document, credentials);
    this.tally = new Tally(this.judge.surface, credentials);
  }

  /** How many answers there were, by status. */
  get byStatus(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#byStatus].sort(([left], [right]) => left - right));
  }

  get figures(): Readonly<Record<string, number>> {
    const count = (from: number) =>
      [...this.#byStatus]
        .filter(([status]) => status >= from && status < from + 100)
        .reduce((sum, [, n]) => sum + n, 0);
    const [successes, refusals, failures] = [count(200), count(400), count(500)];
    return {
      answers: successes + refusals + failures,
      'of them 2xx': successes,
      'of them 4xx': refusals,
      'of them 5xx': failures,
    };
  }

  /** Sends a request and takes the exchange in; gives whether it told anything new. */
  async send(request: FuzzRequest, isValid = false): Promise<boolean> {
    const answer = await send(this.url, request).catch((error: Error) => error);
    if (!(answer instanceof Error)) return this.take({ request, answer }, isValid);
    this.tally.uncertain.push(request);
    return this.findings.tell(this.judge.label(request), `there is no answer: ${answer.message}`);
  }

  /** Judges, books and counts an exchange; gives whether it told anything new. */
  take(exchange: Exchange, isValid = false): boolean {
    const { status } = exchange.answer;
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
    const faults = [...this.judge.faults(exchange, isValid), ...this.tally.note(exchange)];
    const label = this.judge.label(exchange.request);
    return faults.map((fault) => this.findings.add(label, fault, exchange)).includes(true);
  }
}
