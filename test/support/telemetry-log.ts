import type { MetricKey, Telemetry } from '../../lambdas/telemetry.ts';

/** Telemetry that remembers what it was told. */
export class TelemetryLog implements Telemetry {
  readonly counts = new Map<MetricKey, number>();
  readonly errors: { readonly message: string; readonly error: unknown }[] = [];
  readonly warnings: string[] = [];

  count(metric: MetricKey, value = 1): void {
    this.counts.set(metric, this.counted(metric) + value);
  }

  counted(metric: MetricKey): number {
    return this.counts.get(metric) ?? 0;
  }

  durationMs(): void {}

  info(): void {}

  warn(message: string): void {
    this.warnings.push(message);
  }

  error(message: string, error: unknown): void {
    this.errors.push({ message, error });
  }

  flush(): void {}
}
