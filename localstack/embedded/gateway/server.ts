import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Outcome } from '../functions/outcome.ts';
import { StackError } from '../stack-error.ts';
import type { Api } from './api.ts';
import { readBody } from './body.ts';
import { DEVELOPMENT_PATH, developmentAnswer } from './development-route.ts';
import { proxyEvent } from './event.ts';
import { type Refusal, type RefusalType, refuse } from './gateway-responses.ts';
import { readProxyResponse } from './response.ts';
import { Router } from './router.ts';

/** API Gateway quotas: "Integration timeout: 29 seconds" for a regional REST API's Lambda proxy. */
const INTEGRATION_TIMEOUT_MS = 29_000;

/** Lambda quotas: "Invocation payload: 6 MB", which base64 and the event around a body count towards. */
const MOST_EVENT_BYTES = 6 * 1_048_576;

/** The event around a body, generously: headers are at most 16 KiB, and twice in it. */
const EVENT_OVERHEAD_BYTES = 65_536;

/** How long stopping waits for requests under way. */
const STOP_TIMEOUT_MS = 2_000;

/** Clients keep connections for reuse; one closed under a request looks like an outage. */
const KEEP_ALIVE_MS = 65_000;

/** Where a request arrives before there is an API to route it by. */
const STARTING = '{"message":"The stack is still starting: try again in a few seconds."}';

/** The port of the API: takes it first, so that a port in use is known at once, and serves once there is an API. */
export class Gateway {
  readonly #server: Server;
  readonly #accountId: string;
  #serving: { api: Api; router: Router; stageName: string; secretsFile: string } | undefined;

  constructor(accountId: string) {
    this.#accountId = accountId;
    // Node's own refusal of a request without a host would have no body; here it is worded like any other.
    const options = { requireHostHeader: false };
    this.#server = createServer(options, (request, response) => void this.#answer(request, response));
    // What a client expects is no reason to refuse it, as Node would with a 417 of its own (RFC 9110, 10.1.1).
    this.#server.on('checkExpectation', (request, response) => void this.#answer(request, response));
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#server.on('clientError', (_error, socket) => this.#answerUnreadable(socket as Socket));
  }

