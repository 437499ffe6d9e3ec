import { createHash } from 'node:crypto';
import { z } from 'zod';
import { messageOf, StackError } from '../stack-error.ts';
import { asideFor, kind, type Place, physicalName } from './kind.ts';

/** SQS quotas: "Queue name: up to 80 characters", the `.fifo` of a FIFO queue included. */
const MOST_NAME_CHARACTERS = 80;

const HASH_CHARACTERS = 8;

const FIFO_ENDING = '.fifo';

/** An SQS queue, with its declared attributes. */
export const queue = kind(
  'AWS::SQS::Queue',
  {
    QueueName: z.string().optional(),
    FifoQueue: z.literal(true).optional(),
    ContentBasedDeduplication: z.boolean().optional(),
    DeduplicationScope: z.string().optional(),
    FifoThroughputLimit: z.string().optional(),
    VisibilityTimeout: z.number().optional(),
    MessageRetentionPeriod: z.number().optional(),
    DelaySeconds: z.number().optional(),
    MaximumMessageSize: z.number().optional(),
    ReceiveMessageWaitTimeSeconds: z.number().optional(),
    RedrivePolicy: z
      .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.union([z.number(), z.string()]) })
      .optional(),
    RedriveAllowPolicy: asideFor('no IAM'),
    SqsManagedSseEnabled: asideFor('messages never leave this machine'),
    KmsMasterKeyId: z.string().optional(),
    KmsDataKeyReusePeriodSeconds: asideFor('messages never leave this machine'),
    Tags: asideFor('nobody asks for them'),
  },
  async (properties, place, host) => {
    const { QueueName, RedrivePolicy, ...rest } = properties;
    const name = QueueName ?? queueName(place, properties.FifoQueue === true);
    const Attributes = {
      ...Object.fromEntries(plainAttributes(rest).map(([attribute, value]) => [attribute, String(value)])),
      ...(RedrivePolicy !== undefined && { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
    };
    const create = async () => {
      const answer = await host.sqs.call('CreateQueue', { QueueName: name, Attributes });
      return (answer as { QueueUrl: string }).QueueUrl;
    };
    const url = await create().catch((error: unknown) => {
      throw new StackError(
        `The queue engine refuses the queue ${place.logicalId} (${messageOf(error)}): mend the template.`,
      );
    });
    // In the order of creation, so a dead-letter queue is there before the queue that names it.
    host.onQueueEngineRestart(async () => void (await create()));
    const Arn = `arn:aws:sqs:${host.region}:${host.accountId}:${name}`;
    host.queues.push({ logicalId: place.logicalId, url, arn: Arn });
    host.authority.book.encrypt(Arn, properties.KmsMasterKeyId);
    const QueueUrl = host.authority.urlForFunctions(url);
    return { ref: QueueUrl, attributes: { Arn, QueueName: name, QueueUrl } };
  },
);

const ASIDE = new Set([
  'RedriveAllowPolicy',
  'SqsManagedSseEnabled',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'Tags',
]);

function plainAttributes(properties: object): [string, unknown][] {
  return Object.entries(properties).filter(([name, value]) => value !== undefined && !ASIDE.has(name));
}

function queueName(place: Place, fifo: boolean): string {
  const name = physicalName(place);
  const ending = fifo ? FIFO_ENDING : '';
  if (name.length + ending.length <= MOST_NAME_CHARACTERS) return name + ending;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_CHARACTERS);
  return `${name.slice(0, MOST_NAME_CHARACTERS - ending.length - hash.length - 1)}-${hash}${ending}`;
}
