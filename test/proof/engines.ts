import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeReport } from './report.ts';

const USAGE = 'npm run engines [-- --report FILE]: the storage tests on every DynamoDB engine there is.';

/** By the engine that each runs on. */
const suites = {
  dynoxide: ['test/storage/dynoxide.test.ts'],
  'DynamoDB Local': ['test/storage/dynamodb-local.test.ts'],
  'the simulated one': ['test/simulation/dynamodb-storage-rules.test.ts'],
  'the simulated one and the other two, by the same random requests': [
    'test/simulation/dynamodb-against-engines.test.ts',
  ],
};

interface VitestReport {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const { values } = parseArgs({ options: { report: { type: 'string' }, help: { type: 'boolean' } } });
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const figures: Record<string, number> = {};
const violations: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'zerosum-engines-'));
for (const [engine, files] of Object.entries(suites)) {
  const outputFile = join(folder, 'report.json');
  const env = { ...process.env, ZEROSUM_TEST_REPORT: outputFile };
  spawnSync('npx', ['vitest', 'run', ...files], { stdio: ['ignore', 'inherit', 'inherit'], env });
  const report: VitestReport = JSON.parse(readFileSync(outputFile, 'utf8'));
  figures[`tests passed on ${engine}`] = report.numPassedTests;
  if (report.numPassedTests === 0) violations.push(`${engine}: no test ran; is the engine, or its Java, missing?`);
  for (const { assertionResults } of report.testResults) {
    for (const { status, fullName } of assertionResults) {
      if (status === 'failed') violations.push(`${engine}: ${fullName}`);
    }
  }
}
rmSync(folder, { recursive: true });
for (const violation of violations) console.log(`violation: ${violation}`);
writeReport(values.report, { name: 'engines', command: 'npm run engines', figures, violations });
process.exit(violations.length === 0 ? 0 : 1);
