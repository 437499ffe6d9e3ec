import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { securityHeaders } from '../../lambdas/http/headers.ts';
import { type ProblemKind, problemDocument, problemHeaders } from '../../lambdas/http/problem.ts';

/** What can be wrong with the server, and what a fuzzer has to say of it then. */
export const flaws = {
  'fails on a large quantity': /it fails with 503/,
  'answers a number for a text': /must be string/,
  'adds a field of its own': /must NOT have additional properties/,
  'takes what its schema refuses': /it takes a body that its schema refuses/,
  'takes two payloads under one id': /two payloads under one id are both answered 202/,
  'refuses what is valid': /it refuses what is valid/,
  'lets anyone in': /a credential that is none of its own is answered 202 and not 401/,
  'lets a tenant act as an administrator': /is answered 200 and not 403/,
  'tells of its insides': /a refusal tells of our insides/,
  'refuses in words': /a refusal is of type text\/plain/,
  'forgets Allow': /a 405 names no methods/,
  'names another event': /a 202 names the event/,
} as const;

export type Flaw = keyof typeof flaws;

/** Whose token it takes. */
export const FLAWED_TENANT = 'tenant_alpha';

/** Whom an event may be for, as in the development world. */
export const FLAWED_TENANTS = [FLAWED_TENANT, 'tenant_beta'];

/** What it has prices for. */
export const FLAWED_METRICS = ['api_call', 'storage_gb_hour'];

const LARGE = 1_000;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A tiny API with a document, which it keeps to but for one flaw. */
export class FlawedApi {
  readonly #server: Server;
  readonly #flaw: Flaw | undefined;
  readonly #tokens: { tenant: string; admin: string };
  readonly #events = new Map<string, string>();

  constructor(tokens: { tenant: string; admin: string }, flaw?: Flaw) {
    this.#tokens = tokens;
    this.#flaw = flaw;
    const answer = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
    this.#server = createServer({ requireHostHeader: false }, answer);
    this.#server.on('checkExpectation', answer);
    this.#server.on('clientError', (_error, socket) => answerUnreadable(socket as Socket));
  }

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await buffer(request).catch(() => undefined);
    // The client is gone.
    if (sent === undefined) return;
    const { status, headers, body } = this.#answer(request, sent);
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
  }

  #answer({ url = '', method, headers }: IncomingMessage, body: Uint8Array): Answer {
    const [path] = url
      .replace(/^https?:\/\/[^/?]*/, '')
      .replace(/^\/local\//, '/')
      .split('?');
    const token = headers.authorization?.replace(/^Bearer +/i, '');
    if (path === '/events') return method === 'POST' ? this.#accept(token, body) : this.#otherMethod('POST');
    if (path === '/books') return method === 'GET' ? this.#show(token) : this.#otherMethod('GET');
    return refusal('not_found');
  }

  #otherMethod(allow: string): Answer {
    return refusal('method_not_allowed', this.#flaw === 'forgets Allow' ? {} : { allow });
  }

  #show(token: string | undefined): Answer {
    const isTenant = token === this.#tokens.tenant;
    if (isTenant && this.#flaw !== 'lets a tenant act as an administrator') return refusal('forbidden');
    if (token !== this.#tokens.admin && !isTenant) return refusal('unauthenticated');
    const sum = this.#flaw === 'answers a number for a text' ? 0 : '0';
    return success(200, { sum, ...(this.#flaw === 'adds a field of its own' && { more: 1 }) });
  }

  #accept(token: string | undefined, body: Uint8Array): Answer {
    if (token !== this.#tokens.tenant && this.#flaw !== 'lets anyone in') return refusal('unauthenticated');
    const event = eventOf(body);
    if (event === undefined) {
      if (this.#flaw === 'refuses in words')
        return { ...refusal('malformed', { 'content-type': 'text/plain' }), body: 'no' };
      const detail = this.#flaw === 'tells of its insides' ? 'TypeError at parse (/var/task/index.js:12:7)' : undefined;
      if (this.#flaw !== 'takes what its schema refuses') return refusal('malformed', {}, detail);
    }
    const { idempotency_key: key = '', quantity = 1, metric = '' } = event ?? {};
    if (quantity > LARGE && this.#flaw === 'fails on a large quantity') return refusal('unavailable');
    if (quantity > LARGE && this.#flaw === 'refuses what is valid') return refusal('malformed');
    const known = this.#events.get(key) ?? `${metric} ${quantity}`;
    this.#events.set(key, known);
    const isOther = known !== `${metric} ${quantity}` && this.#flaw !== 'takes two payloads under one id';
    if (isOther) return refusal('conflict');
    return success(202, {
      accepted: true,
      event_id: this.#flaw === 'names another event' ? 'api:another' : `api:${key}`,
    });
  }
}

interface Event {
  readonly tenant: string;
  readonly metric: string;
  readonly quantity: number;
  readonly idempotency_key: string;
}

/** Undefined: the body is not what the document asks for. */
function eventOf(body: Uint8Array): Event | undefined {
  try {
    const event = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as Event;
    const { tenant, metric, quantity, idempotency_key: key } = event;
    const isKnown = FLAWED_TENANTS.includes(tenant) && FLAWED_METRICS.includes(metric);
    const isValid = isKnown && typeof key === 'string' && key !== '' && Number.isSafeInteger(quantity) && quantity >= 1;
    return isValid ? event : undefined;
  } catch {
    return undefined;
  }
}

function common(): Record<string, string> {
  return { ...securityHeaders, 'x-request-id': randomUUID() };
}

function success(status: number, body: object): Answer {
  return { status, headers: { ...common(), 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function refusal(kind: ProblemKind, more: Record<string, string> = {}, detail = 'Mend it.'): Answer {
  const headers = { ...common(), ...problemHeaders(kind), ...more };
  const document = problemDocument(kind, detail, headers['x-request-id'] ?? '');
  return { status: document.status, headers, body: JSON.stringify(document) };
}

function answerUnreadable(socket: Socket): void {
  const { headers, body } = refusal('malformed', { connection: 'close' });
  const lines = Object.entries({ ...headers, 'content-length': String(body.length) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  if (socket.writable) socket.end(`HTTP/1.1 400 Bad Request\r\n${head}\r\n${body}`);
}
