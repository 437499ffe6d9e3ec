import { z } from 'zod';
import { readResponseHeaders } from '../gateway/gateway-responses.ts';
import { kind, physicalName } from './kind.ts';

/** What a REST API answers by itself in one kind of case. */
export const apiGatewayResponse = kind(
  'AWS::ApiGateway::GatewayResponse',
  {
    RestApiId: z.string(),
    ResponseType: z.string(),
    StatusCode: z
      .string()
      .regex(/^\d{3}$/)
      .optional(),
    ResponseParameters: z.record(z.string(), z.string()).optional(),
    ResponseTemplates: z.strictObject({ 'application/json': z.string().optional() }).optional(),
  },
  (properties, place, host) => {
    host.apis.only.gatewayResponses.set(properties.ResponseType, {
      statusCode: properties.StatusCode === undefined ? undefined : Number(properties.StatusCode),
      headers: readResponseHeaders(properties.ResponseParameters ?? {}),
      template: properties.ResponseTemplates?.['application/json'],
    });
    return { ref: physicalName(place), attributes: { Id: physicalName(place) } };
  },
);
