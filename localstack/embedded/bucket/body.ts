import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { S3Error } from './errors.ts';

/** Bodies are kept in memory while they are checked; S3 itself takes 5 GB in one put. */
const MOST_BODY_BYTES = 64 * 1_048_576;

/** A body as it is meant, and what followed it as trailers, by lower-case name. */
export interface Body {
  readonly bytes: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

/** Reads a request's body and takes off the `aws-chunked` encoding. Throws `EntityTooLarge`, `IncompleteBody`. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const raw = await readAll(request);
  const encodings = request.headers['content-encoding'] ?? '';
  if (!/(^|,\s*)aws-chunked(\s*,|$)/.test(encodings)) return { bytes: raw, trailers: {} };
  const body = decodeChunks(raw);
  const length = request.headers['x-amz-decoded-content-length'];
  if (length !== undefined && Number(length) !== body.bytes.length) throw incomplete();
  return body;
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= MOST_BODY_BYTES) chunks.push(chunk);
  });
  await once(request, 'end');
  if (length > MOST_BODY_BYTES) {
    throw new S3Error(400, 'EntityTooLarge', `This engine takes up to ${MOST_BODY_BYTES} bytes.`);
  }
  return Buffer.concat(chunks);
}

/**
 * Chunks of `size[;extension]\r\n data \r\n`, a last one of size 0, then trailers, line by line (Amazon S3 API
 * Reference, "Signature calculations for the authorization header: transferring a payload in multiple chunks").
 */
function decodeChunks(raw: Buffer): Body {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = raw.indexOf('\r\n', at);
    const [, size] = /^([0-9a-fA-F]+)(;|$)/.exec(raw.toString('latin1', at, Math.max(at, lineEnd))) ?? [];
    if (size === undefined) throw incomplete();
    const start = lineEnd + 2;
    const end = start + Number.parseInt(size, 16);
    if (end === start) return { bytes: Buffer.concat(chunks), trailers: readTrailers(raw.toString('latin1', start)) };
    if (raw.toString('latin1', end, end + 2) !== '\r\n') throw incomplete();
    chunks.push(raw.subarray(start, end));
    at = end + 2;
  }
}

function readTrailers(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function incomplete(): S3Error {
  return new S3Error(400, 'IncompleteBody', 'The request body terminated unexpectedly.');
}
