import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOURS_PER_MONTH } from './assumptions.ts';

/** Of all that a resource may declare, what decides what it costs. */
interface Properties {
  readonly Environment?: { readonly Variables?: { readonly POWERTOOLS_SERVICE_NAME?: string } };
  readonly MemorySize?: number;
  readonly TracingConfig?: { readonly Mode?: string };
  readonly StartingPosition?: string;
  readonly Metrics?: readonly { readonly MetricStat?: object }[];
  readonly ScheduleExpression?: string;
  readonly Targets?: readonly { readonly Input?: string }[];
  readonly SSESpecification?: { readonly KMSMasterKeyId?: unknown };
  readonly KmsMasterKeyId?: unknown;
  readonly KmsDataKeyReusePeriodSeconds?: number;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Properties;
}

/** What a stage costs for being there, as its templates declare it. */
export interface TemplateFacts {
  readonly keys: number;
  readonly secrets: number;
  /** Each metric that an alarm watches is billed. */
  readonly alarmMetrics: number;
  readonly compositeAlarms: number;
  readonly dashboards: number;
  /** Queues that Lambda polls. */
  readonly polledQueues: number;
  /** Streams that Lambda reads: free of charge, and told for that. */
  readonly streams: number;
  /** Runs in a month, by task. */
  readonly runsPerMonth: ReadonlyMap<string, number>;
  readonly memoryMb: ReadonlyMap<string, number>;
  readonly isTraced: boolean;
  /** Whether tables are encrypted with a key of the stage's own, whose every use is billed. */
  readonly hasKeyedTables: boolean;
  /** The same of queues: for so long one data key does. */
  readonly queueKeySeconds: number | undefined;
}

/** The facts of an assembly that `cdk synth` wrote. */
export function templateFacts(assembly: string): TemplateFacts {
  const files = readdirSync(assembly).filter((name) => name.endsWith('.template.json'));
  const resources = files.flatMap((name) => {
    const { Resources = {} } = JSON.parse(readFileSync(join(assembly, name), 'utf8'));
    return Object.entries<Resource>(Resources);
  });
  return factsOf(resources);
}

export function factsOf(resources: readonly (readonly [id: string, resource: Resource])[]): TemplateFacts {
  const ofType = (type: string) =>
    resources.filter(([, { Type }]) => Type === type).map(([, { Properties = {} }]) => Properties);
  const ours = ofType('AWS::Lambda::Function').flatMap(({ Environment, MemorySize = 128, TracingConfig }) => {
    const name = Environment?.Variables?.POWERTOOLS_SERVICE_NAME;
    return name === undefined ? [] : [{ name, memoryMb: MemorySize, isTraced: TracingConfig?.Mode === 'Active' }];
  });
  const mappings = ofType('AWS::Lambda::EventSourceMapping');
  const streams = mappings.filter(({ StartingPosition }) => StartingPosition !== undefined).length;
  return {
    keys: ofType('AWS::KMS::Key').length,
    secrets: ofType('AWS::SecretsManager::Secret').length,
    alarmMetrics: ofType('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + metricsOf(alarm), 0),
    compositeAlarms: ofType('AWS::CloudWatch::CompositeAlarm').length,
    dashboards: ofType('AWS::CloudWatch::Dashboard').length,
    polledQueues: mappings.length - streams,
    streams,
    runsPerMonth: new Map(ofType('AWS::Events::Rule').flatMap(runsOf)),
    memoryMb: new Map(ours.map(({ name, memoryMb }) => [name, memoryMb])),
    isTraced: ours.some(({ isTraced }) => isTraced),
    hasKeyedTables: ofType('AWS::DynamoDB::Table').some(
      ({ SSESpecification }) => SSESpecification?.KMSMasterKeyId !== undefined,
    ),
    queueKeySeconds: queueKeySeconds(ofType('AWS::SQS::Queue')),
  };
}

function metricsOf({ Metrics }: Properties): number {
  return Metrics === undefined ? 1 : Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
}

/** SQS's default is five minutes. */
const QUEUE_KEY_SECONDS = 300;

function queueKeySeconds(queues: readonly Properties[]): number | undefined {
  const keyed = queues.filter(({ KmsMasterKeyId }) => KmsMasterKeyId !== undefined);
  const seconds = keyed.map(({ KmsDataKeyReusePeriodSeconds = QUEUE_KEY_SECONDS }) => KmsDataKeyReusePeriodSeconds);
  return seconds.length === 0 ? undefined : Math.min(...seconds);
}

/** The task of each target of a rule with a rate; a rule without one is an alarm's, and runs when that goes off. */
function runsOf({ ScheduleExpression, Targets = [] }: Properties): [string, number][] {
  if (ScheduleExpression === undefined) return [];
  return Targets.map(({ Input = '{}' }) => [JSON.parse(Input).task ?? 'unnamed', runsPerMonth(ScheduleExpression)]);
}

const HOURS_PER = { minute: 1 / 60, hour: 1, day: 24 } as const;

/** How often `rate(5 minutes)` comes in a month. Throws on anything else: it wants its rule added here. */
export function runsPerMonth(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined || unit === undefined) throw new Error(`No rule here says how often ${expression} is.`);
  return HOURS_PER_MONTH / (Number(count) * HOURS_PER[unit as keyof typeof HOURS_PER]);
}
