import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Telemetry } from '../telemetry.ts';
import { type HttpRequest, type HttpResponse, requestOf } from './request.ts';

/** The Lambda handler around a router: the only place that knows the gateway's event format. */
export function lambdaHandler(answer: (request: HttpRequest) => Promise<HttpResponse>, telemetry: Telemetry) {
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    try {
      const { status, headers, body } = await answer(requestOf(event));
      const encoded =
        typeof body === 'string'
          ? { body, isBase64Encoded: false }
          : { body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
      return { statusCode: status, headers, ...encoded };
    } finally {
      telemetry.flush();
    }
  };
}
