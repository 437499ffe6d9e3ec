import { callService, jsonService, queryService } from './api.ts';

/** What may be left in an account, by kind: how to ask for it, and what names it in the answer. */
const kinds: Readonly<Record<string, { ask(endpoint: string): Promise<string>; readonly names: RegExp }>> = {
  table: { ask: json('dynamodb', 'DynamoDB_20120810.ListTables'), names: /"([^"]+)"(?=[^[]*\])/g },
  queue: { ask: json('sqs', 'AmazonSQS.ListQueues'), names: /\/([^/"]+)"/g },
  bucket: { ask: get('s3', '/'), names: /<Name>([^<]+)</g },
  function: { ask: get('lambda', '/2015-03-31/functions'), names: /"FunctionName": ?"([^"]+)"/g },
  mapping: { ask: get('lambda', '/2015-03-31/event-source-mappings'), names: /"UUID": ?"([^"]+)"/g },
  secret: { ask: json('secretsmanager', 'secretsmanager.ListSecrets'), names: /"Name": ?"([^"]+)"/g },
  'log group': { ask: json('logs', 'Logs_20140328.DescribeLogGroups'), names: /"logGroupName": ?"([^"]+)"/g },
  rule: { ask: json('events', 'AWSEvents.ListRules'), names: /"Name": ?"([^"]+)"/g },
  api: { ask: get('apigateway', '/restapis'), names: /"id": ?"([^"]+)"/g },
  role: { ask: query('iam', 'ListRoles', '2010-05-08'), names: /<RoleName>((?![^<]*ApiRestCloudWatchRole)[^<]+)</g },
  alias: { ask: json('kms', 'TrentService.ListAliases'), names: /"AliasName": ?"([^"]+)"/g },
  alarm: { ask: query('monitoring', 'DescribeAlarms', '2010-08-01'), names: /<AlarmName>([^<]+)</g },
  dashboard: { ask: query('monitoring', 'ListDashboards', '2010-08-01'), names: /<DashboardName>([^<]+)</g },
  stack: { ask: query('cloudformation', 'DescribeStacks', '2010-05-15'), names: /<StackName>([^<]+)</g },
};

/**
 * Everything in the emulator's account that costs or holds something, as `kind name`, sorted. Keys are missing: AWS, too,
 * keeps one for days after it was deleted; and so is the role with which API Gateway logs for the whole account, which a
 * stage leaves behind on purpose (docs/adr/0023-in-front-of-the-api.md).
 */
export async function accountContents(endpoint: string): Promise<string[]> {
  const lists = Object.entries(kinds).map(async ([kind, { ask, names }]) => {
    const text = await ask(endpoint);
    return [...text.matchAll(names)].map(([, name]) => `${kind} ${name}`);
  });
  return (await Promise.all(lists)).flat().sort();
}

function get(service: string, path: string) {
  return async (endpoint: string) => (await callService(endpoint, service, { method: 'GET', path })).text();
}

function json(service: string, target: string) {
  return async (endpoint: string) => JSON.stringify(await jsonService(endpoint, service, target, {}));
}

function query(service: string, action: string, version: string) {
  return (endpoint: string) => queryService(endpoint, service, { Action: action, Version: version });
}
