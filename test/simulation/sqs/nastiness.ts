/**
 * How often the simulated SQS does what AWS leaves it free to do and a well-meaning emulator never does. Each is a
 * probability; "SQS" is the SQS Developer Guide, "SQS API" its API Reference, "Lambda" the Lambda Developer Guide.
 */
export interface SqsNastiness {
  /** Of a call: it is refused and nothing done (SQS API, "Common errors": `RequestThrottled`). */
  readonly throttle: number;
  /**
   * Of an entry of a batch: it alone is not done (SQS API, `SendMessageBatch`: "the batch request can result in a combination
   * of successful and unsuccessful actions"). What follows it is, so that a group may lose one out of its middle.
   */
  readonly failEntry: number;
  /** Of a receive: nothing comes, whatever there is (SQS API, `ReceiveMessage`: "you might not receive any messages"). */
  readonly emptyReceive: number;
  /**
   * Of a receive: it brings less than it could, of each group and in all (SQS API, `ReceiveMessage`: "fewer messages might be
   * returned"). A batch that comes again so comes in other parts, with other neighbours.
   */
  readonly shortReceive: number;
  /**
   * Of a receive: its groups are any of those that are free, and their messages alternate. The order within a group stays (SQS,
   * "FIFO queue delivery logic": order is of a message group, and SQS only "attempts" to keep to one group).
   */
  readonly mixGroups: number;
  /**
   * Of a receive: it brings a batch that is being worked on to a second worker, same deliveries, same handles (Lambda, "How
   * Lambda processes records": "event source mappings process each event at least once, and duplicate processing of records
   * can occur").
   */
  readonly repeatBatch: number;
  /**
   * Of a receive: part of the visibility timeout is over before the function sees the batch, which then becomes visible under a
   * function that keeps to its own timeout, and two work on it (Lambda, "Handling errors for an SQS event source": a throttled
   * batch is retried "until the message's timestamp exceeds your queue's visibility timeout").
   */
  readonly earlyExpiry: number;
  /**
   * Of a receive: its batch reaches no function, though it is delivered and counted, and comes again, or is given up, after its
   * timeout (as above: a batch that stays throttled till then is "dropped"; a poller may die too). So a message may become a
   * dead letter that no function has ever seen.
   */
  readonly dropBatch: number;
  /**
   * Of a message that is deleted: it is not, though the answer is that it is, and comes again once its timeout is over (SQS API,
   * `DeleteMessage`: "the request will succeed, but the message might not be deleted"; of an event source mapping it is the
   * mapping's delete that is late, lost, or never made because the poller died: at least once, as above).
   */
  readonly loseDelete: number;
  /**
   * Of a question for the approximate numbers: they are those of the last question, up to a minute old (SQS API,
   * `GetQueueAttributes`: they "may not achieve consistency until at least 1 minute after the producers stop sending").
   */
  readonly staleCount: number;
  /** Of a question for the approximate numbers: they are off by up to a tenth and one (there too: "approximate"). */
  readonly wrongCount: number;
}

/** A FIFO queue that takes no liberty. */
export const EXACT_SQS: SqsNastiness = {
  throttle: 0,
  failEntry: 0,
  emptyReceive: 0,
  shortReceive: 0,
  mixGroups: 0,
  repeatBatch: 0,
  earlyExpiry: 0,
  dropBatch: 0,
  loseDelete: 0,
  staleCount: 0,
  wrongCount: 0,
};
