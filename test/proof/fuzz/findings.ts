import { curlCommand } from './curl-command.ts';
import type { Exchange, FuzzRequest } from './exchange.ts';

/** Something that is not as promised, with the shortest request that showed it. */
export interface Finding {
  readonly operation: string;
  readonly fault: string;
  readonly request: FuzzRequest | undefined;
  readonly answer: string;
  count: number;
}

const ANSWER_MAX_CHARS = 600;
const TOLD_MAX = 50;

/** What was found, each fault of an operation once however often it showed. */
export class Findings {
  readonly #byKey = new Map<string, Finding>();

  get list(): readonly Finding[] {
    return [...this.#byKey.values()];
  }

  /** A fault that an exchange shows; gives whether it is a new one, or the request the shortest yet. */
  add(operation: string, fault: string, { request, answer }: Exchange): boolean {
    const told = `${answer.status} ${answer.text}`.slice(0, ANSWER_MAX_CHARS);
    return this.#keep({ operation, fault, request, answer: told, count: 1 });
  }

  /** A fault that no single exchange shows; gives whether it is a new one. */
  tell(operation: string, fault: string): boolean {
    return this.#keep({ operation, fault, request: undefined, answer: '', count: 1 });
  }

  /** One text for each, with the command that sends the request again; of very many, the first. */
  told(): string[] {
    const rest = this.list.length - TOLD_MAX;
    const told = this.list
      .slice(0, TOLD_MAX)
      .map(({ operation, fault, request, answer, count }) =>
        [
          `${operation}: ${fault}${count > 1 ? ` (${count} times)` : ''}`,
          ...(request === undefined ? [] : [`  ${curlCommand(request)}`, `  answered ${answer}`]),
        ].join('\n'),
      );
    return rest > 0 ? [...told, `and ${rest} more`] : told;
  }

  #keep(finding: Finding): boolean {
    // The same fault differs in ids and amounts, but a status matters.
    const key = `${finding.operation} ${finding.fault.replaceAll(/[0-9a-f-]{8,}|\d{4,}/g, '#').slice(0, 120)}`;
    const known = this.#byKey.get(key);
    if (known === undefined) {
      this.#byKey.set(key, finding);
      return true;
    }
    const isShorter = sizeOf(finding.request) < sizeOf(known.request);
    this.#byKey.set(key, { ...(isShorter ? finding : known), count: known.count + 1 });
    return isShorter;
  }
}

function sizeOf(request: FuzzRequest | undefined): number {
  return request === undefined ? 0 : request.target.length + (request.body?.length ?? 0) + request.headers.length;
}
