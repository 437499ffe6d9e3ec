import { beforeAll, describe, expect, it } from 'vitest';
import { type Statement, synthesised, type Template } from '../support/templates.ts';

/** One thing a function may do. */
interface Grant {
  readonly role: string;
  readonly resource: string;
  readonly actions: readonly string[];
  readonly only: string;
}

let template: Template;
let grants: readonly Grant[];

beforeAll(async () => {
  template = await synthesised('prod');
  grants = grantsOf(template);
});

it('is exactly the table in docs/authority.md (run this test with -u to write it anew, then read the difference)', async () => {
  await expect(documentOf(grants)).toMatchFileSnapshot('../../docs/authority.md');
});

describe('nobody', () => {
  it('may update, delete or write in batches in an intake or the ledger', () => {
    const record = grants.filter(({ resource }) => /^(UsageIntake|AdjustmentIntake|Ledger)/.test(resource));
    expect(
      record.flatMap(({ actions }) => actions).filter((action) => /Update|Delete|BatchWrite|PartiQL/.test(action)),
    ).toEqual([]);
  });

  it('may delete, overwrite or unlock an anchor', () => {
    const actions = grants.filter(({ resource }) => resource.startsWith('Anchors')).flatMap((grant) => grant.actions);
    expect(new Set(actions)).toEqual(new Set(['s3:PutObject', 's3:GetObject', 's3:ListBucket']));
  });

  it('has a wildcard as action or resource, but to trace: X-Ray has no resources that a policy could name', () => {
    const traces = (action: string) => ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'].includes(action);
    expect(
      grants.filter(
        ({ actions, resource }) =>
          (resource === '*' && !actions.every(traces)) || actions.some((action) => action.includes('*')),
      ),
    ).toEqual([]);
  });

  it('may use the key but by way of a service', () => {
    const uses = grants.filter(({ resource }) => resource.startsWith('Key'));
    expect(new Set(uses.flatMap(({ actions }) => actions))).toEqual(new Set(['kms:Decrypt', 'kms:GenerateDataKey']));
    for (const { only } of uses) expect(only).toMatch(/^via (dynamodb|s3|secretsmanager|sqs)/);
  });
});

