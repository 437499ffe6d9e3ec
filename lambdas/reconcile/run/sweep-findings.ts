import { nowOf } from '../../clock.ts';
import type { UnsettledFinding } from '../ports.ts';
import type { RunPorts } from './ports.ts';

/** By whom a finding was seen that the sweep made. */
const SWEEP = 'sweep';

/** What the sweep has to send again is a finding as well: it is what a removed entry looks like. */
export function sweepFindings({ findings, clock, telemetry }: Pick<RunPorts, 'findings' | 'clock' | 'telemetry'>) {
  return {
    report: async ({ type, tenant, eventId, detail: message }: UnsettledFinding) => {
      await findings.seen({ type, tenant, eventId, place: {}, message }, SWEEP, nowOf(clock));
      telemetry.count('discrepancies');
    },
  };
}
