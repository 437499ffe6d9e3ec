import { z } from 'zod';
import { kind, physicalName } from './kind.ts';

/** One path segment of a REST API. */
export const apiResource = kind(
  'AWS::ApiGateway::Resource',
  { ParentId: z.string(), PathPart: z.string(), RestApiId: z.string() },
  (properties, place, host) => {
    const id = physicalName(place);
    host.apis.only.addResource(id, properties.ParentId, properties.PathPart);
    return { ref: id, attributes: { ResourceId: id } };
  },
);
