import type { ResourceKind } from './kind.ts';
import { queueMapping } from './queue-mapping.ts';
import { streamMapping } from './stream-mapping.ts';

/** An event source of a function: a table's stream, or a queue. Each takes its own properties and refuses the other's. */
export const eventSourceMapping: ResourceKind = {
  type: 'AWS::Lambda::EventSourceMapping',
  create: (properties, place, host) => {
    const isStream = host.tableStreams.some(({ arn }) => arn === properties['EventSourceArn']);
    return (isStream ? streamMapping : queueMapping).create(properties, place, host);
  },
};
