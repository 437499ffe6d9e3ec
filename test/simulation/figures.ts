import type { Evidence } from './checks/evidence.ts';
import type { Operation } from './workload/operation.ts';
import type { SimulatedZerosum } from './zerosum.ts';

/** What happened in a run, in numbers that add up over runs. */
export type Figures = Readonly<Record<string, number>>;

export function figuresOf(evidence: Evidence, system: SimulatedZerosum, operations: readonly Operation[]): Figures {
  const { network, sqs, telemetry } = system;
  const sends = [...evidence.claims.values()].flat();
  return {
    schedules: 1,
    events: operations.reduce((sum, operation) => sum + operation.events, 0),
    'calls to services': network.counts.calls,
    'deaths of functions': network.counts.deaths,
    'calls lost': network.counts.lostCalls,
    'answers lost': network.counts.lostAnswers,
    'transactions in conflict': network.counts.conflicts,
    'transactions cancelled otherwise': network.counts.cancelled,
    'messages redelivered': sqs.counts.redelivered,
    'messages lost with their queue': sqs.counts.lost,
    'duplicates sent': sends.length - evidence.claims.size,
    'conflicting payloads refused': sends.filter(({ told }) => told === 'conflict').length,
    'events charged': evidence.charges.size,
    'events sent again by the sweep': telemetry.counts.get('sweepResent') ?? 0,
    'months closed': evidence.books.closures.length,
  };
}

export function addUp(left: Figures, right: Figures): Figures {
  const sums: Record<string, number> = { ...left };
  for (const [label, figure] of Object.entries(right)) sums[label] = (sums[label] ?? 0) + figure;
  return sums;
}
