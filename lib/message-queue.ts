import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** After so many deliveries a message is dead: enough for a passing fault, few enough that poison frees its group soon. */
export const MAX_RECEIVE_COUNT = 5;

/** AWS asks for six function timeouts, so that a retried batch is not redelivered while it is still being worked on. */
const VISIBILITY_TIMEOUTS = 6;

/** SQS's longest retention (14 days): a dead letter must outlive a long weekend. */
const DEAD_LETTER_RETENTION_DAYS = 14;

/** A FIFO queue and its dead-letter queue; order and exclusivity hold per message group. */
export class MessageQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  /** @param props.name the queue's own id, and with it the name people see */
  constructor(scope: Construct, id: string, props: { name: string; consumerTimeoutSeconds: number }) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      fifo: true,
      enforceSSL: true,
      retentionPeriod: Duration.days(DEAD_LETTER_RETENTION_DAYS),
    });
    this.queue = new Queue(this, props.name, {
      fifo: true,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(props.consumerTimeoutSeconds * VISIBILITY_TIMEOUTS),
      retentionPeriod: Duration.days(DEAD_LETTER_RETENTION_DAYS),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}
