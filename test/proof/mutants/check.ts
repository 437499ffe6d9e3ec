import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What may notice a bug: some files of the suite, or runs of the simulation. */
export type Check =
  | { readonly kind: 'suite'; readonly files: readonly string[] }
  | { readonly kind: 'simulation'; readonly seeds: string; readonly events: number };

export interface Verdict {
  /** What the check held against the code; undefined when it passed. */
  readonly fault: string | undefined;
  readonly seconds: number;
}

/** Many times what any of them takes: whatever is not done by then has lost its way. */
const TIMEOUT_MS = 120_000;

/** As much of a failed assertion as fits into a table. */
const FAULT_MAX_CHARS = 200;

/** A simulation's first word of a promise broken; making the run small, which comes next, is of no use here. */
const VIOLATION = /^violation: (.*)$/m;

/** Where vitest leaves its results, in the copy. */
const REPORT = 'mutant-tests.json';

/** The name of a folder in which the tests that start no stack look for nothing. */
const NO_ASSEMBLY = 'no-assembly';

export function suite(...names: readonly string[]): Check {
  return { kind: 'suite', files: names.map((name) => `test/${name}.test.ts`) };
}

/** A few seeds of the simulation: of the bugs it can see, nearly all show in the first or second. */
export const simulated: Check = { kind: 'simulation', seeds: '1..6', events: 200 };

export function checkName(check: Check): string {
  return check.kind === 'suite' ? check.files.join(' ') : `simulate --seeds ${check.seeds} --events ${check.events}`;
}

/**
 * Runs a check on the code in a folder. A suite's check stops at the first failed test, and starts no stack. One that does
 * not end in minutes has found a fault too: baselines take seconds. Throws when it ran nothing at all.
 */
export async function runCheck(check: Check, folder: string): Promise<Verdict> {
  const startedMs = performance.now();
  const fault = check.kind === 'suite' ? await suiteFault(check.files, folder) : await simulationFault(check, folder);
  return { fault: fault && shortened(fault), seconds: (performance.now() - startedMs) / 1_000 };
}

async function suiteFault(files: readonly string[], folder: string): Promise<string | undefined> {
  const report = join(folder, REPORT);
  rmSync(report, { force: true });
  const program = [join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...files, '--bail=1'];
  const { code, output } = await run(program, folder);
  if (code === 'timeout') return `${files.join(' ')} did not end in ${TIMEOUT_MS / 1_000} s`;
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as TestReport;
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ name, ...test })),
  );
  const failed = tests.find(({ status }) => status === 'failed');
  if (failed !== undefined) {
    return `${relative(folder, failed.name)}: "${failed.title}": ${firstLine(failed.failureMessages[0] ?? '')}`;
  }
  const unloaded = testResults.find(({ status }) => status === 'failed');
  if (unloaded !== undefined) return `${relative(folder, unloaded.name)} does not run: ${firstLine(unloaded.message)}`;
  if (code !== 0) return lastLine(output);
  if (tests.some(({ status }) => status === 'passed')) return undefined;
  throw new Error(`No test of ${files.join(' ')} runs on this machine.`);
}

/** What vitest's JSON report says, as far as it matters here. */
interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

async function simulationFault(
  { seeds, events }: Extract<Check, { kind: 'simulation' }>,
  folder: string,
): Promise<string | undefined> {
  const program = join('test', 'simulation', 'simulate.ts');
  const args = ['--import', 'tsx', program, '--seeds', seeds, '--events', String(events), '--workers', '2'];
  const { code, output } = await run(args, folder, VIOLATION);
  const violation = VIOLATION.exec(output)?.[1];
  if (violation !== undefined) return violation;
  if (code === 'timeout') return `did not end in ${TIMEOUT_MS / 1_000} s`;
  return code === 0 ? undefined : lastLine(output);
}

/**
 * Runs Node in the folder, until it ends or has said enough. At the timeout it is ended together with whatever it has
 * started.
 */
function run(
  args: readonly string[],
  folder: string,
  enough?: RegExp,
): Promise<{ code: number | null | 'timeout'; output: string }> {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its name alone keeps the tests' setup from synthesising the app for files that need none of it.
    // And its report must not be written over the one of the run that this is part of.
    env: { ...process.env, ZEROSUM_ASSEMBLY: NO_ASSEMBLY, ZEROSUM_TEST_REPORT: join(folder, REPORT) },
  });
  let output = '';
  let hasSaidEnough = false;
  const endGroup = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  const take = (text: string) => {
    output += text;
    if (hasSaidEnough || !enough?.test(output)) return;
    hasSaidEnough = true;
    endGroup();
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const endWithUs = () => {
    endGroup();
    process.exit(1);
  };
  process.once('SIGINT', endWithUs).once('SIGTERM', endWithUs);
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      endGroup();
    }, TIMEOUT_MS);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', endWithUs).off('SIGTERM', endWithUs);
      resolve({ code: isLate ? 'timeout' : code, output });
    });
  });
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

function lastLine(output: string): string {
  return output.trimEnd().split('\n').at(-1) ?? '';
}

function shortened(fault: string): string {
  return fault.length <= FAULT_MAX_CHARS ? fault : `${fault.slice(0, FAULT_MAX_CHARS)}…`;
}
