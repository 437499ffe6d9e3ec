import type { APIGatewayProxyEvent } from 'aws-lambda';

/** A request, free of the gateway's event format. */
export interface HttpRequest {
  readonly id: string;
  readonly method: string;
  /** As sent, without the stage: still percent-encoded. */
  readonly path: string;
  /** Of the path, still percent-encoded. */
  readonly segments: readonly string[];
  readonly headers: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Bytes where they may be no text. */
  readonly body: string | Uint8Array;
}

/** The request in a REST API's proxy event: a REST API hands paths over as they were sent, encoding and all. */
export function requestOf(event: APIGatewayProxyEvent): HttpRequest {
  const path = withoutStage(event.path, event.requestContext.stage);
  return {
    id: event.requestContext.requestId,
    method: event.httpMethod,
    path,
    segments: segmentsOf(path),
    headers: new Map(Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? ''])),
    query: new Map(Object.entries(event.queryStringParameters ?? {}).map(([name, value]) => [name, value ?? ''])),
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

export function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/** AWS leaves the stage out of `path`; some emulators do not. */
function withoutStage(path: string, stage: string): string {
  return path === `/${stage}` || path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;
}
