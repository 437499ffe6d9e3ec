import { z } from 'zod';
import { StackError } from '../stack-error.ts';
import { asideFor, kind, physicalName } from './kind.ts';

/** A method of a REST API's resource, integrated with a function by Lambda proxy. */
export const apiMethod = kind(
  'AWS::ApiGateway::Method',
  {
    RestApiId: z.string(),
    ResourceId: z.string(),
    HttpMethod: z.string(),
    AuthorizationType: z.literal('NONE'),
    ApiKeyRequired: z.literal(false).optional(),
    Integration: z.strictObject({
      Type: z.literal('AWS_PROXY'),
      IntegrationHttpMethod: z.literal('POST'),
      Uri: z.string(),
    }),
    OperationName: asideFor('for people'),
  },
  (properties, place, host) => {
    const functionArn = /\/functions\/(.+)\/invocations$/.exec(properties.Integration.Uri)?.[1];
    if (functionArn === undefined) {
      throw new StackError(`${place.logicalId} integrates ${properties.Integration.Uri}, which is no function.`);
    }
    const pool = host.functions.referred(functionArn);
    pool.allowConcurrency();
    host.apis.only.addMethod(properties.ResourceId, properties.HttpMethod, pool);
    return { ref: physicalName(place) };
  },
);
