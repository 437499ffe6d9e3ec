import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Action } from './action.ts';
import { QueueError } from './errors.ts';
import { messageActions } from './message-actions.ts';
import type { Caller } from './pollers.ts';
import { queueActions } from './queue-actions.ts';
import type { Registry } from './registry.ts';

const ACTIONS: Readonly<Record<string, Action>> = { ...queueActions, ...messageActions };

/** The JSON protocol names its action in the header `X-Amz-Target: AmazonSQS.<action>`. */
const TARGET_PREFIX = 'AmazonSQS.';

const CONTENT_TYPE = 'application/x-amz-json-1.0';

/** A 1 MiB batch whose every byte is escaped as `\u00xx` is 6 MiB of JSON; the rest of a request is small beside that. */
const MAX_REQUEST_BYTES = 8 * 1_048_576;

/** An HTTP server that speaks the AWS JSON protocol for SQS. It checks no signatures. */
export function createHttpServer(registry: Registry): Server {
  const server = createServer((request, response) => {
    answer(registry, request, response).catch((error: unknown) => respondError(response, error));
  });
  // A pooled connection that the server closes just as the client reuses it looks like an outage, so it never does.
  server.keepAliveTimeout = 0;
  return server;
}

async function answer(registry: Registry, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const run = findAction(request.headers['x-amz-target']);
  const body = await readJson(request);
  const baseUrl = `http://${request.headers.host}`;
  const result = await run(body, { registry, baseUrl, caller: callerOf(response) });
  respond(response, 200, JSON.stringify(result));
}

/** A connection closes under its response when the client has died or given up. */
function callerOf(response: ServerResponse): Caller {
  return {
    get isGone() {
      return response.destroyed;
    },
    onceGone: (listener) => response.once('close', listener),
  };
}

function findAction(target: string | string[] | undefined): Action {
  const name = String(target).replace(TARGET_PREFIX, '');
  const found = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (found === undefined) throw new QueueError('InvalidAction', `The action ${name} is not valid for this endpoint.`);
  return found;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_REQUEST_BYTES) chunks.push(chunk);
  });
  await once(request, 'end');
  if (bytes > MAX_REQUEST_BYTES) {
    throw new QueueError('InvalidParameterValue', `The request is longer than ${MAX_REQUEST_BYTES} bytes.`);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString() || '{}');
  } catch {
    throw new QueueError('SerializationException', 'The request body is not JSON.');
  }
}

function respondError(response: ServerResponse, error: unknown): void {
  if (response.destroyed) return;
  if (error instanceof QueueError) {
    response.setHeader('x-amzn-query-error', `${error.queryCode};Sender`);
    respond(response, 400, JSON.stringify({ __type: `com.amazonaws.sqs#${error.code}`, message: error.message }));
    return;
  }
  console.error(error);
  respond(response, 500, JSON.stringify({ __type: 'com.amazonaws.sqs#InternalFailure', message: 'Internal failure' }));
}

function respond(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, { 'content-type': CONTENT_TYPE, 'content-length': Buffer.byteLength(json) }).end(json);
}
