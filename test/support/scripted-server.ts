import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one request; an answer that is never ended is one that does not come. */
export type Step = (response: ServerResponse, request: Received) => void;

/** A server that answers as a script says, for faults that a real one does not produce on demand. */
export class ScriptedServer {
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly #steps: Step[];

  private constructor(steps: readonly Step[]) {
    this.#steps = [...steps];
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method = '', url = '', headers } = request;
      const received = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      this.received.push(received);
      // The last step answers whatever comes after it, too.
      const step = this.#steps.length > 1 ? this.#steps.shift() : this.#steps[0];
      step?.(response, received);
    });
  }

  static async start(...steps: readonly Step[]): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(steps);
    await new Promise<void>((resolve) => scripted.#server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

export function answering(status: number, body: unknown, headers: Record<string, string> = {}): Step {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** A refusal as the API words it. */
export function refusing(status: number, kind: string, headers: Record<string, string> = {}): Step {
  const problem = {
    type: `urn:zerosum:problem:${kind}`,
    title: kind,
    status,
    detail: `It is ${kind}.`,
    request_id: 'r-1',
  };
  return answering(status, problem, { 'content-type': 'application/problem+json', ...headers });
}

/** Ends the connection without a word. */
export const cut: Step = (response) => response.socket?.destroy();

/** Promises more than it sends, then ends the connection. */
export const half: Step = (response) => {
  response.writeHead(202, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"accepted":', () => response.socket?.destroy());
};

export const silent: Step = () => undefined;
