import { ZerosumInvalidError, ZerosumProblem, ZerosumUnexpectedAnswer, ZerosumUnreachable } from './errors.ts';
import type { Answer, Input, OperationId } from './operation-types.ts';
import { type RetryPolicy, retryAfterMsOf, waitMs } from './retry-policy.ts';
import type { ClientClock } from './runtime.ts';
import { type Problem, routes } from './types/api.ts';

/** A bearer token or API key, or how to get one that is valid now: asked before each try. */
export type Token = string | (() => string | Promise<string>);

/** What a caller is told before a call is tried again. */
export interface Retry {
  readonly operation: OperationId;
  /** How often it was tried. */
  readonly tries: number;
  readonly waitMs: number;
  readonly because: ZerosumProblem | ZerosumUnreachable | ZerosumUnexpectedAnswer;
}

export interface CallOptions extends Partial<RetryPolicy> {
  /** Ends the call at once; it rejects with the signal's reason. What was sent may have been done. */
  readonly signal?: AbortSignal;
  readonly onRetry?: (retry: Retry) => void;
}

/** The headers that say who sends a body: asked for before each try. */
export type Credential = (body: string) => Promise<Record<string, string>>;

/** How a request differs from most others. */
interface Form {
  /** Of the body; JSON by default. */
  readonly contentType?: string;
  /** The client's token by default. */
  readonly credential?: Credential;
}

/** What a caller is made of. */
export interface CallerParts {
  readonly url: URL;
  readonly token: Token | undefined;
  readonly fetch: typeof fetch;
  readonly clock: ClientClock;
  readonly retries: RetryPolicy;
  readonly onRetry: ((retry: Retry) => void) | undefined;
}

export interface Answered<Id extends OperationId> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Answer<Id>;
}

/** A try that may be followed by another. */
interface Failure {
  readonly error: Retry['because'];
  readonly retryAfterMs?: number | undefined;
  /** Whether the service may have acted all the same. */
  readonly mayHaveActed: boolean;
}

/** A gateway or proxy in front of the service that got no answer from it. */
const GATEWAY_FAULTS: ReadonlySet<number> = new Set([502, 504]);
const RETRIED: ReadonlySet<number> = new Set([429, 503]);
const HEADER_SAFE = /^[\x21-\x7e]+$/;

/**
 * Sends requests of the API's operations. Every one of them is safe to send again as it is: it reads, or it carries an
 * idempotency key, an id of its own or the version it means, or asks for what may happen twice (a reconciliation, a
 * redrive), or is answered 409 the second time (a close). So each is tried again, the same bytes, after no answer, a 503
 * or a 429, until it is answered or its time is up.
 */
export class Caller {
  readonly #parts: CallerParts;

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  /** What an operation answers, without its headers. Throws as `call`. */
  async answer<Id extends OperationId>(operation: Id, input: Input<Id>, options?: CallOptions): Promise<Answer<Id>> {
    return (await this.call(operation, input, options)).body;
  }

  /** Throws a ZerosumError, or the reason of the signal that ended it. */
  async call<Id extends OperationId>(
    operation: Id,
    input: Input<Id>,
    options: CallOptions = {},
    { contentType, credential = this.#bearer }: Form = {},
  ): Promise<Answered<Id>> {
    const { clock, retries } = this.#parts;
    const { budgetMs, triesMax, tryTimeoutMs } = { ...retries, ...options };
    const { signal, onRetry = this.#parts.onRetry } = options;
    const request = requestOf(this.#parts.url, operation, input, contentType);
    const deadlineMs = clock.nowMs() + budgetMs;
    let afterLostAnswer = false;
    for (let tries = 1; ; tries += 1) {
      const timeoutMs = Math.max(1, Math.min(tryTimeoutMs, deadlineMs - clock.nowMs()));
      const headers = { ...request.init.headers, ...(await credential(request.init.body ?? '')) };
      const init = { ...request.init, headers };
      const outcome: Answered<Id> | Failure = await this.#try<Id>(request.url, init, {
        tries,
        timeoutMs,
        signal,
        afterLostAnswer,
      });
      if ('body' in outcome) return outcome;
      const pauseMs = waitMs(tries, outcome.retryAfterMs, clock);
      if (tries >= triesMax || clock.nowMs() + pauseMs >= deadlineMs) throw outcome.error;
      afterLostAnswer ||= outcome.mayHaveActed;
      onRetry?.({ operation, tries, waitMs: pauseMs, because: outcome.error });
      await clock.sleep(pauseMs, signal);
    }
  }

  readonly #bearer: Credential = async () => {
    const { token } = this.#parts;
    if (token === undefined) return {};
    const value = typeof token === 'string' ? token : await token();
    if (!HEADER_SAFE.test(value)) {
      throw new ZerosumInvalidError('The token holds a space, a line break or another character that no token has.');
    }
    return { authorization: `Bearer ${value}` };
  };

