import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { groupBy } from '../group-by.ts';
import { readDelivery } from './delivery.ts';
import { GroupRun, type Limits } from './group-run.ts';
import type { ConsumerPorts } from './ports.ts';

/**
 * Posts a batch from the usage queue. The message groups of the batch go on side by side and fail by themselves: a
 * failure returns that group's messages from the first unsettled one on, so that none overtakes another, and no other
 * group's ("Implementing partial batch responses", AWS Lambda Developer Guide).
 */
export async function postBatch(
  records: readonly SQSRecord[],
  ports: ConsumerPorts,
  limits: Limits,
): Promise<SQSBatchResponse> {
  const groups = groupBy(records, (record) => record.attributes.MessageGroupId ?? record.messageId);
  const returned = await Promise.all(
    [...groups.values()].map((group) => new GroupRun(ports, limits).run(group.map(readDelivery))),
  );
  return { batchItemFailures: returned.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
