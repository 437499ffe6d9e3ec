import { identities, identity } from '../session/identity.ts';
import { apiUrl } from './base.ts';
import { lastCallId, record } from './call-log.ts';
import { isProblem, type Problem } from './problem.ts';

/** What to ask of the API. */
export interface CallRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Of the contract, such as `/events/api%3Afirst`. */
  readonly path: string;
  /** Undefined and empty values are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON, or as it stands when it is text already: a signature is over bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The credential: of whom one acts as unless told otherwise, `null` for none (a signed webhook has its own headers). */
  readonly token?: string | null;
  /** Whom it is made as, where that is not whom one acts as. */
  readonly actor?: string;
  /** Whether the log of calls leaves it out: what is asked again every few seconds would bury the rest. */
  readonly isRepeat?: boolean;
  readonly signal?: AbortSignal;
}

/** A call that was made, and what came of it. */
export interface Call {
  readonly id: number;
  readonly startedAtMs: number;
  readonly tookMs: number;
  readonly method: string;
  readonly url: string;
  /** As sent, the credential with them. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string | undefined;
  /** The credential among the headers, which is hidden where they are shown; none where it was not kept. */
  readonly token: string | undefined;
  /** Whom it was made as. */
  readonly actor: string;
  /** 0 when nothing answered. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The answer as JSON; undefined when it is none. */
  readonly json: unknown;
  /** Why it was refused or failed, in the service's words or, when nothing answered, in ours. */
  readonly problem: Problem | undefined;
}

let calls = lastCallId();

/** Makes a call. It never throws but when aborted: a refusal, and no answer at all, are results like any other. */
export async function call(request: CallRequest): Promise<Call> {
  const { method, signal } = request;
  const url = apiUrl(request.path) + queryOf(request.query);
  const requestBody = bodyOf(request.body);
  const token = (request.token === undefined ? identity.peek()?.token : request.token) ?? undefined;
  const requestHeaders: Record<string, string> = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(requestBody !== undefined && { 'content-type': 'application/json' }),
    ...request.headers,
  };
  calls += 1;
  const actor = request.actor ?? actorOf(token);
  const begun = { id: calls, startedAtMs: Date.now(), method, url, requestHeaders, requestBody, token, actor };
  const startedMs = performance.now();
  const answered = await answer(url, {
    method,
    headers: requestHeaders,
    ...(requestBody !== undefined && { body: requestBody }),
    ...(signal && { signal }),
  });
  const made: Call = { ...begun, tookMs: performance.now() - startedMs, ...answered };
  if (request.isRepeat !== true) record(made);
  return made;
}

const NO_ANSWER: Problem = {
  title: 'No answer',
  status: 0,
  detail: 'Nothing answered: is the stack running? Then try again.',
};

const NOT_SENDABLE: Problem = {
  title: 'Not sent',
  status: 0,
  detail: 'The credential or the key id holds a character that no HTTP header can carry: paste it again.',
};

/** Whom a credential is known as here. */
function actorOf(token: string | null | undefined): string {
  if (token == null) return 'nobody';
  return identities.peek().find((one) => one.token === token)?.label ?? 'whom the token names';
}

type Answered = Pick<Call, 'status' | 'headers' | 'text' | 'json' | 'problem'>;

async function answer(url: string, init: RequestInit): Promise<Answered> {
  try {
    const response = await fetch(url, { ...init, credentials: 'omit', redirect: 'error', cache: 'no-store' });
    const text = await response.text();
    const json = parse(text);
    const { status } = response;
    return { status, headers: Object.fromEntries(response.headers), text, json, problem: problemOf(status, json) };
  } catch (error) {
    if (init.signal?.aborted) throw error;
    const problem = isSendable(init.headers) ? NO_ANSWER : NOT_SENDABLE;
    return { status: 0, headers: {}, text: '', json: undefined, problem };
  }
}

/** Whether the browser would send these headers; it throws over others before it asks anything. */
function isSendable(headers: RequestInit['headers']): boolean {
  try {
    new Headers(headers);
    return true;
  } catch {
    return false;
  }
}

function problemOf(status: number, json: unknown): Problem | undefined {
  if (status < 400) return undefined;
  if (isProblem(json)) return json;
  return { title: `Status ${status}`, status, detail: 'The answer holds no explanation: see it below.' };
}

function queryOf(query: CallRequest['query'] = {}): string {
  const set = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`;
}

function bodyOf(body: unknown): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
