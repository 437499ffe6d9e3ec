import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lambda, restApi, writeAssembly } from './handwritten-assembly.ts';

/** A stream record, as far as the tests look. */
export interface Seen {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventSourceARN: string;
  readonly dynamodb: {
    readonly Keys: { readonly pk: { readonly S: string } };
    readonly NewImage?: Record<string, Record<string, string>>;
    readonly OldImage?: Record<string, Record<string, string>>;
    readonly SequenceNumber: string;
  };
}

/**
 * Logs each record with the number of its invocation, and fails those whose item's `v` says so: `once` fails its first
 * delivery in this process, `poison` all of them, `throw` makes the first invocation with it throw.
 */
const recorder = `
  const seen = new Set();
  let invocations = 0;
  export const handler = async ({ Records }) => {
    invocations += 1;
    for (const record of Records) console.log('RECORD ' + JSON.stringify({ ...record, invocation: invocations }));
    const valueOf = ({ dynamodb }) => dynamodb.NewImage?.v?.S;
    const isNew = (record) => !seen.has(record.eventID) && Boolean(seen.add(record.eventID));
    if (Records.some((record) => valueOf(record) === 'throw' && isNew(record))) throw new Error('no');
    const failed = Records.filter((record) => valueOf(record) === 'poison' || (valueOf(record) === 'once' && isNew(record)));
    return { batchItemFailures: failed.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })) };
  };`;

export const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  },
};

/** A mapping from the stream of `Items` to a function. */
export function mapping(functionId: string, properties: object = {}): object {
  return {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['Items', 'StreamArn'] },
      FunctionName: { Ref: functionId },
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ...properties,
    },
  };
}

/** An assembly with the table `Items`, a function per name that records what it gets, and more resources. */
export function streamApp(functions: readonly string[], resources: Readonly<Record<string, object>>): string {
  const lambdas = Object.fromEntries(functions.map((name) => [name, lambda('recorder')]));
  const Resources = { Items: table, ...lambdas, ...resources, ...restApi({ '/': { ANY: functions[0] ?? '' } }) };
  return writeAssembly({ app: { Resources } }, { recorder });
}

/** The records a function has logged, each as often as it was delivered. */
export function recorded(data: string, functionId: string): Seen[] {
  const lines = readFileSync(join(data, 'logs', `${functionId}.log`), 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('RECORD ')).map((line) => JSON.parse(line.slice(7)) as Seen);
}
