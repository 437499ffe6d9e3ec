import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { type Instant, instantOf } from '../domain/instant.ts';
import type { JournalPage } from '../domain/page.ts';
import { plain } from './dynamo.ts';
import { DamagedItemError } from './item.ts';
import { pageOfKey } from './key-parts.ts';
import { type Key, PAGE_PREFIX } from './keys.ts';
import { pageOf } from './page-item.ts';

type Image = NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];
type Item = Record<string, unknown>;

/** What a stream says happened to one item. */
export interface ItemChange {
  /** The stream's own id of the record, the same at each delivery. */
  readonly streamEventId: string;
  readonly table: string;
  readonly key: Key;
  readonly event: 'MODIFY' | 'REMOVE';
  /** To the second, as streams have it. */
  readonly at: Instant;
  readonly before: Item;
  readonly after: Item | undefined;
  /** Names of the attributes that differ; of a removed item, all. */
  readonly changed: readonly string[];
}

const MS_PER_SECOND = 1_000;

/** The journal page that a record of the ledger's stream brings, or undefined; throws a DamagedItemError when it is none. */
export function pageOfStream(record: DynamoDBRecord): JournalPage | undefined {
  const item = itemOf(record.dynamodb?.NewImage);
  const key = keyOf(record);
  if (record.eventName !== 'INSERT' || !key.pk.startsWith(PAGE_PREFIX)) return undefined;
  const place = pageOfKey(key);
  const page = place && item && pageOf(place, item);
  if (page !== undefined && page.seq === place?.seq) return page;
  throw new DamagedItemError(`The item ${key.pk} / ${key.sk} is no journal page.`);
}

/** The edit or removal in a record, or undefined when it is neither. */
export function changeOfStream(record: DynamoDBRecord): ItemChange | undefined {
  const { eventName: event, eventID: streamEventId, dynamodb } = record;
  if (event !== 'MODIFY' && event !== 'REMOVE') return undefined;
  if (streamEventId === undefined || dynamodb === undefined)
    throw new TypeError('A stream record has no id or no image.');
  const [before, after] = [itemOf(dynamodb.OldImage) ?? {}, itemOf(dynamodb.NewImage)];
  const names = new Set([...Object.keys(before), ...Object.keys(after ?? {})]);
  return {
    ...{ streamEventId, event, before, after },
    table: tableOf(record.eventSourceARN ?? ''),
    key: keyOf(record),
    at: instantOf((dynamodb.ApproximateCreationDateTime ?? 0) * MS_PER_SECOND),
    changed: [...names].filter((name) => !isDeepStrictEqual(before[name], after?.[name])).sort(),
  };
}

/** A stream's ARN is `arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>`. */
function tableOf(streamArn: string): string {
  return streamArn.split('/')[1] ?? streamArn;
}

function keyOf(record: DynamoDBRecord): Key {
  const { pk, sk } = itemOf(record.dynamodb?.Keys) ?? {};
  return { pk: String(pk), sk: String(sk) };
}

/** The records' type is the SDK's, but for how it writes down a choice. */
function itemOf(image: Image): Item | undefined {
  return image && plain(image as Record<string, AttributeValue>);
}
