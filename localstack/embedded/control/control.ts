import { createServer, type IncomingMessage, type Server } from 'node:http';
import { z } from 'zod';
import type { CrashPoints } from '../functions/crash-points.ts';
import type { FunctionPool } from '../functions/pool.ts';
import type { FunctionRegistry } from '../functions/registry.ts';

/** An event larger than Lambda takes is no use here either. */
const MOST_BODY_BYTES = 6 * 1_048_576;

const crashSchema = z.object({ function: z.string(), point: z.string().min(1) });

export interface Controlled {
  readonly functions: FunctionRegistry;
  readonly crashPoints: CrashPoints;
  /** Process id by engine. */
  engineProcessIds(): Record<string, number | undefined>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The stack's own controls, for tests and the benchmark, on a port of their own. A function is named by logical id, or
 * by its short form (`Ingest`):
 *
 * - `POST /functions/{name}/invoke`, the event as JSON: runs it now; answers `{"kind":"result","payload"}`, or another
 *   kind (`error`, `crash`, `timeout`, `unfit`, `throttled`) with `error`.
 * - `GET /functions/{name}/environment`: the variables its processes have, credentials and endpoints among them.
 * - `POST /crash` `{"function","point"}`: the first of its processes to reach the point dies there. `GET /crash` lists
 *   the points at which none has died yet and the deaths so far, `DELETE /crash` forgets both.
 * - `GET /stats`: per function invocations, errors, processor time, workers, waiting; the engines' process ids.
 */
export class Control {
  readonly #server: Server;
  readonly #controlled: Controlled;

  constructor(controlled: Controlled) {
    this.#controlled = controlled;
    this.#server = createServer((request, response) => {
      this.#answer(request)
        .catch((error: unknown): Answer => ({ status: 400, body: { message: String(error) } }))
        .then(({ status, body }) => {
          response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
        });
    });
  }

  /** Takes any free port and gives the URL. */
  listen(): Promise<string> {
    return new Promise((fulfil) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        fulfil(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
      });
    });
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    // A page in a browser on this machine could reach the port too: it cannot send this type without being asked first.
    if (request.method === 'POST' && !request.headers['content-type']?.startsWith('application/json')) {
      return { status: 415, body: { message: 'Send application/json.' } };
    }
    const path = request.url ?? '/';
    const route = `${request.method} ${path}`;
    if (route === 'GET /stats') return { status: 200, body: this.#stats() };
    if (route === 'GET /crash') return { status: 200, body: this.#crashes() };
    if (route === 'POST /crash') return this.#arm(await readJson(request));
    if (route === 'DELETE /crash') {
      this.#controlled.crashPoints.disarmAll();
      return { status: 200, body: this.#crashes() };
    }
    const seen = /^GET \/functions\/([^/]+)\/environment$/.exec(route)?.[1];
    if (seen !== undefined) return this.#with(seen, async ({ environment }) => ({ status: 200, body: environment }));
    const name = /^POST \/functions\/([^/]+)\/invoke$/.exec(route)?.[1];
    if (name === undefined) return { status: 404, body: { message: `There is no ${route}.` } };
    return this.#with(name, async (pool) => ({ status: 200, body: await pool.invoke(await readJson(request)) }));
  }

  #arm(body: unknown): Answer | Promise<Answer> {
    const crash = crashSchema.parse(body);
    return this.#with(crash.function, async (pool) => {
      this.#controlled.crashPoints.arm(pool, crash.point);
      return { status: 200, body: this.#crashes() };
    });
  }

  #crashes(): object {
    const { armed, deaths } = this.#controlled.crashPoints;
    return { armed, deaths };
  }

  #with(name: string, act: (pool: FunctionPool) => Promise<Answer>): Answer | Promise<Answer> {
    const pool = this.#controlled.functions.named(name);
    return pool === undefined ? { status: 404, body: { message: `There is no function ${name}.` } } : act(pool);
  }

  #stats(): object {
    const functions = this.#controlled.functions.all.map((pool) => [pool.logicalId, pool.stats]);
    return { functions: Object.fromEntries(functions), engines: this.#controlled.engineProcessIds() };
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) throw new Error(`The body is over ${MOST_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : JSON.parse(text);
}
