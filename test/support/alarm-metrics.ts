/** A metric that an alarm looks at. */
export interface AlarmMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
  readonly service: unknown;
  readonly statistic: string;
}

interface MetricProperties {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** The properties of an `AWS::CloudWatch::Alarm`, as far as they say what it looks at. */
export interface AlarmProperties extends Partial<MetricProperties> {
  readonly AlarmName: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Metrics?: readonly {
    readonly Expression?: string;
    readonly MetricStat?: { readonly Metric: MetricProperties; readonly Stat: string };
  }[];
}

/** The metrics of an alarm, its own or those of its expression. */
export function alarmMetrics(alarm: AlarmProperties): AlarmMetric[] {
  const { Namespace = '', MetricName = '', Dimensions = [], Statistic, ExtendedStatistic, Metrics } = alarm;
  if (Metrics === undefined) {
    return [metricOf({ Namespace, MetricName, Dimensions }, Statistic ?? ExtendedStatistic ?? '')];
  }
  return Metrics.flatMap(({ MetricStat }) => (MetricStat ? [metricOf(MetricStat.Metric, MetricStat.Stat)] : []));
}

function metricOf({ Namespace, MetricName, Dimensions = [] }: MetricProperties, statistic: string): AlarmMetric {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace: Namespace, name: MetricName, dimensions, service: dimensions['service'], statistic };
}
