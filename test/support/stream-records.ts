import { marshall, type NativeAttributeValue } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { JournalPage } from '../../lambdas/domain/page.ts';
import type { Key } from '../../lambdas/storage/keys.ts';
import { pageItem } from '../../lambdas/storage/page-item.ts';

type Item = Record<string, NativeAttributeValue>;

/** What happened to an item, as a stream tells it to Lambda. */
export function streamRecord(
  number: number,
  images: { readonly before?: Item; readonly after?: Item },
  table = 'ledger',
): DynamoDBRecord {
  const { before, after } = images;
  const { pk, sk } = (after ?? before) as unknown as Key;
  return {
    eventID: `event-${number}`,
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventSource: 'aws:dynamodb',
    eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-03-15T00:00:00.000`,
    dynamodb: {
      Keys: image({ pk, sk }),
      ...(before && { OldImage: image(before) }),
      ...(after && { NewImage: image(after) }),
      SequenceNumber: String(number).padStart(21, '0'),
      ApproximateCreationDateTime: 1_773_576_000 + number,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

/** The record by which a journal page arrives. */
export function pageRecord(page: JournalPage, number = page.seq): DynamoDBRecord {
  return streamRecord(number, { after: pageItem(page) as Item });
}

/** The two types are one JSON. */
function image(item: Item) {
  return marshall(item, { removeUndefinedValues: true }) as NonNullable<
    NonNullable<DynamoDBRecord['dynamodb']>['NewImage']
  >;
}
