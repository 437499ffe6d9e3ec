import { isSdk } from './bundle-size.ts';
import type { TimeByOwner } from './cpu-profile.ts';
import { rounded } from './quantiles.ts';

/** What runs a function rather than belongs to it: Node's event loop, the stack's worker and the garbage collector. */
const RUNTIME = new Set(['node', 'worker', 'gc']);

export interface OwnCpu {
  /** Processor time per event, measured by the operating system at full load. */
  readonly allMs: number;
  /** The part of our code and the libraries we chose, besides the SDK. */
  readonly ownMs: number;
  /** The part of everything but the SDK's: with the event loop, the embedded worker and the garbage collector. */
  readonly besidesSdkMs: number;
  readonly msByOwner: Readonly<Record<string, number>>;
}

/** Divides a function's processor time per event as a profile of its workers divides their running time. */
export function ownCpu(times: TimeByOwner, cpuMsPerEvent: number): OwnCpu {
  const total = [...times.values()].reduce((sum, us) => sum + us, 0);
  const ms = (belongs: (owner: string) => boolean) => {
    const us = [...times].reduce((sum, [owner, part]) => sum + (belongs(owner) ? part : 0), 0);
    return rounded((us / total) * cpuMsPerEvent, 3);
  };
  const byTime = [...times].sort(([, left], [, right]) => right - left).map(([owner]) => owner);
  return {
    allMs: cpuMsPerEvent,
    ownMs: ms((owner) => !isSdk(owner) && !RUNTIME.has(owner)),
    besidesSdkMs: ms((owner) => !isSdk(owner)),
    msByOwner: Object.fromEntries(byTime.map((owner) => [owner, ms((other) => other === owner)])),
  };
}
