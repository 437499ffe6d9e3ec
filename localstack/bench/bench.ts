/**
 * The benchmark: `npm run bench -- [--events N] [--connections N] [--quick]`. Starts embedded stacks of its own, drives
 * single events over HTTP, and prints one JSON document on standard output; what it is doing goes to standard error.
 * docs/performance.md says what each figure means.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { stages } from '../../lib/stage.ts';
import { temporaryFolder } from '../../test/support/stack.ts';
import { synthesise } from '../embedded/synthesis.ts';
import { aims } from './aims.ts';
import { bundleSize, functionNames } from './bundle-size.ts';
import { countedRun } from './counted-run.ts';
import { readBenchOptions } from './options.ts';
import { ownCpu } from './own-cpu.ts';
import { rounded } from './quantiles.ts';
import { timedRun } from './timed-run.ts';

// The SDK of this process warns of the oldest Node that Zerosum supports, which is used on purpose.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const options = readBenchOptions(process.argv.slice(2));
const folder = temporaryFolder();
const assembly = join(folder, 'assembly');

progress('synthesising, weighing the bundles');
await synthesise(assembly, join(folder, 'synthesis.log'));
const bundles = Object.fromEntries(functionNames().map((name) => [name, bundleSize(name, stages.prod)]));

progress('counting calls and units, profiling');
const { lone, loaded, recorded, profiles } = await countedRun(options, assembly, folder);

progress('timing full load, the bare engines, half load');
const { fullLoad, halfLoad, bare } = await timedRun(options, assembly, recorded);

const cpu = Object.fromEntries(
  [...profiles].map(([label, times]) => [label, ownCpu(times, fullLoad.cpuMsPerEvent[label] ?? Number.NaN)]),
);
const ratioToBare = rounded(fullLoad.postedPerS / bare.eventsPerS);
const result = {
  machine: { cores: availableParallelism(), node: process.version },
  options,
  fullLoad,
  halfLoad,
  bare: { ...bare, ratioOfPostedToBare: ratioToBare },
  perLoneEvent: lone,
  perEventAtFullLoad: loaded,
  cpu,
  bundles,
  aims: aims({ halfLoad, lone, cpu, bundles }),
};
process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);

function progress(what: string): void {
  process.stderr.write(`bench: ${what}\n`);
}
