import type { SQSRecord } from 'aws-lambda';

/** A record as the event source hands it over. */
export function sqsRecord(messageId: string, body: string, group: string, receiveCount = 1): SQSRecord {
  return {
    messageId,
    body,
    receiptHandle: messageId,
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:usage.fifo',
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
