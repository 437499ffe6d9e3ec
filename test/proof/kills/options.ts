import { parseArgs } from 'node:util';

export interface KillOptions {
  readonly kills: number;
  readonly events: number;
  readonly seed: number;
  /** Where the report goes, if anywhere. */
  readonly report: string | undefined;
}

const DEFAULT_KILLS = 200;
const DEFAULT_EVENTS = 20_000;
const DEFAULT_SEED = 1;

const COUNT_MAX = 1_000_000;

export const USAGE = `Kills the embedded stack's processes under load and audits its books: npm run kills [-- options]
  --kills N      how many SIGKILLs (${DEFAULT_KILLS})
  --events N     how many different events are accepted meanwhile (${DEFAULT_EVENTS})
  --seed N       decides which kill comes when, and what is sent (${DEFAULT_SEED})
  --report FILE  writes the figures there, as JSON`;

/** Undefined when help is asked for. Throws a sentence about what cannot be used. */
export function readKillOptions(args: readonly string[]): KillOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string' },
      events: { type: 'string' },
      seed: { type: 'string' },
      report: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    kills: readCount('--kills', values.kills, 1) ?? DEFAULT_KILLS,
    events: readCount('--events', values.events, 1) ?? DEFAULT_EVENTS,
    seed: readCount('--seed', values.seed, 0) ?? DEFAULT_SEED,
    report: values.report,
  };
}

function readCount(name: string, text: string | undefined, min: number): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= min && count <= COUNT_MAX) return count;
  throw new Error(`${name} is ${JSON.stringify(text)}: give a whole number from ${min} to ${COUNT_MAX}.`);
}
