import type { SQSRecord } from 'aws-lambda';

const ARN_PREFIX = 'arn:aws:sqs:us-east-1:000000000000:';

/** Where the records of these tests come from. */
export const QUEUES = { usageArn: `${ARN_PREFIX}usage.fifo`, adjustmentArn: `${ARN_PREFIX}adjustments.fifo` };

/** A record as the event source hands it over. */
export function sqsRecord(
  messageId: string,
  body: string,
  group: string,
  receiveCount = 1,
  arn = QUEUES.usageArn,
): SQSRecord {
  return {
    messageId,
    body,
    receiptHandle: messageId,
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: 'us-east-1',
    messageAttributes: {},
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: '0',
      SenderId: 'ingest',
      ApproximateFirstReceiveTimestamp: '0',
      MessageGroupId: group,
    },
  };
}
