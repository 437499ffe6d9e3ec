import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { S3Answer } from './action.ts';
import { readBody } from './body.ts';
import type { Buckets } from './buckets.ts';
import { invalidArgument, S3Error } from './errors.ts';
import { route } from './routes.ts';
import { document } from './xml.ts';

/** Amazon S3 User Guide, "Naming Amazon S3 objects": bytes of a key. */
const MOST_KEY_BYTES = 1_024;

/** An HTTP server that speaks S3's REST protocol with the bucket in the path. It checks no signatures. */
export function createHttpServer(buckets: Buckets): Server {
  const server = createServer((request, response) => {
    answer(buckets, request)
      .catch((error: unknown) => refusal(error))
      .then((said) => respond(request, response, said));
  });
  // A pooled connection that the server closes just as the client reuses it looks like an outage, so it never does.
  server.keepAliveTimeout = 0;
  return server;
}

async function answer(buckets: Buckets, request: IncomingMessage): Promise<S3Answer> {
  const body = await readBody(request);
  const { method = '', url = '/' } = request;
  const [path = '', search = ''] = url.split(/\?(.*)/s);
  const place = placeOf(path);
  const query = new URLSearchParams(search);
  const headers = headersOf(request);
  const run = route(method, place, query, headers);
  return run({ buckets, ...place, query, headers, body, now: new Date() });
}

/** Not by `URL`, which would resolve `..` in a key. */
function placeOf(path: string): { bucketName: string; key: string } {
  const [, bucketName = '', rawKey = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const key = decoded(rawKey);
  if (Buffer.byteLength(key) > MOST_KEY_BYTES) throw new S3Error(400, 'KeyTooLongError', 'Your key is too long');
  return { bucketName: decoded(bucketName), key };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headersDistinct);
  return Object.fromEntries(
    entries.map(([name, values = []]) => {
      if (values.length > 1) throw invalidArgument(`The header ${name} is given more than once.`);
      return [name, values[0] ?? ''];
    }),
  );
}

function refusal(error: unknown): S3Answer {
  if (!(error instanceof S3Error)) console.error(error);
  const { status, code, message, headers } =
    error instanceof S3Error ? error : new S3Error(500, 'InternalError', 'We encountered an internal error.');
  return { status, headers, body: document('Error', { Code: code, Message: message }).replace(/ xmlns="[^"]*"/, '') };
}

function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body, length }: S3Answer,
): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'x-amz-request-id': randomUUID(),
    ...(typeof body === 'string' && { 'content-type': 'application/xml' }),
    ...headers,
    ...(status !== 204 && { 'content-length': length ?? Buffer.byteLength(body ?? '') }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
