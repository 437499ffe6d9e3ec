import { type BundleSize, bundleBudgetBytes } from './bundle-size.ts';
import type { CountedRun } from './counted-run.ts';
import type { OwnCpu } from './own-cpu.ts';
import { rounded } from './quantiles.ts';
import type { TimedRun } from './timed-run.ts';

/** From the 202 to posted, 99 of 100, at half load. */
const POSTED_P99_MS = 1_000;

/** Eight by the design (intake 1, its index 1, marker, page and head 2 each) and a little for keys of unusual length. */
const LONE_WRITE_UNITS = 8.2;

/** Ingest and consumer each, per event. */
const OWN_CPU_MS = 1.5;

interface Aim {
  readonly aim: number;
  readonly measured: number;
  readonly met: boolean;
}

/** What we want to stay under, and whether this run did. A run on a busy machine misses the ones that are times. */
export function aims(run: {
  halfLoad: TimedRun['halfLoad'];
  lone: CountedRun['lone'];
  cpu: Readonly<Record<string, OwnCpu>>;
  bundles: Readonly<Record<string, BundleSize>>;
}): Record<string, Aim> {
  const { halfLoad, lone, cpu, bundles } = run;
  const bundleBytes = Object.entries(bundles).map(([name, { besidesSdkBytes }]) => [
    `bundleBytes.${name}`,
    judged(bundleBudgetBytes(name), besidesSdkBytes),
  ]);
  const ownMs = Object.entries(cpu).map(([label, { ownMs }]) => [`ownCpuMs${label}`, judged(OWN_CPU_MS, ownMs)]);
  return {
    from202ToPostedP99Ms: judged(POSTED_P99_MS, halfLoad.from202ToPostedMs.p99),
    loneWriteUnits: judged(LONE_WRITE_UNITS, rounded(lone.ingest.writeUnits + lone.consumer.writeUnits)),
    ...Object.fromEntries(ownMs),
    ...Object.fromEntries(bundleBytes),
  };
}

function judged(aim: number, measured: number): Aim {
  return { aim, measured, met: measured <= aim };
}
