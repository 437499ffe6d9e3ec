import type { IncomingMessage } from 'node:http';
import { isBinary } from './media-types.ts';
import type { Match } from './router.ts';

/** What the event of one request is made from. */
export interface RequestFacts {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly match: Match;
  /** Percent-encoded, without the stage. */
  readonly path: string;
  /** As sent, the stage included. */
  readonly fullPath: string;
  readonly query: string;
  readonly body: Buffer;
  readonly stageName: string;
  readonly apiId: string;
  readonly accountId: string;
  readonly binaryMediaTypes: readonly string[];
}

/** Headers that concern one connection and end at the gateway. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The event of a Lambda proxy integration, payload version 1.0 (API Gateway Developer Guide, "Input format of a Lambda
 * function for proxy integration"): path and path parameters as sent, query decoded, and a body that is text decoded
 * with replacement characters unless its media type is declared binary.
 */
export function proxyEvent(facts: RequestFacts): object {
  const { request, match, body } = facts;
  const headers = readHeaders(request.rawHeaders);
  const query = readQuery(facts.query);
  const base64 = body.length > 0 && isBinary(request.headers['content-type'], facts.binaryMediaTypes);
  return {
    resource: match.method.resource,
    path: facts.path,
    httpMethod: request.method,
    headers: headers.single,
    multiValueHeaders: headers.multiple,
    queryStringParameters: query?.single ?? null,
    multiValueQueryStringParameters: query?.multiple ?? null,
    pathParameters: match.pathParameters,
    stageVariables: null,
    requestContext: requestContext(facts),
    body: body.length === 0 ? null : body.toString(base64 ? 'base64' : 'utf8'),
    isBase64Encoded: base64,
  };
}

function requestContext({ request, requestId, match, fullPath, stageName, apiId, accountId }: RequestFacts): object {
  const now = new Date();
  return {
    accountId,
    apiId,
    stage: stageName,
    resourceId: match.method.resource,
    resourcePath: match.method.resource,
    httpMethod: request.method,
    path: fullPath,
    protocol: `HTTP/${request.httpVersion}`,
    domainName: request.headers.host ?? '127.0.0.1',
    domainPrefix: apiId,
    requestId,
    extendedRequestId: requestId,
    requestTime: clfTime(now),
    requestTimeEpoch: now.getTime(),
    authorizer: null,
    identity: {
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
      userAgent: request.headers['user-agent'] ?? null,
      accessKey: null,
      accountId: null,
      apiKey: null,
      caller: null,
      cognitoIdentityId: null,
      user: null,
      userArn: null,
    },
  };
}

interface Values {
  readonly single: Record<string, string>;
  readonly multiple: Record<string, string[]>;
}

/** Names as sent; of a repeated header the last value counts where only one fits. */
function readHeaders(raw: readonly string[]): Values {
  const names = new Map<string, string>();
  const values = emptyValues();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const sent = raw[at] ?? '';
    const lower = sent.toLowerCase();
    if (HOP_BY_HOP.has(lower)) continue;
    const name = names.get(lower) ?? sent;
    names.set(lower, name);
    addValue(values, name, raw[at + 1] ?? '');
  }
  return values;
}

function readQuery(query: string): Values | undefined {
  if (query === '') return undefined;
  const values = emptyValues();
  for (const [name, value] of new URLSearchParams(query)) addValue(values, name, value);
  return values;
}

/** Without a prototype: a header or parameter may be called `__proto__`. */
function emptyValues(): Values {
  return { single: Object.create(null), multiple: Object.create(null) };
}

function addValue({ single, multiple }: Values, name: string, value: string): void {
  single[name] = value;
  const all = multiple[name];
  if (all === undefined) multiple[name] = [value];
  else all.push(value);
}

/** The Common Log Format's time, such as `09/Apr/2015:12:34:56 +0000`. */
function clfTime(time: Date): string {
  const [, day, month, year, clock] = time.toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}
