import { lambda, restApi, writeAssembly } from './handwritten-assembly.ts';
import { type EmbeddedStack, type StackOptions, startEmbeddedStack } from './stack.ts';

export const handler = "export const handler = async () => ({ statusCode: 200, body: '{}' });";

/** The smallest app with one of each: a function on a route and a schedule, and a table. */
export const resources = {
  Function: lambda('handler'),
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
  },
  Tick: {
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] } }],
    },
  },
  ...restApi({ '/': { ANY: 'Function' } }),
};

export const smallApp = writeAssembly({ app: { Resources: resources } }, { handler });

export function startSmallApp(options: StackOptions = {}): Promise<EmbeddedStack> {
  return startEmbeddedStack({ ...options, env: { ZEROSUM_ASSEMBLY: smallApp, ...options.env } });
}
