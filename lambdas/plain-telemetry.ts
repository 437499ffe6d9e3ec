import type { Clock } from './clock.ts';
import { instantOf } from './domain/instant.ts';
import {
  CURRENCY_DIMENSION,
  type MetricKey,
  metricNames,
  metricNamespace,
  SERVICE_DIMENSION,
  type StageName,
  type Telemetry,
} from './telemetry.ts';

/**
 * The same lines as Powertools writes, as far as these functions have any to write: its 36 KB would be a sixth of a bundle
 * that counts nothing but its own faults.
 */
export function plainTelemetry(
  clock: Pick<Clock, 'nowMs'>,
  { stage, service }: { stage: StageName; service: string },
  write: (line: string) => void = console.log,
): Telemetry {
  const line = (fields: object) => write(JSON.stringify(fields));
  const log = (level: string, message: string, details: object = {}) =>
    line({ level, message, timestamp: instantOf(clock.nowMs()), service, ...details });
  const put = (metric: MetricKey, unit: string, value: number, more: Record<string, string> = {}) => {
    const name = metricNames[metric];
    const dimensions = { [SERVICE_DIMENSION]: service, ...more };
    const definition = {
      Namespace: metricNamespace(stage),
      Dimensions: [Object.keys(dimensions)],
      Metrics: [{ Name: name, Unit: unit }],
    };
    line({ _aws: { Timestamp: clock.nowMs(), CloudWatchMetrics: [definition] }, ...dimensions, [name]: value });
  };
  return {
    count: (metric, value = 1) => put(metric, 'Count', value),
    durationMs: (metric, value) => put(metric, 'Milliseconds', value),
    amount: (metric, minor, currency) => put(metric, 'None', Number(minor), { [CURRENCY_DIMENSION]: currency }),
    info: (message, details) => log('INFO', message, details),
    warn: (message, details) => log('WARN', message, details),
    error: (message, error, details) => {
      const { name, message: said, stack } = error instanceof Error ? error : new Error(String(error));
      log('ERROR', message, { ...details, error: { name, message: said, stack } });
    },
    // Each metric is a line of its own, written at once.
    flush: () => undefined,
  };
}
