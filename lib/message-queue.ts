import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from './stage.ts';

/** After so many deliveries a message is dead: enough for a passing fault, few enough that poison frees its group soon. */
export const MAX_RECEIVE_COUNT = 5;

/** AWS asks for six function timeouts, so that a retried batch is not redelivered while it is still being worked on. */
const VISIBILITY_TIMEOUTS = 6;

/** SQS's longest retention (14 days): a dead letter must outlive a long weekend. */
const RETENTION = Duration.days(14);

/**
 * How long SQS goes on with a data key before it asks KMS again. SQS's default of five minutes would cost twelve times
 * the calls; a day, its longest, would leave a revoked role a day.
 */
const DATA_KEY_REUSE = Duration.hours(1);

/**
 * Without it a FIFO queue takes 300 calls of each kind a second, all tenants together; with it each message group has as
 * many (docs/scaling.md). Ids are then compared within a group alone: a resend has its first send's group, since both
 * have the same lane.
 */
const highThroughput = {
  fifo: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};

interface Props {
  readonly stage: Stage;
  readonly key: IKey;
}

/** A FIFO queue and its dead-letter queue; order and exclusivity hold per message group. */
export class MessageQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  /** @param props.name the queue's own id, and with it the name people see */
  constructor(scope: Construct, id: string, props: Props & { name: string; consumerTimeoutSeconds: number }) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', { ...highThroughput, ...protection(props) });
    this.queue = new Queue(this, props.name, {
      ...highThroughput,
      ...protection(props),
      visibilityTimeout: Duration.seconds(props.consumerTimeoutSeconds * VISIBILITY_TIMEOUTS),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}

/** What stream records failed for good, for a person to look at; no FIFO queue, for a stream delivers to none. */
export class StreamFailures extends Queue {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id, protection(props));
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is where dead letters of the streams go; nothing receives from it, so nothing can die in it.',
    });
  }
}

function protection({ stage, key }: Props) {
  return {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key,
    dataKeyReuse: DATA_KEY_REUSE,
    enforceSSL: true,
    retentionPeriod: RETENTION,
    removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
}
