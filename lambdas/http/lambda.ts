import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Telemetry } from '../telemetry.ts';
import { type HttpRequest, type HttpResponse, requestOf } from './request.ts';

/** The Lambda handler around a router: the only place that knows the gateway's event format. */
export function lambdaHandler(answer: (request: HttpRequest) => Promise<HttpResponse>, telemetry: Telemetry) {
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    try {
      const { status, headers, body } = await answer(requestOf(event));
      return { statusCode: status, headers, body, isBase64Encoded: false };
    } finally {
      telemetry.flush();
    }
  };
}
