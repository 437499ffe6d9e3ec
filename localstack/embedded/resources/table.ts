import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { AwsJson } from '../engines/aws-json.ts';
import { EngineError } from '../engines/aws-json.ts';
import { messageOf, StackError } from '../stack-error.ts';
import { asideFor, kind, physicalName } from './kind.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const indexSchema = z.strictObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.strictObject({ ProjectionType: z.string(), NonKeyAttributes: z.array(z.string()).optional() }),
  OnDemandThroughput: asideFor('the engines have no throughput limits'),
  ContributorInsightsSpecification: asideFor('there are no metrics'),
});

/** A DynamoDB table: created with exactly the declared keys, indexes and stream, or found again with the same. */
export const table = kind(
  'AWS::DynamoDB::Table',
  {
    TableName: z.string().optional(),
    AttributeDefinitions: z.array(
      z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
    ),
    KeySchema: keySchema,
    BillingMode: z.literal('PAY_PER_REQUEST'),
    GlobalSecondaryIndexes: z.array(indexSchema).optional(),
    LocalSecondaryIndexes: z.array(indexSchema).optional(),
    StreamSpecification: z.strictObject({ StreamViewType: z.string(), ResourcePolicy: asideFor('no IAM') }).optional(),
    PointInTimeRecoverySpecification: asideFor('the data folder can be copied'),
    DeletionProtectionEnabled: asideFor('nothing deletes a table here'),
    SSESpecification: z
      .strictObject({ SSEEnabled: z.boolean(), SSEType: z.string().optional(), KMSMasterKeyId: z.string().optional() })
      .optional(),
    OnDemandThroughput: asideFor('the engines have no throughput limits'),
    TimeToLiveSpecification: asideFor('expired items may linger for days on AWS too: nothing may count on their going'),
    ContributorInsightsSpecification: asideFor('there are no metrics'),
    Tags: asideFor('nobody asks for them'),
  },
  async (properties, place, { dynamodb, tables, tableStreams, region, accountId, authority }) => {
    const name = properties.TableName ?? physicalName(place);
    const declared: TableShape = {
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map(bareIndex),
      LocalSecondaryIndexes: properties.LocalSecondaryIndexes?.map(bareIndex),
    };
    const found = await describe(dynamodb, name);
    const streamView = properties.StreamSpecification?.StreamViewType;
    const actual = found ?? (await create(dynamodb, name, declared, streamView));
    if (found !== undefined && !sameShape(found, declared, streamView)) {
      throw new StackError(
        `The table ${name} in the data folder has other keys, indexes or stream than the template declares: start empty with npm start -- --reset.`,
      );
    }
    tables.push({ logicalId: place.logicalId, name });
    const Arn = `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
    const indexes = [...(properties.GlobalSecondaryIndexes ?? []), ...(properties.LocalSecondaryIndexes ?? [])];
    authority.book.addTable(name, properties.KeySchema, indexes);
    authority.book.encrypt(Arn, properties.SSESpecification?.KMSMasterKeyId);
    const engineArn = actual.LatestStreamArn;
    if (engineArn === undefined) return { ref: name, attributes: { Arn } };
    const StreamArn = `${Arn}/stream/${engineArn.slice(engineArn.lastIndexOf('/') + 1)}`;
    tableStreams.push({ arn: StreamArn, engineArn });
    return { ref: name, attributes: { Arn, StreamArn } };
  },
);

interface Index {
  readonly IndexName: string;
  readonly KeySchema: unknown;
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] | undefined };
}

interface TableShape {
  readonly AttributeDefinitions: readonly { readonly AttributeName: string }[];
  readonly KeySchema: unknown;
  readonly GlobalSecondaryIndexes?: readonly Index[] | undefined;
  readonly LocalSecondaryIndexes?: readonly Index[] | undefined;
}

interface Description extends TableShape {
  readonly LatestStreamArn?: string;
  readonly StreamSpecification?: { readonly StreamViewType?: string };
}

async function describe(dynamodb: AwsJson, TableName: string): Promise<Description | undefined> {
  try {
    return ((await dynamodb.call('DescribeTable', { TableName })) as { Table: Description }).Table;
  } catch (error) {
    if (error instanceof EngineError && error.type === 'ResourceNotFoundException') return undefined;
    throw new StackError(
      `The database in the data folder is damaged (${messageOf(error)}): put back a copy of it, or start empty with npm start -- --reset.`,
    );
  }
}

async function create(
  dynamodb: AwsJson,
  TableName: string,
  shape: TableShape,
  StreamViewType: string | undefined,
): Promise<Description> {
  const stream = StreamViewType !== undefined && { StreamSpecification: { StreamEnabled: true, StreamViewType } };
  const input = { TableName, BillingMode: 'PAY_PER_REQUEST', ...shape, ...stream };
  try {
    const answer = (await dynamodb.call('CreateTable', input)) as { TableDescription: Description };
    return answer.TableDescription;
  } catch (error) {
    throw new StackError(
      `The DynamoDB engine cannot create the table ${TableName} (${messageOf(error)}): mend the template, or start empty with npm start -- --reset.`,
    );
  }
}

function sameShape(found: Description, declared: TableShape, streamView: string | undefined): boolean {
  return (
    isDeepStrictEqual(comparable(found), comparable(declared)) &&
    found.StreamSpecification?.StreamViewType === streamView
  );
}

function comparable({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes }: TableShape) {
  const indexes = [...(GlobalSecondaryIndexes ?? []), ...(LocalSecondaryIndexes ?? [])].map(bareIndex);
  return {
    attributes: AttributeDefinitions.toSorted((a, b) => a.AttributeName.localeCompare(b.AttributeName)),
    KeySchema,
    indexes: indexes.toSorted((a, b) => a.IndexName.localeCompare(b.IndexName)),
  };
}

/** An index by what is declared of it; the order of its projected attributes means nothing, and engines change it. */
function bareIndex({ IndexName, KeySchema, Projection }: Index): Index {
  const { ProjectionType, NonKeyAttributes } = Projection;
  return {
    IndexName,
    KeySchema,
    Projection: { ProjectionType, ...(NonKeyAttributes && { NonKeyAttributes: NonKeyAttributes.toSorted() }) },
  };
}