describe('must not', () => {
  /** Which actions on which resources a role has no right to; `unless` is the only condition under which it has. */
  it.each<[role: string, what: string, resource: RegExp, actions: RegExp, unless?: RegExp]>([
    ['Ingest', 'read what is posted', /^(Ledger|Balances|Usage |Operations)/, /./],
    ['Ingest', 'touch an adjustment', /^Adjustment/, /./],
    ['Ingest', 'write Config', /^Config/, /Put|Update|Delete/],
    ['Ingest', 'take messages', /Queue/, /^(?!sqs:SendMessage)/],
    ['Admin', 'touch usage or the ledger', /^(UsageIntake|UsageQueue|Ledger)/, /./],
    ['Admin', 'forge a total', /^Balances/, /Update/, /^attributes pk, sk, closed_at; keys H#\*; returning/],
    ['Admin', 'put a head, or a closure under another prefix', /^Balances/, /Put|Delete|Batch/, /^keys C#\*$/],
    ['Admin', 'write for others in Operations', /^Operations/, /Put|Update|Delete/, /^keys (AUDIT#ADMIN|CLOSING)#\*$/],
    ['Admin', 'take back its audit log', /^Operations/, /Update|Delete/, /^keys CLOSING#\*$/],
    ['Admin', 'read anchors, or put a run’s', /^Anchors(?! \/closes)/, /./],
    ['Consumer', 'post outside a transaction', /^Ledger/, /Put/, /^(inside TransactWriteItems|keys R#\*)$/],
    ['Consumer', 'move a total by itself', /^Balances/, /Put|Update|Delete/, /^inside TransactWriteItems; keys H#\*$/],
    ['Consumer', 'touch an intake, Operations or anchors', /^(UsageIntake|AdjustmentIntake|Operations|Anchors)/, /./],
    ['Consumer', 'send', /Queue/, /Send/],
    [
      'Read',
      'write, send or receive',
      /^(?!RateLimits)/,
      /^(dynamodb|sqs|s3):.*(Put|Update|Delete|Write|Send|Receive)/,
    ],
    ['Projector', 'write but meters', /^(?!Usage )/, /dynamodb:.*(Put|Update|Delete|Write)/],
    ['Guard', 'touch another prefix of Operations', /^Operations/, /./, /^keys GUARD#\*$/],
    ['Guard', 'read or write a table', /^\w+ $/, /dynamodb:(?!PutItem)/],
    ['Reconcile', 'write what it verifies', /^(?!Operations)/, /dynamodb:.*(Put|Update|Delete|Write)/],
    [
      'Reconcile',
      'write what the guard or admin found',
      /^Operations/,
      /Put|Delete/,
      /^keys (?!GUARD|AUDIT#ADMIN|CLOSING)/,
    ],
    ['Reconcile', 'take back its audit log', /^Operations/, /Update|Delete/, /^keys (?!AUDIT)/],
    [
      'Reconcile',
      'overwrite, delete or unlock an anchor, or put a close’s',
      /^Anchors/,
      /Delete|Retention|Hold|Bypass/,
    ],
    ['Reconcile', 'put a close’s anchor', /^Anchors (?!\/runs)/, /Put/],
    ['Reconcile', 'take messages from the consumer', /^(Usage|Adjustment)Queue/, /Receive|Delete|Purge/],
    ['Docs', 'do anything but log and trace', /./, /^(?!logs:|xray:)/],
    ['Console', 'do anything but log and trace', /./, /^(?!logs:|xray:)/],
  ])('%s %s', (role, _what, resource, actions, unless) => {
    const found = grants.filter(
      (grant) =>
        grant.role === role &&
        resource.test(grant.resource) &&
        grant.actions.some((action) => actions.test(action)) &&
        !unless?.test(grant.only),
    );
    expect(found, documentOf(grants)).toEqual([]);
  });

  it('anybody carry a policy that this table does not show', () => {
    const roles = [...template.resources].filter(([, { Type }]) => /^AWS::IAM::(Role|ManagedPolicy|User)/.test(Type));
    for (const [id, { Properties }] of roles.filter(([id]) => /ServiceRole/.test(id))) {
      expect(Object.keys(Properties), id).not.toContain('Policies');
      expect(Object.keys(Properties), id).not.toContain('ManagedPolicyArns');
    }
  });
});

describe('the key', () => {
  /** By what a call makes its service do with the key (the developer guides on encryption at rest). */
  const needs: readonly [RegExp, readonly string[]][] = [
    [/^dynamodb:/, ['kms:Decrypt via dynamodb']],
    [/^secretsmanager:GetSecretValue$/, ['kms:Decrypt via secretsmanager']],
    [/^sqs:SendMessage$/, ['kms:GenerateDataKey via sqs', 'kms:Decrypt via sqs']],
    [/^sqs:ReceiveMessage$/, ['kms:Decrypt via sqs']],
    [/^s3:PutObject$/, ['kms:GenerateDataKey via s3', 'kms:Decrypt via s3']],
    [/^s3:GetObject$/, ['kms:Decrypt via s3']],
  ];
  const roles = ['Admin', 'Console', 'Consumer', 'Docs', 'Guard', 'Ingest', 'Projector', 'Read', 'Reconcile'];

  it.each(roles)('opens for %s what its other rights need, and nothing else', (role) => {
    const own = grants.filter((grant) => grant.role === role);
    const needed = own
      .flatMap(({ actions }) => actions)
      .flatMap((action) => needs.flatMap(([pattern, uses]) => (pattern.test(action) ? uses : [])));
    const given = own
      .filter(({ resource }) => resource.startsWith('Key'))
      .flatMap(({ actions, only }) =>
        only
          .replace('via ', '')
          .split(', ')
          .flatMap((service) => actions.map((action) => `${action} via ${service}`)),
      );
    expect(given.sort()).toEqual([...new Set(needed)].sort());
  });
});

describe('only', () => {
  const holders = (action: string, resource: string) => [
    ...new Set(
      grants
        .filter((grant) => grant.resource.startsWith(resource) && grant.actions.includes(action))
        .map(({ role }) => role),
    ),
  ];

  it.each([
    ['dynamodb:PutItem', 'UsageIntake', ['Ingest']],
    ['dynamodb:PutItem', 'AdjustmentIntake', ['Admin']],
    ['dynamodb:PutItem', 'Ledger', ['Consumer']],
    ['dynamodb:PutItem', 'Balances', ['Admin']],
    ['dynamodb:PutItem', 'Config', ['Admin']],
    ['dynamodb:PutItem', 'Usage ', ['Projector']],
    ['dynamodb:UpdateItem', 'Balances', ['Admin', 'Consumer']],
    ['sqs:SendMessage', 'UsageQueue', ['Ingest', 'Reconcile']],
    ['sqs:SendMessage', 'AdjustmentQueue', ['Admin', 'Reconcile']],
  ])('%s on %s: %j', (action, resource, expected) => {
    expect(holders(action, resource).sort()).toEqual(expected);
  });

  it('the consumer writes markers, pages and heads, and only inside a transaction', () => {
    const ledger = grants.filter(
      ({ role, resource, actions }) =>
        role === 'Consumer' &&
        /^(Ledger|Balances)/.test(resource) &&
        actions.some((action) => /Put|Update/.test(action)),
    );
    for (const { only } of ledger) expect(only).toMatch(/inside TransactWriteItems|keys R#\*/);
  });

  it('an administrator writes what is an administrator’s in the configuration, and changes nothing in place', () => {
    const config = grants.filter(
      ({ resource, actions }) =>
        resource.startsWith('Config') && actions.some((action) => !/GetItem|Query/.test(action)),
    );
    expect(config.map(({ actions }) => actions)).toEqual([['dynamodb:PutItem']]);
    expect(config[0]?.only).toMatch(/^keys API_KEYS, CONSTANTS, PRICES, TENANTS, WEBHOOK_KEYS$/);
  });

  it('an administrator shuts lanes, and can forge no total', () => {
    const gate = grants.filter(
      ({ role, resource, actions }) =>
        role === 'Admin' && resource.startsWith('Balances') && actions.includes('dynamodb:UpdateItem'),
    );
    expect(gate.map(({ only }) => only)).toEqual([
      'attributes pk, sk, closed_at; keys H#*; returning NONE, UPDATED_OLD, UPDATED_NEW',
    ]);
  });
});

function grantsOf({ resources }: Template): Grant[] {
  const grants: Grant[] = [];
  for (const [id, { Type, Properties }] of resources) {
    if (Type !== 'AWS::IAM::Policy') continue;
    const role = /^(.*?)ServiceRole/.exec(id)?.[1] ?? id;
    for (const { Action, Resource, Condition } of Properties.PolicyDocument.Statement as Statement[]) {
      const only = conditionOf(Condition ?? {});
      for (const resource of [Resource].flat())
        grants.push({ role, resource: nameOf(resource), actions: [Action].flat().sort(), only });
    }
  }
  return grants.sort((left, right) => (textOf(left) < textOf(right) ? -1 : 1));
}

function documentOf(rows: readonly Grant[]): string {
  const lines = rows.map(
    ({ role, resource, actions, only }) =>
      `| ${role} | ${resource.trim()} | ${actions.map((action) => action.split(':')[1]).join(', ')} | ${only} |`,
  );
  return `${['# Who may do what', '', INTRODUCTION, '', '| function | resource | actions | only |', '| --- | --- | --- | --- |', ...lines].join('\n')}\n`;
}

const INTRODUCTION = `Read off the synthesised template of stage \`prod\` by a test, which fails when the two differ. X-Ray has no resources that a policy could name, so traces go to \`*\`.

What is not here, no function may do, and each "must not" has a test twice: on this table (\`test/stack/authority.test.ts\`), and by trying it with the function's own credentials in the embedded stack (\`test/acceptance/authority.test.ts\`), which with
\`ZEROSUM_ENFORCE_IAM=1\` checks every call against these statements ([ADR 21](adr/0021-checked-authority.md)).`;

function textOf({ role, resource, actions, only }: Grant): string {
  return [role, resource, actions.join(), only].join('|');
}

/** The declared resource behind an ARN: an import from the data stack, or a resource of the same stack. */
function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const id =
    /ExportsOutput(?:FnGetAtt|Ref)([A-Za-z]+?)[0-9A-F]{8}/.exec(text)?.[1] ??
    /"Fn::GetAtt":\["([A-Za-z]+?)[0-9A-F]{8}/.exec(text)?.[1];
  if (id === undefined) return String(resource);
  const rest = /"(\/[^"]*)"\]\]/.exec(text)?.[1] ?? '';
  return `${id.replace(/(Stream)?Arn$/, '')} ${/StreamArn/.test(text) ? 'stream' : ''}${rest}`;
}

function conditionOf(condition: Record<string, Record<string, unknown>>): string {
  const parts: string[] = [];
  for (const tests of Object.values(condition)) {
    for (const [name, value] of Object.entries(tests)) {
      const values = [value].flat().map(textOfValue).join(', ');
      if (name === 'dynamodb:EnclosingOperation') parts.push(`inside ${values}`);
      else if (name === 'dynamodb:LeadingKeys') parts.push(`keys ${values}`);
      else if (name === 'dynamodb:Attributes') parts.push(`attributes ${values}`);
      else if (name === 'kms:ViaService') parts.push(`via ${values.replaceAll('..amazonaws.com', '')}`);
      else if (name === 'dynamodb:ReturnValues') parts.push(`returning ${values}`);
      else parts.push(`${name} ${values}`);
    }
  }
  return parts.sort().join('; ');
}

/** A value of a condition, without what is only known in the account. */
function textOfValue(value: unknown): string {
  const join = (value as { 'Fn::Join'?: [string, unknown[]] } | null)?.['Fn::Join'];
  return join === undefined ? String(value) : join[1].filter((part) => typeof part === 'string').join(join[0]);
}
