import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { groupBy } from '../group-by.ts';
import { type Queues, readDelivery } from './delivery.ts';
import { GroupRun, type Limits } from './group-run.ts';
import type { ConsumerPorts } from './ports.ts';

/**
 * Posts a batch from either queue. The message groups of the batch go on side by side and fail by themselves: a
 * failure returns that group's messages from the first unsettled one on, so that none overtakes another, and no other
 * group's ("Implementing partial batch responses", AWS Lambda Developer Guide).
 */
export async function postBatch(
  records: readonly SQSRecord[],
  ports: ConsumerPorts,
  settings: Limits & { readonly queues: Queues },
): Promise<SQSBatchResponse> {
  const groups = groupBy(records, (record) => {
    return `${record.eventSourceARN} ${record.attributes.MessageGroupId ?? record.messageId}`;
  });
  const deliveries = [...groups.values()].map((group) => group.map((record) => readDelivery(record, settings.queues)));
  const returned = await Promise.all(deliveries.map((group) => new GroupRun(ports, settings).run(group)));
  return { batchItemFailures: returned.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
