import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { type FuzzRequest, pairsOf, send } from './exchange.ts';
import type { FuzzRun } from './fuzz-run.ts';

/** Headers of one connection, which the next has for itself; what was packed is passed on unpacked. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding']);

/** Stands before the server and hands every exchange that passes to a fuzz run. */
export class Recorder {
  readonly #server: Server;

  private constructor(run: FuzzRun) {
    this.#server = createServer((request, response) => {
      void passOn(run, request, response).catch(() => response.destroy());
    });
  }

  static async start(run: FuzzRun): Promise<Recorder> {
    const recorder = new Recorder(run);
    await new Promise<void>((listening) => recorder.#server.listen(0, '127.0.0.1', listening));
    return recorder;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

async function passOn(run: FuzzRun, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.from(await readText(incoming.setEncoding('latin1')), 'latin1');
  const request: FuzzRequest = {
    method: incoming.method ?? '',
    target: incoming.url ?? '/',
    headers: pairsOf(incoming.rawHeaders).filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase())),
    body: body.length === 0 ? undefined : body,
  };
  const answer = await send(run.url, request);
  run.take({ request, answer });
  for (const [name, value] of answer.headers) if (!HOP_BY_HOP.has(name)) response.setHeader(name, value);
  response.writeHead(answer.status).end(answer.text);
}
