import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unitsOf } from './capacity.ts';
import { rounded } from './quantiles.ts';

export interface Counts {
  readonly calls: Readonly<Record<string, number>>;
  readonly writeUnits: number;
  readonly readUnits: number;
}

/** A request as a function sent it, kept so that it can be sent again without the function. */
export interface SentRequest {
  readonly operation: string;
  readonly body: string;
}

/** Errors whose request consumed what its success would have. */
const CONSUMING_ERRORS = /ConditionalCheckFailedException|TransactionCanceledException/;

/** Stands between one function and one engine, passes everything on, and counts it. */
export class CountingProxy {
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #consumes: boolean;
  readonly #calls = new Map<string, number>();
  readonly #last = new Map<string, string>();
  #write = 0;
  #read = 0;
  /** The engine's endpoint; known only once the stack has started, so set later. */
  upstream = '';
  /** In requests, what a function had to be told before it was known, and what it is. */
  placeholder: { readonly text: string; readonly value: string } | undefined;

  /** @param consumes whether the calls consume DynamoDB capacity */
  constructor(consumes: boolean) {
    this.#consumes = consumes;
    this.#server = createServer((incoming, response) => {
      this.#pass(incoming, response).catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
    });
    this.#server.keepAliveTimeout = 0;
  }

  /** Takes any free port and gives the URL. */
  async listen(): Promise<string> {
    await new Promise<void>((fulfil) => this.#server.listen(0, '127.0.0.1', fulfil));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  reset(): void {
    this.#calls.clear();
    this.#write = 0;
    this.#read = 0;
  }

  /** What was counted since the last reset, per event. */
  perEvent(events: number): Counts {
    const calls = [...this.#calls].map(([operation, count]) => [operation, rounded(count / events)]);
    return {
      calls: Object.fromEntries(calls),
      writeUnits: rounded(this.#write / events),
      readUnits: rounded(this.#read / events),
    };
  }

  /** The latest request of this operation. Throws when there was none. */
  last(operation: string): SentRequest {
    const body = this.#last.get(operation);
    if (body === undefined) throw new Error(`No function has called ${operation}.`);
    return { operation, body };
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const input = this.#filled(await readAll(incoming));
    const { status, headers, body } = await this.#ask(incoming, input);
    this.#count(String(incoming.headers['x-amz-target']).split('.')[1] ?? '', input, status, body);
    response.writeHead(status, headers).end(body);
  }

  #filled(input: Buffer): Buffer {
    if (this.placeholder === undefined) return input;
    const { text, value } = this.placeholder;
    return Buffer.from(input.toString('utf8').replaceAll(text, value));
  }

  async #ask(incoming: IncomingMessage, input: Buffer) {
    const answer = await new Promise<IncomingMessage>((fulfil, reject) => {
      const options = {
        method: incoming.method,
        path: incoming.url,
        headers: { ...incoming.headers, 'content-length': input.length },
        agent: this.#agent,
      };
      request(this.upstream, options as object, fulfil)
        .once('error', reject)
        .end(input);
    });
    return { status: answer.statusCode ?? 500, headers: answer.headers, body: await readAll(answer) };
  }

  #count(operation: string, input: Buffer, status: number, output: Buffer): void {
    this.#calls.set(operation, (this.#calls.get(operation) ?? 0) + 1);
    this.#last.set(operation, input.toString('utf8'));
    const text = output.toString('utf8');
    if (!this.#consumes || (status !== 200 && !CONSUMING_ERRORS.test(text))) return;
    const { write, read } = unitsOf(operation, JSON.parse(input.toString('utf8')), JSON.parse(text));
    this.#write += write;
    this.#read += read;
  }
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
