import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { type MetricKey, metricNames } from '../../lambdas/telemetry.ts';
import { bundleOptions } from '../../lib/bundle.ts';
import { countedBy } from '../../lib/operations/metrics.ts';
import { stages } from '../../lib/stage.ts';
import { functionNames } from '../../localstack/bench/bundle-size.ts';
import { alarmMetrics } from '../support/alarm-metrics.ts';
import { type Resource, type StageName, synthesised, type Template } from '../support/templates.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUNBOOK = readFileSync(`${ROOT}/docs/runbook.md`, 'utf8');

/** What an alarm costs a month for each metric in it, in us-east-1 (Amazon CloudWatch pricing). */
const CENTS_PER_METRIC = 10;

const templates = new Map<StageName, Template>();

beforeAll(async () => {
  for (const stage of ['dev', 'prod'] as const) templates.set(stage, await synthesised(stage));
});

function ofType(stage: StageName, type: string): [string, Resource][] {
  return [...(templates.get(stage)?.resources ?? [])].filter(([, { Type }]) => Type === type);
}

const alarms = (stage: StageName) => ofType(stage, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const nameOf = ({ AlarmName }: { AlarmName: string }) => AlarmName.split('-').at(-1) ?? '';

describe('the alarms', () => {
  it('have a section each in the runbook, which their descriptions name, and no section is without an alarm', () => {
    const part = RUNBOOK.split(/^## /m).find((text) => text.startsWith('Alarms\n')) ?? '';
    const sections = [...part.matchAll(/^### (\w+)\n\n([\s\S]*?)(?=^### |$(?![\s\S]))/gm)].map(([, name, text]) => ({
      name,
      text,
    }));
    expect(sections.map(({ name }) => name).sort()).toEqual(alarms('prod').map(nameOf).sort());
    for (const { name, text } of sections) {
      expect(text, name).toMatch(/^- Look: .*^- Do: /ms);
      expect(text?.startsWith('_Money._'), name).toBe(alarms('dev').some((alarm) => nameOf(alarm) === name));
    }
    for (const alarm of alarms('prod')) {
      expect(alarm.AlarmDescription).toMatch(
        new RegExp(`^[A-Z].{20,}[.] docs/runbook[.]md#${nameOf(alarm).toLowerCase()}$`),
      );
    }
  });

  it('tell one topic, which is encrypted under the stack’s key and takes nothing in the clear', () => {
    for (const stage of ['dev', 'prod'] as const) {
      const [[topic, { Properties }] = ['', { Properties: {} } as Resource], ...others] = ofType(
        stage,
        'AWS::SNS::Topic',
      );
      expect(others).toEqual([]);
      expect(JSON.stringify(Properties.KmsMasterKeyId)).toMatch(/Key/);
      for (const { AlarmActions } of alarms(stage)) expect(AlarmActions).toEqual([{ Ref: topic }]);
      const [, policy] = ofType(stage, 'AWS::SNS::TopicPolicy')[0] ?? [];
      const statements = policy?.Properties.PolicyDocument.Statement;
      expect(statements).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
      expect(statements).toContainEqual(
        expect.objectContaining({ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
      );
      expect(ofType(stage, 'AWS::SNS::Subscription')).toEqual([]);
    }
  });

  it('cost what they may: in dev less than a dollar a month, and nowhere more than ten metrics each', () => {
    const cents = (stage: StageName) =>
      alarms(stage).reduce((sum, alarm) => sum + CENTS_PER_METRIC * alarmMetrics(alarm).length, 0);
    expect(cents('dev')).toBe(80);
    expect(cents('prod')).toBe(610);
    expect(RUNBOOK).toContain('(61 metrics, $6.10 a month)');
    expect(RUNBOOK).toContain('8 metrics, $0.80)');
    for (const alarm of alarms('prod')) expect(alarmMetrics(alarm).length, nameOf(alarm)).toBeLessThanOrEqual(10);
    expect(ofType('dev', 'AWS::CloudWatch::Dashboard')).toEqual([]);
    expect(ofType('prod', 'AWS::CloudWatch::Dashboard')).toHaveLength(2);
  });

  it('watch everything that tells of a fault', () => {
    const watched = new Set(
      alarms('prod')
        .flatMap(alarmMetrics)
        .map(({ name, service }) => `${name} ${service}`),
    );
    const faults: MetricKey[] = [
      ...(['notAccepted', 'unreadable', 'laneHalted', 'sweepResent', 'sweepGaveUp', 'closeFailures'] as const),
      ...(['closeAnchorFailures', 'discrepancies', 'runsCompleted', 'auditFailures', 'pagesUncounted'] as const),
      ...(['pageGaps', 'guardFindings', 'webhookKeysDamaged', 'apiKeysDamaged', 'internalErrors'] as const),
    ];
    for (const key of faults) {
      for (const service of countedBy[key]) expect(watched).toContain(`${metricNames[key]} ${service}`);
    }
  });

  it('call silence a fault of the schedule alone', () => {
    for (const alarm of alarms('prod')) {
      const isHeartbeat = nameOf(alarm) === 'ReconcileSilent';
      expect(alarm.TreatMissingData).toBe(isHeartbeat ? 'breaching' : 'notBreaching');
      expect(alarm.ComparisonOperator).toBe(isHeartbeat ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold');
    }
  });

  it('start a reconciliation when they are raised, those that name a culprit', () => {
    for (const stage of ['dev', 'prod'] as const) {
      const [rule, ...others] = ofType(stage, 'AWS::Events::Rule').filter(
        ([, { Properties }]) => Properties.EventPattern,
      );
      expect(others).toEqual([]);
      const { EventPattern, Targets, ScheduleExpression } = rule?.[1].Properties ?? {};
      expect(ScheduleExpression).toBeUndefined();
      expect(EventPattern).toMatchObject({
        ...{ source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'] },
        detail: { state: { value: ['ALARM'] } },
      });
      const heard = EventPattern.resources.map((one: { 'Fn::GetAtt': string[] }) => one['Fn::GetAtt'][0]);
      const names = ofType(stage, 'AWS::CloudWatch::Alarm').filter(([id]) => heard.includes(id));
      expect(names.map(([, { Properties }]) => nameOf(Properties)).sort()).toEqual(['DeadLetters', 'GuardFindings']);
      expect(JSON.stringify(Targets)).toMatch(/reconcile/i);
    }
  });
});

describe('the runbook', () => {
  const blocks = [...RUNBOOK.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1] ?? '');

  it('has commands that the shell can read, and that name what exists', () => {
    const scripts = Object.keys(JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')).scripts);
    const ids = [...(templates.get('prod')?.resources.keys() ?? [])];
    for (const block of blocks) {
      expect(spawnSync('bash', ['-n', '-c', block]).status, block).toBe(0);
      for (const [, script = ''] of block.matchAll(/npm run (?:--silent )?([\w-]+)/g))
        expect(scripts).toContain(script);
      for (const [, list = ''] of block.matchAll(/for ID in ([\w ]+);/g)) {
        for (const id of list.split(' ')) expect(ids.filter((one) => one.startsWith(id)).length, id).toBeGreaterThan(0);
      }
      for (const [, stack = ''] of block.matchAll(/--stack-name (\S+)/g)) {
        expect(['zerosum-$STAGE', 'zerosum-$STAGE-data']).toContain(stack);
      }
    }
    expect(blocks.join('')).toContain("OutputKey=='ApiUrl'");
    expect(templates.get('prod')?.text).toContain('"ApiUrl"');
  });

  it('links to sections that it has', () => {
    const anchors = [...RUNBOOK.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    for (const [, anchor = ''] of RUNBOOK.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
  });
});

it('knows which functions count a metric: those that have the code for it', () => {
  const sources = new Map(functionNames().map((name) => [name, sourceOf(name)]));
  for (const [key, services] of Object.entries(countedBy)) {
    for (const service of services) {
      // The sweep's and the consumer's outcomes are looked up by name.
      expect(sources.get(service), `${service} counts ${key}`).toMatch(new RegExp(`['"\`]${key}['"\`]`));
    }
    const counts = new RegExp(`\\.(?:count|amount|durationMs)\\(\\s*['"\`]${key}['"\`]`);
    const counting = [...sources].filter(([, source]) => counts.test(source)).map(([name]) => name);
    expect(services, key).toEqual(expect.arrayContaining(counting));
  }
});

/** What of our code is in a function's bundle, unminified. */
function sourceOf(name: string): string {
  const options = { ...bundleOptions([name], stages.prod, 'read'), minify: false, sourcemap: false } as const;
  const { outputFiles } = buildSync({ ...options, write: false });
  return outputFiles.map(({ text }) => text).join('\n');
}
