import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Events at full load; every other phase is sized from it. */
  readonly events: number;
  readonly connections: number;
  /** Sent before anything is timed: until its code is compiled, a worker needs up to twice the processor time. */
  readonly warmUpEvents: number;
  /** Sent one by one, each posted before the next, to count what a lone event costs. */
  readonly loneEvents: number;
  /** How long the run at half load lasts. */
  readonly halfLoadSeconds: number;
}

/** Long enough that the p99 of a run at full load rests on thirty events. */
const full = { events: 3_000, warmUpEvents: 3_000, loneEvents: 40, halfLoadSeconds: 15 };

/** A smoke test: every phase runs, the figures mean little. */
const quick = { events: 200, warmUpEvents: 60, loneEvents: 5, halfLoadSeconds: 2 };

const DEFAULT_CONNECTIONS = 16;

/** Reads `--events N`, `--connections N` and `--quick`. Throws a sentence that names the one it cannot use. */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: { type: 'string' },
      connections: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const defaults = values.quick ? quick : full;
  return {
    ...defaults,
    events: readCount('--events', values.events) ?? defaults.events,
    connections: readCount('--connections', values.connections) ?? DEFAULT_CONNECTIONS,
  };
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`${name} is ${JSON.stringify(text)}: give a whole number from 1.`);
}
