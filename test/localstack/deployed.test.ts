import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEmulator } from '../../localstack/deployed/emulator.ts';
import { emulatorEndpoint, emulatorEnvironment } from '../../localstack/deployed/endpoint.ts';
import { adaptToMiniStack } from '../../localstack/deployed/ministack-assembly.ts';
import { type Lists, outcomeOf } from '../deployed/outcome.ts';
import { temporaryFolder } from '../support/stack.ts';

describe('what deploys to an emulator', () => {
  it.each([
    'https://dynamodb.us-east-1.amazonaws.com',
    'https://cloudformation.cn-north-1.amazonaws.com.cn/',
    'https://AMAZONAWS.com',
    'https://dynamodb.us-east-1.api.aws',
    'ftp://127.0.0.1',
    '127.0.0.1:4566',
    '',
  ])('refuses the endpoint %j', (text) => {
    expect(() => emulatorEndpoint(text)).toThrow(/^(?:.* is AWS itself|The emulator's endpoint is )/);
    expect(() => emulatorEnvironment(text)).toThrow();
  });

  it('takes any other, and drops its last slash', () => {
    expect(emulatorEndpoint('http://127.0.0.1:4566/')).toBe('http://127.0.0.1:4566');
    expect(emulatorEndpoint('http://localhost.localstack.cloud:4566')).toBe('http://localhost.localstack.cloud:4566');
  });

  it('reads no credential, profile or region of whoever runs it', () => {
    const own = {
      AWS_PROFILE: 'prod',
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SESSION_TOKEN: 'real',
      CDK_DEFAULT_ACCOUNT: '1',
    };
    const kept = Object.fromEntries(Object.keys(own).map((name) => [name, process.env[name]]));
    Object.assign(process.env, own);
    try {
      const environment = emulatorEnvironment('http://127.0.0.1:1');
      expect(environment).not.toHaveProperty('AWS_PROFILE');
      expect(environment).not.toHaveProperty('AWS_SESSION_TOKEN');
      expect(environment).not.toHaveProperty('CDK_DEFAULT_ACCOUNT');
      expect(environment).toMatchObject({ AWS_ACCESS_KEY_ID: 'test', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
      expect(environment['PATH']).toBe(process.env['PATH']);
    } finally {
      for (const [name, value] of Object.entries(kept)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it('never asks AWS whether it is ready', async () => {
    await expect(openEmulator('https://sts.amazonaws.com', temporaryFolder())).rejects.toThrow('is AWS itself');
  });
});

describe('the templates for MiniStack', () => {
  it('have a plain alarm for one over an expression, and everything else as it was', () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'app.template.json');
    const stat = { Metric: { MetricName: 'Errors', Namespace: 'N', Dimensions: [] }, Period: 60, Stat: 'p99' };
    const plain = { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'M', Namespace: 'N' } };
    const table = { Type: 'AWS::DynamoDB::Table', Properties: { Metrics: 1 }, DeletionPolicy: 'Delete' };
    const math = { AlarmName: 'a', Metrics: [{ Expression: 'm0 + 1' }, { Id: 'm0', MetricStat: stat }] };
    const Resources = { plain, table, math: { Type: 'AWS::CloudWatch::Alarm', Properties: math } };
    writeFileSync(path, JSON.stringify({ Outputs: {}, Resources }));
    adaptToMiniStack(folder);
    const adapted = {
      ...{ AlarmName: 'a', MetricName: 'Errors', Namespace: 'N', Dimensions: [], Period: 60 },
      ExtendedStatistic: 'p99',
    };
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      Outputs: {},
      Resources: { plain, table, math: { Type: 'AWS::CloudWatch::Alarm', Properties: adapted } },
    });
  });
});

describe('the outcome of a run', () => {
  const lists: Lists = {
    deviating: [{ file: 'a.test.ts', tests: ['deviates'], reason: '' }],
    leftOut: [{ file: 'a.test.ts', tests: ['is left out'], reason: '' }],
  };
  const good = { passes: 'passed', 'deviates somehow': 'failed', 'is left out here': 'skipped' };

  function outcome(tests: Record<string, string>, status = 'passed') {
    const assertionResults = Object.entries(tests).map(([fullName, one]) => ({
      ...{ fullName, status: one, failureMessages: one === 'failed' ? ['why'] : [] },
    }));
    return outcomeOf({ testResults: [{ name: '/x/a.test.ts', status, message: 'broke', assertionResults }] }, lists);
  }

  it('is good when all passes but what is listed', () => {
    expect(outcome(good)).toEqual({ passed: 1, deviating: 1, violations: [] });
  });

  it.each([
    ['a test fails', { ...good, passes: 'failed' }, 'a.test.ts: "passes": why'],
    ['a deviation is gone', { ...good, 'deviates somehow': 'passed' }, 'passes now'],
    ['a test did not run', { ...good, passes: 'skipped' }, '"passes" did not run'],
    ['a listed test is gone', { passes: 'passed', 'is left out here': 'skipped' }, 'no test "deviates'],
    ['a test left out is gone', { passes: 'passed', 'deviates somehow': 'failed' }, 'no test "is left out'],
  ])('is bad when %s', (_, tests, violation) => {
    const { violations } = outcome(tests);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(violation);
  });

  it('is bad when a file broke before its first test', () => {
    const { passed, violations } = outcome(
      { passes: 'skipped', 'deviates somehow': 'skipped', 'is left out': 'skipped' },
      'failed',
    );
    expect(passed).toBe(0);
    expect(violations).toEqual(['a.test.ts did not run: broke']);
  });
});
