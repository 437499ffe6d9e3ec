import { z } from 'zod';
import { Api } from '../gateway/api.ts';
import { asideFor, kind, physicalName } from './kind.ts';

/** A REST API: what the gateway's port serves. */
export const restApi = kind(
  'AWS::ApiGateway::RestApi',
  {
    Name: asideFor('for people'),
    Description: asideFor('for people'),
    BinaryMediaTypes: z.array(z.string()).optional(),
    EndpointConfiguration: asideFor('there is one endpoint, this machine'),
    DisableExecuteApiEndpoint: asideFor('there is one endpoint, this machine'),
    Policy: asideFor('no IAM'),
    Tags: asideFor('nobody asks for them'),
  },
  (properties, place, host) => {
    const api = new Api(physicalName(place).toLowerCase(), properties.BinaryMediaTypes ?? []);
    host.apis.add(api);
    return { ref: api.id, attributes: { RootResourceId: api.rootResourceId, RestApiId: api.id } };
  },
);
