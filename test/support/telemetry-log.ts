import type { MetricKey, Telemetry } from '../../lambdas/telemetry.ts';

/** Telemetry that remembers what it was told. */
export class TelemetryLog implements Telemetry {
  readonly counts = new Map<MetricKey, number>();
  readonly errors: { readonly message: string; readonly error: unknown }[] = [];
  readonly warnings: string[] = [];
  readonly infos: ({ readonly message: string } & Record<string, unknown>)[] = [];
  /** By metric and currency. */
  readonly amounts = new Map<string, bigint>();

  count(metric: MetricKey, value = 1): void {
    this.counts.set(metric, this.counted(metric) + value);
  }

  counted(metric: MetricKey): number {
    return this.counts.get(metric) ?? 0;
  }

  durationMs(): void {}

  amount(metric: MetricKey, minor: bigint, currency: string): void {
    const name = `${metric} ${currency}`;
    this.amounts.set(name, (this.amounts.get(name) ?? 0n) + minor);
  }

  info(message: string, details: Record<string, unknown> = {}): void {
    this.infos.push({ message, ...details });
  }

  warn(message: string): void {
    this.warnings.push(message);
  }

  error(message: string, error: unknown): void {
    this.errors.push({ message, error });
  }

  flush(): void {}
}
