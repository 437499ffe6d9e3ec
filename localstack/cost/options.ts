import { parseArgs } from 'node:util';
import { BATCH_EVENTS_MAX } from '../../lambdas/http/limits.ts';
import { parseStageName, type Stage } from '../../lib/stage.ts';

export interface CostOptions {
  readonly events: number;
  readonly batch: number;
  readonly isIdle: boolean;
  readonly tenants: number;
  readonly stage: Stage['name'];
  readonly isJson: boolean;
  readonly isHelp: boolean;
}

export const HELP = `Usage: npm run cost -- [--events 1000000] [--batch 100] [--stage dev] [--json]
       npm run cost -- --idle [--tenants 1000] [--stage dev] [--json]

What a month costs at list price: calls, write units and bytes counted in a run of the real functions over simulated
services, with the settings of the stage's own templates.
  --events N   events in the month, evenly spread
  --batch N    events in a request, 1 to ${BATCH_EVENTS_MAX}
  --idle       instead, what the stage costs while nobody sends anything
  --tenants N  with --idle: tenants, each with a few events of old
  --stage S    dev or prod; by default dev
  --json       every line as JSON`;

const EVENTS_MAX = 1_000_000_000_000;
const TENANTS_MAX = 100_000;

/** Throws a sentence that names the argument it cannot use. */
export function readCostOptions(args: readonly string[]): CostOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: { type: 'string', default: '1000000' },
      batch: { type: 'string', default: '100' },
      idle: { type: 'boolean', default: false },
      tenants: { type: 'string', default: '1000' },
      stage: { type: 'string', default: 'dev' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    events: readCount('--events', values.events, EVENTS_MAX),
    batch: readCount('--batch', values.batch, BATCH_EVENTS_MAX),
    tenants: readCount('--tenants', values.tenants, TENANTS_MAX),
    stage: parseStageName(values.stage),
    ...{ isIdle: values.idle, isJson: values.json, isHelp: values.help },
  };
}

function readCount(name: string, text: string, max: number): number {
  const count = Number(text);
  if (/^[1-9]\d*$/.test(text) && count <= max) return count;
  throw new Error(`${name} is ${JSON.stringify(text)}: give a whole number from 1 to ${max}.`);
}
