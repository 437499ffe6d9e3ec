/**
 * Deploys stage `dev` to an AWS emulator and runs the acceptance tests against it: `npm run test:deployed -- --help`. Ends
 * with 1 when a test fails that is not listed to, or one passes that is.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmulatedStage } from '../../localstack/deployed/emulated-stage.ts';
import { type Emulator, isMiniStack, openEmulator } from '../../localstack/deployed/emulator.ts';
import { synthesise } from '../../localstack/embedded/synthesis.ts';
import { writeReport } from '../proof/report.ts';
import { embeddedOnly } from './embedded-only.ts';
import type { Listed } from './listed.ts';
import { beyond, deviating } from './ministack-deviations.ts';
import { type DeployedOptions, readDeployedOptions, usage } from './options.ts';
import { type Lists, type Outcome, outcomeOf } from './outcome.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const MS_PER_SECOND = 1_000;

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: DeployedOptions;
  try {
    options = readDeployedOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 1;
  }
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'zerosum-deployed-'));
  try {
    return await testDeployed(options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function testDeployed({ endpoint, only, report }: DeployedOptions, folder: string): Promise<number> {
  const startedMs = performance.now();
  const assembly = join(folder, 'assembly');
  const emulator = await openEmulator(endpoint, folder);
  let outcome: Outcome;
  let lists: Lists;
  try {
    // Another emulator has deviations of its own, which show.
    const isOurs = await isMiniStack(emulator.endpoint);
    lists = { deviating: isOurs ? deviating : [], leftOut: [...embeddedOnly, ...(isOurs ? beyond : [])] };
    await synthesise(assembly, join(folder, 'synthesis.log'), undefined, 'dev');
    await new EmulatedStage(emulator.endpoint, folder).bootstrap(assembly);
    console.log(`deployed: ${emulator.name} is bootstrapped; now each file deploys stage dev, and destroys it`);
    outcome = await runTests(emulator, { assembly, folder, only, lists });
  } finally {
    await emulator.stop();
  }
  told('for the embedded stack alone', embeddedOnly);
  told('beyond this emulator', lists.leftOut.slice(embeddedOnly.length));
  told('must fail, as this emulator deviates', lists.deviating);
  for (const violation of outcome.violations) console.log(`\n${violation}`);
  const seconds = Math.round((performance.now() - startedMs) / MS_PER_SECOND);
  const { passed, deviating: deviates, violations } = outcome;
  console.log(
    `\ndeployed: ${passed} passed, ${violations.length} failed, ${deviates} deviate as listed, in ${seconds} s`,
  );
  const command = `npm run test:deployed${only.includes('') ? '' : ` -- --only ${only.join(',')}`}`;
  const figures = { seconds, passed, 'deviating as listed': deviates };
  writeReport(report, { name: 'deployed to an emulator', command, figures, violations: [...violations] });
  return violations.length === 0 ? 0 : 1;
}

/** Runs vitest over the files that a deployed stack can serve; what it says goes to a log, and its report is read. */
async function runTests(
  { endpoint }: Emulator,
  run: { readonly assembly: string; readonly folder: string; readonly only: readonly string[]; readonly lists: Lists },
): Promise<Outcome> {
  const { assembly, folder, only, lists } = run;
  const whole = new Set(lists.leftOut.filter(({ tests }) => tests === undefined).map(({ file }) => file));
  const files = ['acceptance', 'deployed'].flatMap((name) =>
    readdirSync(join(ROOT, 'test', name))
      .filter((file) => file.endsWith('.test.ts') && only.some((part) => file.includes(part)) && !whole.has(file))
      .map((file) => join('test', name, file)),
  );
  const results = join(folder, 'tests.json');
  const log = openSync(join(folder, 'tests.log'), 'a');
  const child = spawn(process.execPath, [VITEST, 'run', '-t', patternWithout(lists.leftOut), ...files], {
    cwd: ROOT,
    env: {
      ...process.env,
      ZEROSUM_EMULATOR: endpoint,
      ZEROSUM_ASSEMBLY: assembly,
      ZEROSUM_TEST_REPORT: results,
    },
    stdio: ['ignore', log, log],
  });
  await once(child, 'close');
  if (existsSync(results)) return outcomeOf(JSON.parse(readFileSync(results, 'utf8')), lists);
  const said = readFileSync(join(folder, 'tests.log'), 'utf8');
  return { passed: 0, deviating: 0, violations: [`The tests left no report: ${said}`] };
}

/** Matches the full name of every test but those listed. */
function patternWithout(listed: readonly Listed[]): string {
  const starts = listed.flatMap(({ tests = [] }) => tests).map((start) => start.replaceAll(/[^\w\s]/g, '\\$&'));
  return starts.length === 0 ? '' : `^(?!${starts.join('|')})`;
}

function told(what: string, listed: readonly Listed[]): void {
  for (const { file, tests, reason } of listed) {
    console.log(`  ${what}: ${file}${(tests ?? []).map((test) => `\n    "${test}…"`).join('')}\n    (${reason})`);
  }
}
