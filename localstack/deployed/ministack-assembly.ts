import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const ALARM = 'AWS::CloudWatch::Alarm';

const metricSchema = z.object({
  MetricStat: z
    .object({
      Metric: z.object({ MetricName: z.string(), Namespace: z.string(), Dimensions: z.unknown().optional() }),
      Period: z.number(),
      Stat: z.string(),
    })
    .optional(),
});

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.looseObject({}).optional() })),
});

/**
 * Changes the templates of an assembly where MiniStack refuses one, and nothing else: an alarm over an expression becomes one
 * over the first of its metrics. Such an alarm is deployed under its name, but does not raise for the others.
 */
export function adaptToMiniStack(assembly: string): void {
  for (const name of readdirSync(assembly).filter((file) => file.endsWith('.template.json'))) {
    const path = join(assembly, name);
    const template = templateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const alarms = Object.values(template.Resources).filter(({ Type, Properties }) => {
      return Type === ALARM && Properties?.['Metrics'] !== undefined;
    });
    if (alarms.length === 0) continue;
    for (const alarm of alarms) alarm.Properties = plainAlarm(alarm.Properties ?? {});
    writeFileSync(path, JSON.stringify(template, undefined, 1));
  }
}

function plainAlarm({ Metrics, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const [first] = z
    .array(metricSchema)
    .parse(Metrics)
    .flatMap(({ MetricStat }) => MetricStat ?? []);
  if (first === undefined) throw new Error(`An alarm has no metric: ${JSON.stringify(rest)}.`);
  const { Metric, Period, Stat } = first;
  return { ...rest, ...Metric, Period, ...(/^p\d/.test(Stat) ? { ExtendedStatistic: Stat } : { Statistic: Stat }) };
}
