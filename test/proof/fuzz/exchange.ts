import { Agent, type OutgoingHttpHeaders, request as openRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Answer } from '../../support/client.ts';

/** A request as it is put on the wire. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query, percent-encoding and all. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer | undefined;
}

export interface Exchange {
  readonly request: FuzzRequest;
  readonly answer: Answer;
}

/** Longer than any answer may take: API Gateway itself gives up after 29 s. */
export const ANSWER_TIMEOUT_MS = 35_000;

/** Connections are kept, as real clients keep them. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * Sends it to the server at this URL. Rejects when no whole answer comes back. A connection that was kept may have been
 * closed just when it was used again: then it is sent once more, as any client does.
 */
export async function send(url: string, request: FuzzRequest): Promise<Answer> {
  try {
    return await sendOnce(url, request);
  } catch (error) {
    if (error instanceof StaleConnectionError) return sendOnce(url, request);
    throw error;
  }
}

class StaleConnectionError extends Error {}

function sendOnce(url: string, request: FuzzRequest): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const { method, target, body } = request;
  const options = { agent, host: hostname, port, method, path: target, headers: headersOf(request) };
  return new Promise((fulfil, reject) => {
    const outgoing = openRequest(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const headers = pairsOf(incoming.rawHeaders);
        try {
          fulfil(answerOf(incoming.statusCode ?? 0, headers, Buffer.concat(chunks)));
        } catch (error) {
          reject(error);
        }
      });
    });
    outgoing.setTimeout(ANSWER_TIMEOUT_MS, () => outgoing.destroy(new Error(`no answer in ${ANSWER_TIMEOUT_MS} ms`)));
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      const isStale = outgoing.reusedSocket && error.code === 'ECONNRESET';
      reject(isStale ? new StaleConnectionError(error.message) : error);
    });
    outgoing.end(body);
  });
}

/** What arrived, as the judge looks at it: unpacked. Throws when it is not packed as it says. */
export function answerOf(status: number, headers: readonly (readonly [string, string])[], body: Buffer): Answer {
  const isPacked = headers.some(([name, value]) => name.toLowerCase() === 'content-encoding' && value === 'gzip');
  // The answer to HEAD says how its body would be packed, and has none.
  const text = (isPacked && body.length > 0 ? gunzipSync(body) : body).toString('utf8');
  return {
    status,
    headers: new Headers(headers.map(([name, value]): [string, string] => [name, value])),
    text,
    json: parsed(text),
  };
}

/** Name and value by turns, as Node gives them, in pairs. */
export function pairsOf(raw: readonly string[]): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return pairs;
}

/** The last value of a header: the one that counts for who takes only one. */
export function headerOf({ headers }: FuzzRequest, name: string): string | undefined {
  return headers.findLast(([sent]) => sent.toLowerCase() === name)?.[1].trim();
}

function headersOf({ headers, body }: FuzzRequest): OutgoingHttpHeaders {
  const sent: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    const known = sent[name];
    sent[name] = known === undefined ? value : [known, value].flat();
  }
  return { ...sent, ...(body !== undefined && { 'content-length': body.length }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
