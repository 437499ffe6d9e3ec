import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOURS_PER_MONTH } from './assumptions.ts';

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have as many shapes as resource types.
  readonly Properties?: any;
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
  const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type).map(([, resource]) => resource);
  const functions = ofType('AWS::Lambda::Function').map(({ Properties }) => Properties);
  const ours = functions.filter(({ Environment }) => Environment?.Variables?.POWERTOOLS_SERVICE_NAME !== undefined);
  const mappings = ofType('AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties);
  const streams = mappings.filter(({ StartingPosition }) => StartingPosition !== undefined).length;
  return {
    keys: ofType('AWS::KMS::Key').length,
    secrets: ofType('AWS::SecretsManager::Secret').length,
    alarmMetrics: ofType('AWS::CloudWatch::Alarm').reduce((sum, { Properties }) => sum + metricsOf(Properties), 0),
    compositeAlarms: ofType('AWS::CloudWatch::CompositeAlarm').length,
    dashboards: ofType('AWS::CloudWatch::Dashboard').length,
    polledQueues: mappings.length - streams,
    streams,
    runsPerMonth: new Map(ofType('AWS::Events::Rule').flatMap(({ Properties }) => runsOf(Properties))),
    memoryMb: new Map(
      ours.map(({ Environment, MemorySize = 128 }) => [Environment.Variables.POWERTOOLS_SERVICE_NAME, MemorySize]),
    ),
    isTraced: ours.some(({ TracingConfig }) => TracingConfig?.Mode === 'Active'),
    hasKeyedTables: ofType('AWS::DynamoDB::Table').some(
      ({ Properties }) => Properties?.SSESpecification?.KMSMasterKeyId !== undefined,
    ),
    queueKeySeconds: queueKeySeconds(ofType('AWS::SQS::Queue')),
  };
}

function metricsOf({ Metrics }: { Metrics?: { MetricStat?: object }[] }): number {
  return Metrics === undefined ? 1 : Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
}

/** SQS's default is five minutes. */
const QUEUE_KEY_SECONDS = 300;

function queueKeySeconds(queues: readonly Resource[]): number | undefined {
  const keyed = queues.filter(({ Properties }) => Properties?.KmsMasterKeyId !== undefined);
  const seconds = keyed.map(({ Properties }) => Properties.KmsDataKeyReusePeriodSeconds ?? QUEUE_KEY_SECONDS);
  return seconds.length === 0 ? undefined : Math.min(...seconds);
}

/** The task of each target of a rule with a rate; a rule without one is an alarm's, and runs when that goes off. */
function runsOf({
  ScheduleExpression,
  Targets = [],
}: {
  ScheduleExpression?: string;
  Targets?: { Input?: string }[];
}): [string, number][] {
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
