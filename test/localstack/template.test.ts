import { describe, expect, test } from 'vitest';
import { plan } from '../../localstack/embedded/resources/create.ts';
import { readAssembly, type Template } from '../../localstack/embedded/template/assembly.ts';
import { buildGraph, creationOrder } from '../../localstack/embedded/template/graph.ts';
import { type Identity, resolve, resolveObject, type Scope } from '../../localstack/embedded/template/intrinsics.ts';
import { writeAssembly } from '../support/handwritten-assembly.ts';

const table: Identity = { ref: 'the-table', attribute: (name) => (name === 'Arn' ? 'arn:table' : undefined) };

const scope: Scope = {
  stackName: 'app',
  region: 'us-east-1',
  accountId: '000000000000',
  identity: (logicalId) => (logicalId === 'Table' ? table : undefined),
  parameter: (name) => (name === 'Size' ? 'small' : undefined),
  exported: (name) => (name === 'data:Table' ? 'exported-table' : undefined),
};

/** What Fn::Sub replaces; built, for written out it looks like a forgotten template string. */
const placeholder = (name: string) => `\${${name}}`;

describe('intrinsic functions', () => {
  test.each([
    ['a plain value', [1, 'two', { three: null }], [1, 'two', { three: null }]],
    ['Ref to a resource', { Ref: 'Table' }, 'the-table'],
    ['Ref to a parameter', { Ref: 'Size' }, 'small'],
    ['pseudo parameters', [{ Ref: 'AWS::Region' }, { Ref: 'AWS::Partition' }], ['us-east-1', 'aws']],
    ['more pseudo parameters', [{ Ref: 'AWS::AccountId' }, { Ref: 'AWS::StackName' }], ['000000000000', 'app']],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:table'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Table.Arn' }, 'arn:table'],
    ['Fn::Join', { 'Fn::Join': [':', ['a', { Ref: 'Table' }]] }, 'a:the-table'],
    [
      'Fn::Sub',
      { 'Fn::Sub': ['Table', 'Table.Arn', 'AWS::URLSuffix', '!Kept'].map(placeholder).join('/') },
      `the-table/arn:table/amazonaws.com/${placeholder('Kept')}`,
    ],
    [
      'Fn::Sub with values',
      { 'Fn::Sub': [`${placeholder('x')}-${placeholder('Table')}`, { x: { Ref: 'Size' } }] },
      'small-the-table',
    ],
    [
      'Fn::Select of Fn::Split',
      { 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Table', 'Arn'] }] }] },
      'table',
    ],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'data:Table' }, 'exported-table'],
  ])('%s', (_name, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  test('AWS::NoValue removes the property or list item it is the value of', () => {
    expect(
      resolveObject({ kept: 1, gone: { Ref: 'AWS::NoValue' }, list: [1, { Ref: 'AWS::NoValue' }] }, scope),
    ).toEqual({
      kept: 1,
      list: [1],
    });
  });

  test.each([
    ['an unknown intrinsic function', { 'Fn::Cidr': ['10.0.0.0/8', 1, 8] }, /Fn::Cidr in app/],
    ['a reference to nothing', { Ref: 'Nothing' }, /app refers to Nothing/],
    ['an attribute nobody gives', { 'Fn::GetAtt': ['Table', 'Colour'] }, /Table\.Colour/],
    ['an import nobody exports', { 'Fn::ImportValue': 'elsewhere' }, /imports elsewhere/],
  ])('%s is refused by name', (_name, value, message) => {
    expect(() => resolve(value, scope)).toThrow(message);
  });
});

describe('the resource graph', () => {
  const ignored = new Map([['Ignored', 'a test']]);
  const graphOf = (stacks: Record<string, Template>) => buildGraph(new Map(Object.entries(stacks)), ignored);
  const orderOf = (stacks: Record<string, Template>) =>
    creationOrder(graphOf(stacks), ignored).map(({ logicalId }) => logicalId);

  test('creates what is referred to first, also across stacks', () => {
    const service: Template = {
      Resources: {
        Trigger: { Type: 'T', Properties: { of: { 'Fn::Sub': placeholder('Worker.Arn') } } },
        Worker: { Type: 'T', Properties: { table: { 'Fn::ImportValue': 'out' } }, DependsOn: 'Other' },
        Other: { Type: 'T' },
      },
    };
    const data: Template = {
      Resources: { Store: { Type: 'T' } },
      Outputs: { Out: { Value: { Ref: 'Store' }, Export: { Name: 'out' } } },
    };
    expect(orderOf({ service, data })).toEqual(['Other', 'Store', 'Worker', 'Trigger']);
  });

  test('refuses a circle', () => {
    const Resources = {
      A: { Type: 'T', Properties: { b: { Ref: 'B' } } },
      B: { Type: 'T', Properties: { a: { Ref: 'A' } } },
    };
    expect(() => orderOf({ app: { Resources } })).toThrow('A in app refers to itself in a circle.');
  });

  test('does not look into resources it ignores', () => {
    const Resources = {
      A: { Type: 'Ignored', Properties: { b: { Ref: 'B' } } },
      B: { Type: 'T', Properties: { a: { Ref: 'A' } } },
    };
    expect(orderOf({ app: { Resources } })).toEqual(['A', 'B']);
  });

  test('refuses a conditional resource', () => {
    expect(() => graphOf({ app: { Resources: { A: { Type: 'T', Condition: 'C' } } } })).toThrow(/A in app.*Condition/);
  });
});

describe('an assembly', () => {
  test('with a resource type nobody knows is refused by its name', () => {
    const folder = writeAssembly({ app: { Resources: { Cache: { Type: 'AWS::ElastiCache::CacheCluster' } } } });
    expect(() => plan(readAssembly(folder))).toThrow(/^Cache in app is a AWS::ElastiCache::CacheCluster, which/);
  });

  test('that is not there is refused', () => {
    expect(() => readAssembly('/nowhere')).toThrow(/\/nowhere\/manifest\.json cannot be read/);
  });
});
