import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import {
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { FunctionClients } from './function-clients.ts';
import type { RunningStack } from './stack.ts';

/** Something a function might try, with its own credentials. */
export type Attempt = (as: FunctionClients) => Promise<unknown>;

/** What a function might try on a stack's tables, queues and anchors, each by the short form of its logical id. */
export class Attempts {
  readonly #stack: () => RunningStack;

  /** @param stack asked when something is tried */
  constructor(stack: () => RunningStack) {
    this.#stack = stack;
  }

  get(table: string, pk: string): Attempt {
    return (as) => as.dynamodb.send(new GetCommand(this.#at(table, pk)));
  }

  put(table: string, pk: string): Attempt {
    return (as) => as.dynamodb.send(new PutCommand(this.#item(table, pk)));
  }

  remove(table: string, pk: string): Attempt {
    return (as) => as.dynamodb.send(new DeleteCommand(this.#at(table, pk)));
  }

  /** @param expression may use the value `:v` */
  update(table: string, pk: string, expression: string, more: object = {}): Attempt {
    return (as) => as.dynamodb.send(new UpdateCommand({ ...this.#update(table, pk, expression), ...more }));
  }

  query(table: string, pk: string): Attempt {
    const condition = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
    return (as) => as.dynamodb.send(new QueryCommand({ ...this.#table(table), ...condition }));
  }

  scan(table: string): Attempt {
    return (as) => as.dynamodb.send(new ScanCommand(this.#table(table)));
  }

  putInBatch(table: string, pk: string): Attempt {
    return (as) => {
      const { TableName, Item } = this.#item(table, pk);
      return as.dynamodb.send(new BatchWriteCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } }));
    };
  }

  /** One transaction. */
  together(...items: readonly (() => object)[]): Attempt {
    return (as) => as.dynamodb.send(new TransactWriteCommand({ TransactItems: items.map((one) => one()) }));
  }

  putting(table: string, pk: string): () => object {
    return () => ({ Put: this.#item(table, pk) });
  }

  updating(table: string, pk: string, expression: string): () => object {
    return () => ({ Update: this.#update(table, pk, expression) });
  }

  removing(table: string, pk: string): () => object {
    return () => ({ Delete: this.#at(table, pk) });
  }

  send(queue: string): Attempt {
    const message = { MessageBody: '{}', MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    return (as) => as.sqs.send(new SendMessageCommand({ QueueUrl: as.queueUrl(queue), ...message }));
  }

  receive(queue: string): Attempt {
    return (as) => as.sqs.send(new ReceiveMessageCommand({ QueueUrl: as.queueUrl(queue) }));
  }

  purge(queue: string): Attempt {
    return (as) => as.sqs.send(new PurgeQueueCommand({ QueueUrl: as.queueUrl(queue) }));
  }

  measure(queue: string): Attempt {
    return (as) =>
      as.sqs.send(new GetQueueAttributesCommand({ QueueUrl: as.queueUrl(queue), AttributeNames: ['All'] }));
  }

  /** Under a new key, unless told otherwise. */
  anchor(Key: string, condition: object = { IfNoneMatch: '*' }): Attempt {
    const object = { Key, Body: '{}', ChecksumAlgorithm: 'SHA256' } as const;
    return (as) => as.s3.send(new PutObjectCommand({ ...this.#bucket(), ...object, ...condition }));
  }

  readAnchor(Key: string): Attempt {
    return (as) => as.s3.send(new GetObjectCommand({ ...this.#bucket(), Key }));
  }

  deleteAnchor(Key: string): Attempt {
    return (as) => as.s3.send(new DeleteObjectCommand({ ...this.#bucket(), Key }));
  }

  listAnchors(): Attempt {
    return (as) => as.s3.send(new ListObjectsV2Command(this.#bucket()));
  }

  #table(label: string) {
    return { TableName: this.#stack().table(label) };
  }

  #bucket() {
    return { Bucket: this.#stack().bucket('Anchors') };
  }

  #at(table: string, pk: string) {
    return { ...this.#table(table), Key: { pk, sk: 'forged' } };
  }

  #item(table: string, pk: string) {
    return { ...this.#table(table), Item: { pk, sk: 'forged', total: 1 } };
  }

  #update(table: string, pk: string, UpdateExpression: string) {
    return { ...this.#at(table, pk), UpdateExpression, ExpressionAttributeValues: { ':v': 1 } };
  }
}
