import { describe, expect, test } from 'vitest';
import { type Access, noContext } from '../../localstack/embedded/authority/access.ts';
import { denialOf } from '../../localstack/embedded/authority/decision.ts';
import { PolicyBook } from '../../localstack/embedded/authority/policy-book.ts';
import { readPolicy, readResourcePolicy } from '../../localstack/embedded/authority/statement.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/ledger';

const allow = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: TABLE };
const deny = { ...allow, Effect: 'Deny' };

const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement: Statement as never });

function denial(identity: object[], access: Partial<Access> = {}, resource: object[] = []): string | undefined {
  const asked = { action: 'dynamodb:GetItem', resource: TABLE, context: noContext, ...access };
  const policies = {
    identity: readPolicy(policy(...identity), 'a role'),
    resource: readResourcePolicy(policy(...resource), 'a queue'),
  };
  return denialOf(asked, policies);
}

const NOT_ALLOWED = 'because no identity-based policy allows the dynamodb:GetItem action';

describe('a role', () => {
  test.each<[string, object[], Partial<Access>]>([
    ['by name', [allow], {}],
    ['in any case of the action', [{ ...allow, Action: 'DynamoDB:getitem' }], {}],
    ['by a wildcard of the action', [{ ...allow, Action: ['dynamodb:Get*'] }], {}],
    ['by a wildcard of the resource', [{ ...allow, Resource: [`${TABLE.slice(0, -2)}??`] }], {}],
    ['by one of several statements', [{ ...allow, Action: 'dynamodb:Query' }, allow], {}],
    ['for an index of a table', [{ ...allow, Resource: `${TABLE}/index/*` }], { resource: `${TABLE}/index/by_time` }],
  ])('may what is allowed %s', (_how, statements, access) => {
    expect(denial(statements, access)).toBeUndefined();
  });

  test.each<[string, object[], Partial<Access>]>([
    ['nothing', [], {}],
    ['another action', [{ ...allow, Action: 'dynamodb:GetItems' }], {}],
    ['an action that only begins so', [{ ...allow, Action: 'dynamodb:Get' }], {}],
    ['another table', [allow], { resource: `${TABLE}2` }],
    ['the table, of its index', [allow], { resource: `${TABLE}/index/by_time` }],
    ['on a condition that fails', [{ ...allow, Condition: { StringEquals: { 'dynamodb:Select': 'COUNT' } } }], {}],
  ])('may not what it is allowed %s', (_what, statements, access) => {
    expect(denial(statements, access)).toBe(NOT_ALLOWED);
  });

  test('may not what is denied, whatever else is allowed', () => {
    expect(denial([allow, deny])).toBe('with an explicit deny in an identity-based policy');
    expect(denial([allow], {}, [{ ...deny, Principal: '*' }])).toBe('with an explicit deny in a resource-based policy');
    expect(denial([allow], {}, [{ ...deny, Principal: { AWS: '*' } }])).toMatch(/resource-based/);
  });

  test('may what the resource itself allows', () => {
    expect(denial([], {}, [{ ...allow, Principal: '*' }])).toBeUndefined();
    expect(denial([], {}, [{ ...allow, Principal: { Service: 'events.amazonaws.com' } }])).toBe(NOT_ALLOWED);
  });
});

describe('a policy is refused', () => {
  test.each<[string, object]>([
    ['NotAction', { Effect: 'Allow', NotAction: 'dynamodb:GetItem', Resource: TABLE }],
    ['NotResource', { Effect: 'Allow', Action: 'dynamodb:GetItem', NotResource: TABLE }],
    ['Principal', { ...allow, Principal: '*' }],
    ['an effect nobody knows', { ...allow, Effect: 'Permit' }],
    ['a policy variable', { ...allow, Resource: `${TABLE}/\${aws:username}` }],
    ['a condition key nobody knows', { ...allow, Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }],
  ])('for %s', (_what, statement) => {
    expect(() => readPolicy(policy(statement), 'ThePolicy')).toThrow(/^ThePolicy .*unset ZEROSUM_ENFORCE_IAM/);
  });

  test('for a version of the language without today’s rules', () => {
    expect(() => readPolicy({ Version: '2008-10-17', Statement: [] }, 'ThePolicy')).toThrow(/Version/);
  });

  test('of a bucket, for a principal that is not everybody', () => {
    const statement = { ...deny, Principal: { AWS: 'arn:aws:iam::000000000000:role/r' } };
    expect(() => readResourcePolicy(policy(statement), 'ThePolicy')).toThrow(/the principal .*role\/r/);
  });

  test('but not for what it says of services that are not checked', () => {
    const logs = {
      Effect: 'Allow',
      Action: 'logs:PutLogEvents',
      Resource: '*',
      Condition: { NumericEquals: { a: 1 } },
    };
    expect(readPolicy(policy(logs), 'a role')).toEqual([]);
  });
});

describe('the policies of a role', () => {
  const ROLE = 'arn:aws:iam::000000000000:role/app-Role';
  const place = 'a policy';

  test('are those inside it, those that name it, and those it names', () => {
    const book = new PolicyBook();
    const named = 'arn:aws:iam::000000000000:policy/named';
    book.addRole(ROLE, [{ place, json: policy(allow) }], ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess', named]);
    book.attach(['app-Role'], { place, json: policy(deny) });
    book.addManagedPolicy(named, { place, json: policy(allow, allow) });
    expect(book.statementsOf(ROLE).map(({ effect }) => effect)).toEqual(['Allow', 'Deny', 'Allow', 'Allow']);
  });

  test('must all be known', () => {
    const book = new PolicyBook();
    book.addRole(ROLE, [], ['arn:aws:iam::aws:policy/AdministratorAccess']);
    expect(() => book.statementsOf(ROLE)).toThrow(
      /AdministratorAccess, whose content the embedded stack does not know/,
    );
    expect(() => book.statementsOf('arn:aws:iam::1:role/other')).toThrow(/no role of the template/);
    expect(() => book.attach(['other'], { place, json: policy() })).toThrow(
      /the role other, which no template declares/,
    );
  });
});