  async #try<Id extends OperationId>(
    url: URL,
    init: RequestInit & { readonly method: string },
    { tries, timeoutMs, signal, afterLostAnswer }: TryContext,
  ): Promise<Answered<Id> | Failure> {
    const request = `${init.method} ${url.href}`;
    signal?.throwIfAborted();
    const ended = new AbortController();
    const end = () => ended.abort();
    const timer = setTimeout(end, timeoutMs);
    signal?.addEventListener('abort', end);
    let response: Response;
    let text: string;
    try {
      response = await this.#parts.fetch(url, { ...init, redirect: 'manual', signal: ended.signal });
      text = await response.text();
    } catch (error) {
      signal?.throwIfAborted();
      const why = ended.signal.aborted ? `nothing within ${timeoutMs} ms` : reasonOf(error);
      return { error: new ZerosumUnreachable(request, tries, why, { cause: error }), mayHaveActed: true };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
    const { status, headers } = response;
    const retryAfterMs = retryAfterMsOf(headers.get('retry-after'), this.#parts.clock.nowMs());
    const json = jsonOf(text);
    if (response.ok && json !== undefined) return { status, headers, body: json as Answer<Id> };
    if (isProblem(json)) {
      const error = new ZerosumProblem(json, { tries, retryAfterMs, afterLostAnswer });
      if (RETRIED.has(status)) return { error, retryAfterMs, mayHaveActed: status === 503 };
      throw error;
    }
    const error = new ZerosumUnexpectedAnswer(request, status, whatIs(response, text));
    const isRetried = RETRIED.has(status) || GATEWAY_FAULTS.has(status) || response.ok;
    if (isRetried) return { error, retryAfterMs, mayHaveActed: status !== 429 };
    throw error;
  }
}

interface TryContext {
  readonly tries: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly afterLostAnswer: boolean;
}

/** Read where the operation is not known: the types of `Input` have checked it. */
interface Untyped {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly header?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

function requestOf<Id extends OperationId>(
  base: URL,
  operation: Id,
  input: Input<Id>,
  contentType = 'application/json',
) {
  const { method, path } = routes[operation];
  const { path: segments = {}, query = {}, header = {}, body } = input as Untyped;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(segments[name] ?? ''));
  const url = new URL(`${base.pathname.replace(/\/$/, '')}${filled}`, base);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  const headers: Record<string, string> = { accept: 'application/json' };
  for (const [name, value] of Object.entries(header)) if (value !== undefined) headers[name.toLowerCase()] = value;
  const init: { method: string; headers: Record<string, string>; body?: string } = { method, headers };
  if (body !== undefined) {
    headers['content-type'] = contentType;
    init.body = JSON.stringify(body);
  }
  return { url, init };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(json: unknown): json is Problem {
  const problem = json as Partial<Problem> | null | undefined;
  return typeof problem?.detail === 'string' && typeof problem.status === 'number' && typeof problem.type === 'string';
}

function whatIs(response: Response, text: string): string {
  const location = response.headers.get('location');
  if (response.type === 'opaqueredirect' || location !== null) return `a redirect to ${location ?? 'another place'}`;
  return text === '' ? 'nothing' : `${text.length} characters that are no JSON we know`;
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: unknown; cause?: { code?: unknown; message?: unknown } };
  const inner = cause?.code ?? cause?.message;
  return typeof inner === 'string' && inner !== '' ? `${message}: ${inner}` : String(message);
}
