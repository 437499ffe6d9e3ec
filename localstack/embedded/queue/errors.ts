/** Errors whose older query-protocol code, which the SDK also shows, carries a prefix (SQS API Reference, "Common errors"). */
const PREFIXED_QUERY_CODES = new Set([
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidBatchEntryId',
  'MessageNotInflight',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
]);

/** Errors that were renamed when SQS moved from the query to the JSON protocol. */
const RENAMED_QUERY_CODES: Record<string, string> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
};

/** A refusal as SQS words it: always the caller's fault, HTTP 400. */
export class QueueError extends Error {
  readonly code: string;

  /** @param code the exception's name in the SQS API Reference, such as `QueueDoesNotExist` */
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }

  /** The code of the query protocol, which the SDK reads from the `x-amzn-query-error` header. */
  get queryCode(): string {
    return RENAMED_QUERY_CODES[this.code] ?? (PREFIXED_QUERY_CODES.has(this.code) ? this.prefixedCode : this.code);
  }

  private get prefixedCode(): string {
    return `AWS.SimpleQueueService.${this.code}`;
  }
}

/** The refusal of a parameter's value, in SQS's own wording. */
export function invalidParameter(parameter: string, value: unknown, reason: string): QueueError {
  return new QueueError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
}

/** The refusal of a request that lacks a parameter. */
export function missingParameter(parameter: string): QueueError {
  return new QueueError('MissingParameter', `The request must contain the parameter ${parameter}.`);
}
