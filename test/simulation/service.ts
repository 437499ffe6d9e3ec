/** One call of one SDK client, as a simulated service sees it. */
export interface Call {
  /** The SDK's name of it: `TransactWriteItemsCommand`. */
  readonly command: string;
  /** In the service's own form: a DynamoDB item as attribute values. */
  readonly input: object;
  /** The function that calls, or `client` for what looks in from outside. */
  readonly caller: string;
}

/** A simulated AWS service, reached over a network that takes its time. */
export interface Service {
  /**
   * The call arrives. What it holds while it is under way (a transaction its items) it holds from here on; what it does, it
   * does when the function given back is called, once and at a later moment; that gives the answer.
   * Both throw the exceptions of the service's own SDK.
   */
  arrive(call: Call): () => object;
}
