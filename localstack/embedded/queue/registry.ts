import { invalidParameter, QueueError } from './errors.ts';
import { Queue } from './queue.ts';
import { type Attributes, parseSettings, withDefaults } from './settings.ts';

/** Names of queues: 1 to 80 characters, the suffix included (SQS API Reference, `CreateQueue`). */
const QUEUE_NAME = /^(?=.{1,80}$)[A-Za-z0-9_-]+(\.fifo)?$/;

const FIFO_SUFFIX = '.fifo';

/** Where the queues pretend to live; it shows in their ARNs and URLs and nowhere else. */
export interface Location {
  readonly region: string;
  readonly accountId: string;
}

/** The queues of the one account and region that the engine serves. */
export class Registry {
  readonly #queues = new Map<string, Queue>();
  readonly #location: Location;

  constructor(location: Location) {
    this.#location = location;
  }

  /** Creates a queue; one of that name with the same attributes will do. Throws `QueueNameExists` if they differ. */
  create(name: string, given: Attributes): void {
    this.#checkName(name, given);
    const existing = this.#queues.get(name);
    if (existing !== undefined) {
      checkSameAttributes(existing.attributes, given);
      return;
    }
    const attributes = withDefaults(given);
    this.#checkRedrive(attributes);
    const { region, accountId } = this.#location;
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    this.#queues.set(name, new Queue(arn, attributes, (target) => this.#queues.get(lastPart(target, ':'))));
  }

  /** Changes a queue's attributes. */
  configure(queue: Queue, changes: Attributes): void {
    if (changes['FifoQueue'] !== undefined)
      throw new QueueError('InvalidAttributeName', 'Unknown Attribute FifoQueue.');
    this.#checkRedrive({ ...queue.attributes, ...changes });
    queue.configure(changes);
  }

  /** The queue of a URL, whatever its host: the engine may have been started on another port since. */
  byUrl(queueUrl: string): Queue {
    return this.byName(lastPart(queueUrl, '/'));
  }

  /** Throws `QueueDoesNotExist`. */
  byName(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new QueueError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  /** Deletes a queue with its messages. */
  delete(queueUrl: string): void {
    this.byUrl(queueUrl).close();
    this.#queues.delete(lastPart(queueUrl, '/'));
  }

  names(prefix: string): string[] {
    return [...this.#queues.keys()].filter((name) => name.startsWith(prefix));
  }

  /** A queue's path in its URL. */
  path(name: string): string {
    return `/${this.#location.accountId}/${name}`;
  }

  #checkName(name: string, attributes: Attributes): void {
    const isFifo = attributes['FifoQueue'] === 'true';
    if (QUEUE_NAME.test(name) && name.endsWith(FIFO_SUFFIX) === isFifo) return;
    const suffix = isFifo ? `, must end with ${FIFO_SUFFIX} suffix` : '';
    throw invalidParameter(
      'QueueName',
      name,
      `Can only include alphanumeric characters, hyphens, or underscores${suffix} and be 1 to 80 in length.`,
    );
  }

  /** A dead-letter queue must be there first, and a FIFO queue's must be FIFO (SQS Developer Guide, "Dead-letter queues"). */
  #checkRedrive(attributes: Attributes): void {
    const { redrive, fifo } = parseSettings(attributes);
    if (redrive === undefined) return;
    const target = this.#queues.get(lastPart(redrive.deadLetterTargetArn, ':'));
    if (target?.settings.fifo === fifo) return;
    const reason = target
      ? 'Dead-letter queue must be same type of queue as the source.'
      : 'Dead letter target does not exist.';
    throw invalidParameter('RedrivePolicy', attributes['RedrivePolicy'], reason);
  }
}

function checkSameAttributes(existing: Attributes, given: Attributes): void {
  for (const [name, value] of Object.entries(given)) {
    if (existing[name] === value) continue;
    const reason = `A queue already exists with the same name and a different value for attribute ${name}`;
    throw new QueueError('QueueNameExists', reason);
  }
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
