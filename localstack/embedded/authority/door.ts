import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Access, UnreadableRequest } from './access.ts';
import { dynamodbAccess } from './dynamodb-access.ts';
import type { Judge } from './judge.ts';
import { refuse, type Service } from './refusal-answers.ts';
import { listingOf, s3Access } from './s3-access.ts';
import type { Sentry } from './sentry.ts';
import { sqsAccess } from './sqs-access.ts';

/** More than any request of DynamoDB (16 MiB) or SQS (1 MiB, escaped) may hold. */
const MAX_BODY_BYTES = 20 * 1_048_576;

/** Every connection stays open, as the functions' own do. */
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/**
 * Stands before one engine, at the endpoint that functions are given: lets a request through, byte for byte, when its
 * function's role allows all that it does, and answers as the service denies when it does not. An engine that does not
 * answer looks from outside as it would without the door: the connection breaks.
 */
export class Door {
  readonly #service: Service;
  readonly #upstream: URL;
  readonly #sentry: Sentry;
  readonly #server: Server;

  constructor(service: Service, upstream: string, sentry: Sentry) {
    this.#service = service;
    this.#upstream = new URL(upstream);
    this.#sentry = sentry;
    this.#server = createServer((incoming, response) => {
      this.#answer(incoming, response).catch(() => response.destroy());
    });
    // A pooled connection that the server closes just as the client reuses it looks like an outage, so it never does.
    this.#server.keepAliveTimeout = 0;
  }

  /** Takes any free port and gives the endpoint. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // An object's content decides nothing, so it need not be here to let it through.
    const body = this.#service === 's3' ? undefined : await readAll(incoming);
    const denied = this.#sentry.denial(incoming.headers, (judge) => this.#read(incoming, body, judge));
    if (denied === undefined) {
      this.#pass(incoming, response, body);
      return;
    }
    incoming.resume();
    refuse[this.#service](response, denied);
  }

  #read(incoming: IncomingMessage, body: Buffer | undefined, judge: Judge): Access[] {
    if (body === undefined) return s3Access(incoming);
    const target = String(incoming.headers['x-amz-target']);
    const [, service, operation = ''] = /^(DynamoDB_20120810|AmazonSQS)\.(\w+)$/.exec(target) ?? [];
    const text = body.toString('utf8');
    if (this.#service === 'sqs' && service === 'AmazonSQS') return sqsAccess(operation, text, judge);
    if (this.#service === 'dynamodb' && service === 'DynamoDB_20120810') return dynamodbAccess(operation, text, judge);
    throw new UnreadableRequest(`its target is ${target}`);
  }

  #pass(incoming: IncomingMessage, response: ServerResponse, body: Buffer | undefined): void {
    const { method, url, headers } = incoming;
    const { hostname, port } = this.#upstream;
    const sent = request({ hostname, port, path: url, method, headers, agent }, (answer) => {
      if (answer.statusCode === 404 && this.#hidesMissing(incoming, response)) answer.resume();
      else
        answer.on('error', () => response.destroy()).pipe(response.writeHead(answer.statusCode ?? 502, answer.headers));
    });
    sent.on('error', () => response.destroy());
    // A caller that died or gave up is gone for the engine too.
    response.on('close', () => {
      if (!response.writableFinished) sent.destroy();
    });
    if (body === undefined) incoming.pipe(sent);
    else sent.end(body);
  }

  /** That an object is missing, S3 says only to whoever may list the bucket. */
  #hidesMissing(incoming: IncomingMessage, response: ServerResponse): boolean {
    if (this.#service !== 's3') return false;
    const denied = this.#sentry.denial(incoming.headers, () => s3Access(incoming).map(listingOf));
    if (denied !== undefined) refuse.s3(response, denied);
    return denied !== undefined;
  }
}

/** The whole body. Rejects when the caller breaks off, or sends more than any service takes. */
function readAll(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((fulfil, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > MAX_BODY_BYTES) reject(new RangeError(`A body has more than ${MAX_BODY_BYTES} bytes.`));
    });
    incoming.once('error', reject);
    incoming.once('end', () =>
      fulfil(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
  });
}
