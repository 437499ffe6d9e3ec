/**
 * Fuzzes the HTTP surface of a stack of its own from the OpenAPI document it serves: `npm run fuzz -- --help`. Ends with 1
 * when anything answers otherwise than the document and the contract say, or when the books are not right afterwards.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../support/stack.ts';
import { driveFastCheck } from './fuzz/fast-check-driver.ts';
import type { FuzzRun } from './fuzz/fuzz-run.ts';
import { developmentHints } from './fuzz/hints.ts';
import { checkMoney } from './fuzz/money.ts';
import { type FuzzOptions, readFuzzOptions, usage } from './fuzz/options.ts';
import { driveSchemathesis } from './fuzz/schemathesis-driver.ts';
import { schemathesis } from './fuzz/schemathesis-install.ts';
import { openWorld } from './fuzz/world.ts';
import { type Report, writeReport } from './report.ts';

const MS_PER_SECOND = 1_000;
const MOST_SEEDS = 1_000_000;

// The SDK warns of the oldest Node that Zerosum supports, which is used on purpose.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: FuzzOptions;
  try {
    options = readFuzzOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 1;
  }
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const seed = options.seed ?? randomInt(1, MOST_SEEDS);
  return fuzz({ ...options, seed });
}

type Settings = FuzzOptions & { readonly seed: number };

async function fuzz(settings: Settings): Promise<number> {
  const command = `npm run fuzz -- --seconds ${settings.seconds} --seed ${settings.seed} --driver ${settings.driver}`;
  console.log(`fuzz: ${command}`);
  const fuzzer = await schemathesisFor(settings.driver);
  const folder = mkdtempSync(join(tmpdir(), 'zerosum-fuzz-'));
  const stack = await startStack({ data: join(folder, 'data') });
  try {
    const run = await openWorld(stack, settings.seconds);
    const cases = await drive(run, settings, fuzzer, join(folder, 'schemathesis'));
    console.log(`fuzz: answers ${JSON.stringify(run.byStatus)}; now the books`);
    const money = await checkMoney(run, stack);
    const figures = { seconds: settings.seconds, ...run.figures, 'made by schemathesis': cases, ...money };
    const violations = run.findings.told();
    report(settings, command, figures, violations);
    return violations.length === 0 ? 0 : 1;
  } finally {
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The command of schemathesis; undefined when the other driver is to do without. */
async function schemathesisFor(driver: FuzzOptions['driver']): Promise<string | undefined> {
  if (driver === 'fast-check') return undefined;
  try {
    const command = await schemathesis.command();
    console.log(`fuzz: by schemathesis ${schemathesis.version}${driver === 'auto' ? ' and fast-check' : ''}`);
    return command;
  } catch (error) {
    if (driver === 'schemathesis') throw error;
    console.log(`fuzz: by fast-check alone: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Both drivers at once, so that their requests meet; gives how many test cases schemathesis made. */
async function drive(run: FuzzRun, { seconds, seed, driver }: Settings, command: string | undefined, folder: string) {
  const deadlineMs = performance.now() + seconds * MS_PER_SECOND;
  const [cases] = await Promise.all([
    command === undefined ? 0 : bySchemathesis(run, { command, seed, seconds, folder }),
    driver === 'schemathesis' ? undefined : driveFastCheck(run, { seed, hints: developmentHints(), deadlineMs }),
  ]);
  return cases;
}

/** A driver that breaks is a finding: the other one and the books still have their say. */
function bySchemathesis(run: FuzzRun, options: Parameters<typeof driveSchemathesis>[1]): Promise<number> {
  return driveSchemathesis(run, options).catch((error: Error) => {
    run.findings.tell('schemathesis', error.message);
    return 0;
  });
}

function report({ report: file }: Settings, command: string, figures: Report['figures'], violations: string[]): void {
  for (const violation of violations) console.log(`\n${violation}`);
  console.log(`\nfuzz: ${JSON.stringify(figures)}: ${violations.length} violations`);
  writeReport(file, { name: 'HTTP fuzz', command, figures, violations });
}