  /** Takes the port and gives the URL. Throws a `StackError` when it is taken. */
  listen(port: number): Promise<string> {
    return new Promise((fulfil, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(new StackError(portSentence(port, error))));
      this.#server.listen(port, '127.0.0.1', () => {
        const address = this.#server.address();
        fulfil(`http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`);
      });
    });
  }

  /** @param secretsFile what the development route signs its tokens with */
  serve(api: Api, secretsFile: string): void {
    if (api.stageName === undefined) throw new StackError('The REST API is not deployed to a stage: declare one.');
    this.#serving = { api, router: new Router(api.methods), stageName: api.stageName, secretsFile };
  }

  /** Stops taking requests, and waits a little for those under way. */
  async stop(): Promise<void> {
    const closed = new Promise((fulfil) => this.#server.close(fulfil));
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), STOP_TIMEOUT_MS);
    await closed;
    clearTimeout(timer);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    try {
      await this.#answerAs(requestId, request, response);
    } catch {
      // The client is gone, or the function's headers cannot be sent.
      if (response.headersSent || request.socket.destroyed) response.destroy();
      else this.#refuse(response, 'DEFAULT_5XX', requestId, request.url ?? '/');
    }
  }

  async #answerAs(requestId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (this.#serving === undefined) {
      response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' }).end(STARTING);
      return;
    }
    if (body === undefined) return this.#refuse(response, 'REQUEST_TOO_LARGE', requestId, '/');
    if (lacksHost(request)) return this.#refuse(response, 'DEFAULT_4XX', requestId, '/');
    await this.#route(request, response, requestId, body);
  }

  async #route(request: IncomingMessage, response: ServerResponse, requestId: string, body: Buffer): Promise<void> {
    if (this.#serving === undefined) return;
    const { api, router, stageName, secretsFile } = this.#serving;
    const { fullPath, query } = splitTarget(request.url ?? '/');
    const path = withoutStage(fullPath, stageName);
    if (path === DEVELOPMENT_PATH) {
      const { method, headers } = request;
      return send(response, await developmentAnswer({ method, host: headers.host, requestId }, secretsFile));
    }
    const match = router.match(request.method ?? '', path);
    if (match === undefined) return this.#refuse(response, 'MISSING_AUTHENTICATION_TOKEN', requestId, fullPath);
    const { binaryMediaTypes } = api;
    const apiFacts = { stageName, apiId: api.id, accountId: this.#accountId, binaryMediaTypes };
    const event = proxyEvent({ request, requestId, match, path, fullPath, query, body, ...apiFacts });
    if (eventBytes(event) > MOST_EVENT_BYTES) return this.#refuse(response, 'REQUEST_TOO_LARGE', requestId, fullPath);
    const outcome = await withTimeout(match.method.pool.invoke(event));
    const refusal = refusalOf(outcome);
    if (refusal !== undefined) return this.#refuse(response, refusal, requestId, fullPath);
    const payload = outcome?.kind === 'result' ? outcome.payload : undefined;
    const answer = readProxyResponse(payload, request.headers.accept, binaryMediaTypes);
    if (answer === undefined) return this.#refuse(response, 'DEFAULT_5XX', requestId, fullPath);
    const length = { 'content-length': answer.body.length, 'x-amzn-requestid': requestId };
    response.writeHead(answer.statusCode, { ...answer.headers, ...length }).end(answer.body);
  }

  #refuse(response: ServerResponse, type: RefusalType, requestId: string, path: string): void {
    send(response, this.#refusal(type, requestId, path));
  }

  #refusal(type: RefusalType, requestId: string, path: string): Refusal {
    const { api, stageName = '' } = this.#serving ?? {};
    const refusal = refuse(type, api?.gatewayResponses ?? new Map(), { requestId, stageName, path });
    return { ...refusal, headers: { ...refusal.headers, 'x-amzn-requestid': requestId } };
  }

  /** What Node cannot parse never becomes a request, but is answered like any other refusal. */
  #answerUnreadable(socket: Socket): void {
    if (!socket.writable) return void socket.destroy();
    const { statusCode, headers, body } = this.#refusal('DEFAULT_4XX', randomUUID(), '/');
    const all = { ...headers, connection: 'close', 'content-length': String(Buffer.byteLength(body)) };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? ''}\r\n${lines.join('')}\r\n${body}`);
  }
}

function send(response: ServerResponse, { statusCode, headers, body }: Refusal): void {
  response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

function portSentence(port: number, error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} is taken: stop what listens there, or choose another with PORT.`;
  return `Port ${port} cannot be listened on (${error.code}): choose another with PORT.`;
}

/** RFC 9112, 3.2: a server must answer 400 to an HTTP/1.1 request without a host. */
function lacksHost({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === '1.1' && headers.host === undefined;
}

function splitTarget(target: string): { fullPath: string; query: string } {
  // A proxy's client sends the whole URL.
  const origin = /^https?:\/\/[^/?]*/i.exec(target)?.[0] ?? '';
  const [path = '', ...query] = target.slice(origin.length).split('?');
  return { fullPath: path === '' ? '/' : path, query: query.join('?') };
}

function withoutStage(path: string, stageName: string): string {
  const prefix = `/${stageName}`;
  if (path === prefix) return '/';
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

function eventBytes(event: object): number {
  const { body } = event as { body: string | null };
  return (body === null ? 0 : Buffer.byteLength(body)) + EVENT_OVERHEAD_BYTES;
}

async function withTimeout(invocation: Promise<Outcome>): Promise<Outcome | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((fulfil) => {
    timer = setTimeout(() => fulfil(undefined), INTEGRATION_TIMEOUT_MS);
  });
  try {
    return await Promise.race([invocation, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function refusalOf(outcome: Outcome | undefined): RefusalType | undefined {
  if (outcome === undefined) return 'INTEGRATION_TIMEOUT';
  if (outcome.kind === 'throttled') return 'THROTTLED';
  return outcome.kind === 'result' ? undefined : 'DEFAULT_5XX';
}
