import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './attribute-value.ts';

const $metadata = { httpStatusCode: 400 };

/** The SDK has no class for it: it is known by its name. */
export function invalid(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', message, $metadata });
}

export function noSuchTable(): ResourceNotFoundException {
  return new ResourceNotFoundException({ message: 'Requested resource not found', $metadata });
}

export function conditionFailed(item: Item | undefined): ConditionalCheckFailedException {
  const message = 'The conditional request failed';
  return new ConditionalCheckFailedException({ message, $metadata, ...(item && { Item: item }) });
}

/** What a plain write gets for an item that a transaction under way holds. */
export function itemInTransaction(): TransactionConflictException {
  return new TransactionConflictException({ message: 'Transaction is ongoing for the item', $metadata });
}

export function throttledTable(): ProvisionedThroughputExceededException {
  const message =
    'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.';
  return new ProvisionedThroughputExceededException({ message, $metadata });
}

/** What an on-demand table says that has no more to give. */
export function throttledOnDemand(): ThrottlingException {
  const message =
    'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly.';
  return new ThrottlingException({ message, $metadata });
}

export function cancelled(reasons: CancellationReason[]): TransactionCanceledException {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    $metadata,
    CancellationReasons: reasons,
  });
}

export function tokenInUse(): TransactionInProgressException {
  const message = 'Transaction with the given client request token is already in progress.';
  return new TransactionInProgressException({ message, Message: message, $metadata });
}

export function tokenOfAnother(): IdempotentParameterMismatchException {
  const message = 'The request uses the same client token as a previous, but non-identical request.';
  return new IdempotentParameterMismatchException({ message, Message: message, $metadata });
}
