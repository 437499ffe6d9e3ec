import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { matchesPath } from '../../../lambdas/http/path.ts';
import { segmentsOf } from '../../../lambdas/http/request.ts';
import { fallbackOwner, type HttpFunction, routes } from '../../../lambdas/http/routes.ts';
import type { SimulatedRequest } from '../system.ts';

const owners = Object.values(routes).map(({ path, owner }) => ({ segments: segmentsOf(path), owner }));

/** The function that the API hands a path to. */
export function ownerOf(path: string): HttpFunction {
  const segments = segmentsOf(path.split('?')[0] ?? '');
  // A path that is spelt out wins over one with a parameter, as in API Gateway.
  const fitting = owners.filter((route) => matchesPath(route.segments, segments));
  const [literal = fitting[0]] = fitting.filter((route) => !route.segments.some((segment) => segment.startsWith('{')));
  return literal?.owner ?? fallbackOwner;
}

/** The event of a Lambda proxy integration, as far as our functions read it. */
export function proxyEvent(request: SimulatedRequest, requestId: string): APIGatewayProxyEvent {
  const [path = '', query = ''] = request.path.split('?');
  const { body } = request;
  const event = {
    path,
    httpMethod: request.method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(request.token !== undefined && { authorization: `Bearer ${request.token}` }),
      ...request.headers,
    },
    queryStringParameters: Object.fromEntries(new URLSearchParams(query)),
    requestContext: { requestId, stage: 'simulated' },
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
  };
  return event as unknown as APIGatewayProxyEvent;
}

export function isProxyResult(payload: unknown): payload is APIGatewayProxyResult {
  return typeof payload === 'object' && payload !== null && 'statusCode' in payload;
}
