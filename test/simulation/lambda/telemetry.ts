import type { MetricKey, Telemetry } from '../../../lambdas/telemetry.ts';

/** What all functions of a run have counted and complained of. */
export class SimulatedTelemetry implements Telemetry {
  readonly counts = new Map<MetricKey, number>();
  /** By message, how often. */
  readonly errors = new Map<string, number>();

  count(metric: MetricKey, value = 1): void {
    this.counts.set(metric, (this.counts.get(metric) ?? 0) + value);
  }

  error(message: string, error: unknown): void {
    const said = `${message} ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
    this.errors.set(said, (this.errors.get(said) ?? 0) + 1);
  }

  durationMs(): void {}
  amount(): void {}
  info(): void {}
  warn(): void {}
  flush(): void {}
}
