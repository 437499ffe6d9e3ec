/**
 * A full run in a process of its own, over the engine in its argument, with as little memory as its parent gave it.
 * Says in the end what it found and the most memory it held, as one line of JSON.
 */
import { systemClock } from '../../lambdas/clock.ts';
import { advanceRun, beginRun } from '../../lambdas/reconcile/run/advance-run.ts';
import { runPorts } from '../../lambdas/reconcile/run/compose.ts';
import { documentClient } from '../../lambdas/storage/dynamo.ts';
import { TABLES } from '../support/dynamodb.ts';
import { FakeBucket } from '../support/fake-bucket.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';

/** Steps between two looks at what is left after a collection. */
const STEPS_PER_LOOK = 10;

const [endpoint = ''] = process.argv.slice(2);
const client = documentClient({
  ...{ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
  requestHandler: { requestTimeout: 30_000 },
});
const { intake: usageIntake, adjustments: adjustmentIntake, ledger, balances, config, operations } = TABLES;
const ports = runPorts(
  {
    tables: { usageIntake, adjustmentIntake, ledger, balances, config, operations },
    settledAfterMs: 600_000,
  },
  {
    ...{ client, clock: systemClock, telemetry: new TelemetryLog(), anchors: new FakeBucket() },
    queue: { send: async () => undefined },
  },
);

const peak = { rssBytes: 0, heapBytes: 0 };
/** What is left after a collection, look by look. */
const keptBytes: number[] = [];
let steps = 0;

function look(): void {
  const { rss, heapUsed } = process.memoryUsage();
  peak.rssBytes = Math.max(peak.rssBytes, rss);
  peak.heapBytes = Math.max(peak.heapBytes, heapUsed);
  steps += 1;
  if (steps % STEPS_PER_LOOK !== 0) return;
  globalThis.gc?.();
  keptBytes.push(process.memoryUsage().heapUsed);
}

const save: typeof ports.runs.save = async (run) => {
  look();
  return ports.runs.save(run);
};
const runs = { ...ports, runs: { ...bound(ports.runs), save } };
const run = await advanceRun(await beginRun('full', undefined, runs), runs, Number.POSITIVE_INFINITY);
client.destroy();
console.log(
  JSON.stringify({ found: run.found, isComplete: run.phase === undefined, counts: run.counts, peak, keptBytes }),
);

/** Its methods, free of the object. */
function bound(target: typeof ports.runs): typeof ports.runs {
  return {
    create: (value) => target.create(value),
    find: (id) => target.find(id),
    save: (value) => target.save(value),
    closed: (id) => target.closed(id),
    open: () => target.open(),
    addFinding: (id, found) => target.addFinding(id, found),
    findings: (id) => target.findings(id),
  };
}
