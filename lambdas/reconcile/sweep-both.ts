import type { AdjustmentEvent } from '../domain/adjustment-event.ts';
import type { UsageEvent } from '../domain/usage-event.ts';
import type { SweepPorts } from './ports.ts';
import { type SweepReport, type SweepSettings, sweep } from './sweep.ts';

interface Sweeps {
  readonly usage: SweepPorts<UsageEvent>;
  readonly adjustment: SweepPorts<AdjustmentEvent>;
}

/** Sweeps both intakes, each by itself: a fault in one keeps nobody's events in the other waiting. Throws it afterwards. */
export async function sweepBoth(
  { usage, adjustment }: Sweeps,
  settings: SweepSettings,
): Promise<{ usage: SweepReport; adjustment: SweepReport }> {
  const [usageSwept, adjustmentSwept] = await Promise.allSettled([sweep(usage, settings), sweep(adjustment, settings)]);
  if (usageSwept.status === 'rejected') throw usageSwept.reason;
  if (adjustmentSwept.status === 'rejected') throw adjustmentSwept.reason;
  return { usage: usageSwept.value, adjustment: adjustmentSwept.value };
}
