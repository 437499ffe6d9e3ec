import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

/** A record as an engine's `GetRecords` gives it. */
export interface EngineRecord {
  readonly eventName: string;
  readonly eventVersion: string;
  readonly userIdentity?: unknown;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: object;
    readonly NewImage?: object;
    readonly OldImage?: object;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}

/** The stream as the functions know it. */
export interface StreamSource {
  readonly arn: string;
  readonly region: string;
}

/** A record as a function gets it (Lambda Developer Guide, "Using Lambda with Amazon DynamoDB", example event). */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: EngineRecord['dynamodb'];
  readonly eventSourceARN: string;
  readonly userIdentity?: unknown;
}

/**
 * Puts what the engines say of themselves as AWS would: their region is their own name, and dynoxide's event ids count
 * from 1 in every table. The id is the same whenever the record is delivered.
 */
export function streamRecord(record: EngineRecord, source: StreamSource): StreamRecord {
  const { ApproximateCreationDateTime, Keys, NewImage, OldImage, SequenceNumber, SizeBytes, StreamViewType } =
    record.dynamodb;
  return {
    eventID: createHash('md5').update(`${source.arn} ${SequenceNumber}`).digest('hex'),
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: 'aws:dynamodb',
    awsRegion: source.region,
    dynamodb: {
      ApproximateCreationDateTime,
      Keys,
      ...(NewImage !== undefined && { NewImage }),
      ...(OldImage !== undefined && { OldImage }),
      SequenceNumber,
      SizeBytes,
      StreamViewType,
    },
    eventSourceARN: source.arn,
    ...(record.userIdentity !== undefined && { userIdentity: record.userIdentity }),
  };
}

/**
 * Whether a write changed nothing: DynamoDB writes no record of such a one (Developer Guide, "Change data capture for
 * DynamoDB Streams"), dynoxide does. It shows only in a stream with both images.
 */
export function changesNothing({ eventName, dynamodb }: EngineRecord): boolean {
  const { NewImage, OldImage } = dynamodb;
  return eventName === 'MODIFY' && NewImage !== undefined && isDeepStrictEqual(NewImage, OldImage);
}
