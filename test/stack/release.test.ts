import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FunctionName } from '../../lib/function-limits.ts';
import { GradualRelease } from '../../lib/release.ts';
import { type Resource, type StageName, synthesised, type Template } from '../support/templates.ts';

const templates = new Map<StageName, Template>();

beforeAll(async () => {
  for (const stage of ['local', 'dev', 'prod'] as const) templates.set(stage, await synthesised(stage));
});

function ofType(stage: StageName, type: string): [string, Resource][] {
  return [...(templates.get(stage)?.resources ?? [])].filter(([, { Type }]) => Type === type);
}

/** Everything that invokes functions, as text that names what it invokes. */
function invokers(stage: StageName): string[] {
  const properties = (type: string) => ofType(stage, type).map(([, { Properties }]) => Properties);
  return [
    ...properties('AWS::Lambda::EventSourceMapping').map(({ FunctionName }) => FunctionName),
    ...properties('AWS::ApiGateway::Method').map(({ Integration }) => Integration.Uri),
    ...properties('AWS::Events::Rule').flatMap(({ Targets }) => Targets.map(({ Arn }: { Arn: unknown }) => Arn)),
  ].map((invoked) => JSON.stringify(invoked));
}

describe('stage prod', () => {
  it('invokes every function by its alias alone', () => {
    const aliases = ofType('prod', 'AWS::Lambda::Alias').map(([id]) => id);
    expect(aliases).toHaveLength(9);
    expect(invokers('prod').length).toBeGreaterThan(20);
    for (const invoked of invokers('prod'))
      expect(
        aliases.some((id) => invoked.includes(id)),
        invoked,
      ).toBe(true);
  });

  it('gives a new version of what runs often a tenth of its traffic first, and takes it back on an alarm', () => {
    const groups = ofType('prod', 'AWS::CodeDeploy::DeploymentGroup');
    const names = groups.map(([id]) => /^Release(.*)Release/.exec(id)?.[1]);
    expect(names.sort()).toEqual(['consumer', 'ingest', 'projector', 'read']);
    const alarms = ofType('prod', 'AWS::CloudWatch::Alarm').map(([id]) => id);
    for (const [id, { Properties }] of groups) {
      expect(Properties, id).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent15Minutes',
        DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
        AlarmConfiguration: { Enabled: true },
        AutoRollbackConfiguration: {
          Enabled: true,
          Events: expect.arrayContaining(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM']),
        },
      });
      const watched = Properties.AlarmConfiguration.Alarms.map(({ Name }: { Name: { Ref: string } }) => Name.Ref);
      expect(alarms).toEqual(expect.arrayContaining(watched));
      for (const alarm of ['Crashes', 'ServerErrors', 'OldestMessage']) {
        expect(
          watched.some((ref: string) => ref.includes(alarm)),
          alarm,
        ).toBe(true);
      }
    }
    const shifted = ofType('prod', 'AWS::Lambda::Alias').filter(([, { UpdatePolicy }]) => UpdatePolicy !== undefined);
    expect(shifted.map(([id]) => /^Release(.*)Alias/.exec(id)?.[1]).sort()).toEqual(names);
  });

  it('leaves old versions for whoever has to go back by hand, but none of a release that was taken back', () => {
    const versions = ofType('prod', 'AWS::Lambda::Version');
    expect(versions).toHaveLength(9);
    for (const [id, version] of versions) {
      expect(version, id).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });
});

describe('a release with an alarm on', () => {
  function released(context: Record<string, string>): Assertions {
    const stack = new Stack(new App({ context }), 'Stack');
    const settings = { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('0') };
    const names: FunctionName[] = [
      ...(['ingest', 'read', 'consumer', 'admin', 'reconcile'] as const),
      ...(['projector', 'guard', 'docs', 'console'] as const),
    ];
    const functions = names.map((name) => [name, new LambdaFunction(stack, name, settings)]);
    new GradualRelease(stack, 'Release', { functions: Object.fromEntries(functions) });
    return Assertions.fromStack(stack);
  }

  it('changes every alias at once, where a person says so', () => {
    const template = released({ release: 'at-once' });
    template.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
    const aliases = Object.values(template.findResources('AWS::Lambda::Alias'));
    expect(aliases).toHaveLength(9);
    for (const { UpdatePolicy } of aliases) expect(UpdatePolicy).toBeUndefined();
  });

  it('is not taken for one by a misspelt word', () => {
    expect(() => released({ release: 'now' })).toThrow('Pass -c release=at-once, or nothing.');
  });
});

it.each(['local', 'dev'] as const)(
  'stage %s invokes functions themselves, and has nothing of a gradual release',
  (stage) => {
    const types = new Set([...(templates.get(stage)?.resources.values() ?? [])].map(({ Type }) => Type));
    for (const type of types) expect(type).not.toMatch(/CodeDeploy|Lambda::(Alias|Version)|WAF/);
  },
);

it.each(['local', 'dev', 'prod'] as const)('no resource of stage %s waits for itself', (stage) => {
  const resources = templates.get(stage)?.resources ?? new Map<string, Resource>();
  const needs = new Map(
    [...resources].map(([id, resource]) => {
      const text = JSON.stringify(resource);
      return [id, [...resources.keys()].filter((other) => other !== id && text.includes(`"${other}"`))] as const;
    }),
  );
  const done = new Set<string>();
  const visit = (id: string, way: readonly string[]): void => {
    expect(way, 'a circle of resources').not.toContain(id);
    if (done.has(id)) return;
    for (const other of needs.get(id) ?? []) visit(other, [...way, id]);
    done.add(id);
  };
  for (const id of needs.keys()) visit(id, []);
});
