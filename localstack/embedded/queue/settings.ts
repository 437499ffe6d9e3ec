import { QueueError } from './errors.ts';

/** Queue attributes as the API carries them: text by name. */
export type Attributes = Readonly<Record<string, string>>;

/** When a message has failed often enough, and where it goes then. */
interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Queue attributes in the form the queue works with. */
export interface Settings {
  readonly fifo: boolean;
  readonly visibilityTimeoutMs: number;
  readonly delayMs: number;
  readonly retentionMs: number;
  readonly receiveWaitMs: number;
  readonly maximumMessageBytes: number;
  readonly contentBasedDeduplication: boolean;
  /** True with `DeduplicationScope = messageGroup`: an id is then unique in its group, not in the queue. */
  readonly deduplicationPerGroup: boolean;
  readonly redrive: Redrive | undefined;
}

/** Inclusive bounds and default of each numeric attribute, in the attribute's own unit (SQS API Reference, `CreateQueue`). */
const NUMBERS: Readonly<Record<string, { readonly min: number; readonly max: number; readonly initial: number }>> = {
  VisibilityTimeout: { min: 0, max: 43_200, initial: 30 },
  DelaySeconds: { min: 0, max: 900, initial: 0 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, initial: 345_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, initial: 0 },
  MaximumMessageSize: { min: 1_024, max: 1_048_576, initial: 1_048_576 },
};

/** The values a FIFO-only attribute may have, the first being its default. */
const FIFO_CHOICES: Readonly<Record<string, readonly string[]>> = {
  FifoQueue: ['true'],
  ContentBasedDeduplication: ['false', 'true'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
};

/** Kept and returned, but without effect here: there are no keys to encrypt with and no principals to allow. */
const INERT = new Set([
  'Policy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'RedriveAllowPolicy',
]);

/** SQS gives a message at most this many receives before its dead-letter queue (SQS API Reference, `RedrivePolicy`). */
const MAX_RECEIVE_COUNT = 1_000;

const SECOND_MS = 1_000;

/** The attributes of a new queue: what was given, over SQS's defaults. */
export function withDefaults(given: Attributes): Attributes {
  const defaults = Object.entries(NUMBERS).map(([name, { initial }]) => [name, String(initial)]);
  const fifoDefaults =
    given['FifoQueue'] === 'true' ? Object.entries(FIFO_CHOICES).map(([name, [initial]]) => [name, initial]) : [];
  return { ...Object.fromEntries([...defaults, ...fifoDefaults]), ...given };
}

/**
 * Reads complete attributes (see `withDefaults`). Throws `InvalidAttributeName` for one that SQS does not have, or not on this
 * type of queue, and `InvalidAttributeValue` for a value out of bounds.
 */
export function parseSettings(attributes: Attributes): Settings {
  const fifo = attributes['FifoQueue'] === 'true';
  for (const [name, value] of Object.entries(attributes)) checkKnown(name, value, fifo);
  return {
    fifo,
    visibilityTimeoutMs: integer(attributes, 'VisibilityTimeout') * SECOND_MS,
    delayMs: integer(attributes, 'DelaySeconds') * SECOND_MS,
    retentionMs: integer(attributes, 'MessageRetentionPeriod') * SECOND_MS,
    receiveWaitMs: integer(attributes, 'ReceiveMessageWaitTimeSeconds') * SECOND_MS,
    maximumMessageBytes: integer(attributes, 'MaximumMessageSize'),
    contentBasedDeduplication: attributes['ContentBasedDeduplication'] === 'true',
    deduplicationPerGroup: attributes['DeduplicationScope'] === 'messageGroup',
    redrive: parseRedrive(attributes['RedrivePolicy']),
  };
}

function checkKnown(name: string, value: string, fifo: boolean): void {
  const choices = fifo ? FIFO_CHOICES[name] : undefined;
  if (choices?.includes(value) === false) throw invalidValue(name);
  if (choices === undefined && NUMBERS[name] === undefined && name !== 'RedrivePolicy' && !INERT.has(name)) {
    throw new QueueError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
}

function integer(attributes: Attributes, name: string): number {
  const bounds = NUMBERS[name];
  const value = Number(attributes[name]);
  if (!bounds || !Number.isInteger(value) || value < bounds.min || value > bounds.max) throw invalidValue(name);
  return value;
}

/** SQS takes the count as a number or as text; an empty policy removes the redrive. */
function parseRedrive(policy: string | undefined): Redrive | undefined {
  if (!policy) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = parseObject(policy);
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(count) || count < 1 || count > MAX_RECEIVE_COUNT) {
    throw invalidValue('RedrivePolicy');
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function invalidValue(name: string): QueueError {
  return new QueueError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}
