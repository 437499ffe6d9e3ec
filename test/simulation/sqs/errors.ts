import * as sqs from '@aws-sdk/client-sqs';

/** The SDK has a class for these; every other name comes as a plain service exception. */
const MODELED = {
  BatchEntryIdsNotDistinct: sqs.BatchEntryIdsNotDistinct,
  BatchRequestTooLong: sqs.BatchRequestTooLong,
  EmptyBatchRequest: sqs.EmptyBatchRequest,
  InvalidAttributeName: sqs.InvalidAttributeName,
  InvalidBatchEntryId: sqs.InvalidBatchEntryId,
  InvalidMessageContents: sqs.InvalidMessageContents,
  MessageNotInflight: sqs.MessageNotInflight,
  QueueDoesNotExist: sqs.QueueDoesNotExist,
  ReceiptHandleIsInvalid: sqs.ReceiptHandleIsInvalid,
  RequestThrottled: sqs.RequestThrottled,
  TooManyEntriesInBatchRequest: sqs.TooManyEntriesInBatchRequest,
} as const;

type Unmodeled = 'InvalidParameterValue' | 'MissingParameter';

/** The exception of the SDK that a refusal of this name (SQS API Reference) arrives as. */
export function refusal(name: keyof typeof MODELED | Unmodeled, message: string): sqs.SQSServiceException {
  const options = { message, $metadata: { httpStatusCode: 400 } };
  if (name === 'InvalidParameterValue' || name === 'MissingParameter') {
    return new sqs.SQSServiceException({ name, $fault: 'client', ...options });
  }
  return new MODELED[name](options);
}

/** Why an entry of a batch was refused. A name of the older protocol is what SQS gives as code, where the two differ. */
export function failedEntry(Id: string, { name, message }: sqs.SQSServiceException): sqs.BatchResultErrorEntry {
  const Code = name === 'MessageNotInflight' ? `AWS.SimpleQueueService.${name}` : name;
  return { Id, Code, Message: message, SenderFault: true };
}
