/**
 * How far the simulated DynamoDB goes in what the real one may do. All nought is an exact one that answers at once. Each is
 * a probability, or the longest time something takes.
 */
export interface Nastiness {
  /**
   * Of a call: it is throttled. A plain one gets a ProvisionedThroughputExceededException or a ThrottlingException, a
   * transaction is cancelled with `ThrottlingError` or `ProvisionedThroughputExceeded` among its reasons ("Error handling
   * with DynamoDB"; TransactWriteItems in the API Reference), a BatchGetItem may be throttled in part.
   */
  readonly throttled: number;
  /**
   * Of an item in a Query, Scan or BatchGetItem: it is seen as it was at a moment of its own while the call was under way,
   * for such a read is no snapshot ("Amazon DynamoDB transactions: How it works", Isolation levels: read-committed).
   */
  readonly mixedRead: number;
  /** Of an item read without ConsistentRead: it is seen as it was some time before the call ("DynamoDB read consistency"). */
  readonly staleRead: number;
  readonly staleMsMax: number;
  /**
   * Of a change: its index hears of it late, each item in its own time ("Using Global Secondary Indexes in DynamoDB", Data
   * synchronization: eventually consistent, and longer than a moment "in unlikely failure scenarios").
   */
  readonly lateIndex: number;
  readonly lateIndexMsMax: number;
  /**
   * Of a Query or Scan: its page ends early, or with a LastEvaluatedKey after which there is nothing (Query in the API
   * Reference: a key "does not necessarily mean that there is more data in the result set").
   */
  readonly shortPage: number;
  /** Of a BatchGetItem: some of its keys come back as UnprocessedKeys (BatchGetItem in the API Reference: "a partial result"). */
  readonly partialBatch: number;
  /**
   * Of a failure among several in one cancelled transaction: it is not told, but `None` stands in its place; at least one
   * is told. The API Reference does not promise that every item is looked at once one has failed.
   */
  readonly maskedReason: number;
}

export const EXACT_DYNAMODB: Nastiness = {
  throttled: 0,
  mixedRead: 0,
  staleRead: 0,
  staleMsMax: 0,
  lateIndex: 0,
  lateIndexMsMax: 0,
  shortPage: 0,
  partialBatch: 0,
  maskedReason: 0,
};
