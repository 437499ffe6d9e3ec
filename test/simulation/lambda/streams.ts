import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { PAGE_PREFIX } from '../../../lambdas/storage/keys.ts';
import type { Change } from '../dynamodb/store.ts';
import { TABLES } from './resources.ts';
import type { StreamSource } from './stream-source.ts';

/** A real stream has a shard per table partition: so many, that order holds within one and not between two. */
const SHARDS = 3;

/** What the stack's mappings filter for (lib/triggers.ts). */
export interface StreamTargets {
  readonly projector: StreamSource;
  readonly guard: StreamSource;
}

export const watchedTables: readonly string[] = [TABLES.ledger, TABLES.usageIntake, TABLES.adjustmentIntake];

/** Hands a change to the functions that watch its table for such. */
export function deliverChange(change: Change, { projector, guard }: StreamTargets): void {
  if (!watchedTables.includes(change.table)) return;
  const partition = change.keys['pk']?.S ?? '';
  const shard = `${change.table}/${shardOf(partition)}`;
  const record = recordOf(change);
  if (record.eventName !== 'INSERT') guard.put(shard, record);
  else if (change.table === TABLES.ledger && partition.startsWith(PAGE_PREFIX)) projector.put(shard, record);
}

function recordOf({ table, keys, oldImage, newImage, sequenceNumber, atMs }: Change): DynamoDBRecord {
  return {
    eventID: `${table}-${sequenceNumber}`,
    eventName: oldImage === undefined ? 'INSERT' : newImage === undefined ? 'REMOVE' : 'MODIFY',
    eventSource: 'aws:dynamodb',
    eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/simulated`,
    dynamodb: {
      Keys: image(keys),
      ...(oldImage && { OldImage: image(oldImage) }),
      ...(newImage && { NewImage: image(newImage) }),
      SequenceNumber: sequenceNumber,
      ApproximateCreationDateTime: Math.floor(atMs / 1_000),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

/** The two types are one JSON. */
function image(item: object): Record<string, AttributeValue> {
  return item as Record<string, AttributeValue>;
}

function shardOf(partition: string): number {
  let sum = 0;
  for (let index = 0; index < partition.length; index += 1) sum = (sum * 31 + partition.charCodeAt(index)) % 65_521;
  return sum % SHARDS;
}
