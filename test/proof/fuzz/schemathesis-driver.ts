import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { ApiDocument } from '../../../lambdas/docs/api-document.ts';
import { developmentSeeds } from '../../../localstack/embedded/development.ts';
import { ANSWER_TIMEOUT_MS } from './exchange.ts';
import type { FuzzRun } from './fuzz-run.ts';
import { Recorder } from './recorder.ts';

const HOOKS = fileURLToPath(new URL('hooks.py', import.meta.url));

/** As long as it may take besides its time: starting, and telling what it found. */
const MARGIN_MS = 120_000;

const MS_PER_SECOND = 1_000;

/**
 * One thread. With more a slow operation would not hold up the others; but Python 3.11 counts the depth of its parser over all
 * threads together, and then refuses sound code in the middle of the work (python/cpython, issue 106905).
 */
const WORKERS = '1';

/** What schemathesis calls an exception of its own, or of what it is made of: nothing that a server can bring about. */
const OWN_FAULT = 'Runtime Error';

const reportSchema = z.object({
  test_cases: z.object({ generated: z.number() }),
  failures: z.array(z.object({ title: z.string(), count: z.number(), operations: z.array(z.string()) })),
  errors: z.array(z.object({ title: z.string(), count: z.number() })),
});

interface SchemathesisOptions {
  readonly command: string;
  readonly seed: number;
  readonly seconds: number;
  /** An empty folder for its configuration and reports. */
  readonly folder: string;
  /** Ends sooner with so many. */
  readonly maxFailures?: number;
}

/**
 * Runs schemathesis against the server, with a recorder between them, so that its requests are judged by our rules as
 * well as by its own. Gives how many test cases it made.
 */
export async function driveSchemathesis(run: FuzzRun, options: SchemathesisOptions): Promise<number> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true });
  const document = join(folder, 'openapi.json');
  const configuration = join(folder, 'schemathesis.toml');
  const report = join(folder, 'report.json');
  writeFileSync(document, JSON.stringify(worldly(run.judge.surface.document)));
  writeFileSync(configuration, configurationOf(run));
  const recorder = await Recorder.start(run);
  const args = ['--config-file', configuration, 'run', document, '--url', recorder.url, '--seed', String(options.seed)];
  const limits = ['--max-time', String(options.seconds), '--phases', 'examples,coverage,fuzzing', '--workers', WORKERS];
  const ending = options.maxFailures === undefined ? [] : ['--max-failures', String(options.maxFailures)];
  const patience = ['--request-timeout', String(ANSWER_TIMEOUT_MS / MS_PER_SECOND)];
  const output = ['--no-color', '--output-sanitize', 'false', '--report', 'json', '--report-json-path', report];
  const told = await executed(
    options.command,
    [...args, ...limits, ...ending, ...patience, ...output, '--generation-database', 'none'],
    run,
    options,
  );
  await recorder.stop();
  return takeReport(run, report, told);
}

/** Its own findings, next to those of our judge; throws what it said when it could not do its work. */
function takeReport(run: FuzzRun, path: string, told: string): number {
  const { test_cases: cases, failures, errors } = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  for (const { title, count } of errors) {
    if (title !== OWN_FAULT || cases.generated === 0) {
      throw new Error(`schemathesis could not do all of its work: ${title}.\n${told}`);
    }
    console.log(`fuzz: schemathesis failed of itself at ${count} operations, which the other driver covers too`);
  }
  for (const { title, operations } of failures) {
    for (const operation of operations)
      run.findings.tell(operation, `schemathesis: ${title}\n${sectionOf(told, operation)}`);
  }
  return cases.generated;
}

/** What it said of one operation, curl command and all. */
function sectionOf(told: string, operation: string): string {
  const [, after = ''] = told.split(`_ ${operation} _`);
  return after.split(/\n_{3,}.*_{3,}\n|\n={3,}/)[0]?.trim() ?? '';
}

async function executed(
  command: string,
  args: readonly string[],
  { credentials: { signer } }: FuzzRun,
  { folder, seconds }: SchemathesisOptions,
): Promise<string> {
  const environment = { ZEROSUM_KEY_ID: signer.keyId, ZEROSUM_KEY_SECRET: signer.secret };
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const late = setTimeout(() => child.kill(), seconds * MS_PER_SECOND + MARGIN_MS);
  const exited = new Promise<number | null>((fulfil, reject) => child.once('error', reject).once('close', fulfil));
  const [code, out, problems] = await Promise.all([exited, readText(child.stdout), readText(child.stderr)]);
  clearTimeout(late);
  // 1 says that it found something, or could not do something: its report tells which.
  if (code !== 0 && code !== 1) throw new Error(`schemathesis ended with ${code}:\n${out}${problems}`);
  return out;
}

/**
 * The document as it is true of this world: what a schema can't know are the metrics and tenants there are. Anything else
 * is refused here, too. No change finds its condition met: with other prices the fuzzer's own book would be wrong.
 */
function worldly(document: ApiDocument): ApiDocument {
  const metrics = Object.keys(developmentSeeds.prices.unitPrices);
  const tenants = Object.keys(developmentSeeds.tenants);
  const narrowed: ApiDocument = JSON.parse(JSON.stringify(document), (name, value) => {
    if (value?.in === 'header' && value.name === 'If-Match') {
      return { ...value, schema: { type: 'string', enum: ['"0.0"'] }, example: '"0.0"' };
    }
    if (typeof value !== 'object' || value === null || value.type !== 'string') return value;
    if (name === 'metric') return { type: 'string', enum: metrics };
    return name === 'tenant' ? { type: 'string', enum: tenants } : value;
  });
  // An answer may name a tenant that was made here a moment ago.
  const sent = Object.values(narrowed.paths).flatMap((path) =>
    Object.values(path).map(({ requestBody }) => requestBody),
  );
  const isSent = (name: string) => JSON.stringify(sent).includes(`"#/components/schemas/${name}"`);
  const { schemas } = document.components;
  const answered = Object.fromEntries(Object.entries(schemas).filter(([name]) => !isSent(name)));
  return {
    ...narrowed,
    components: { ...narrowed.components, schemas: { ...narrowed.components.schemas, ...answered } },
  };
}

/**
 * Its checks, but for one it can't make here: whether what is valid must be accepted depends on the time, on cursors given
 * out and on keys used before. The other driver, which knows, makes that one.
 */
function configurationOf({ credentials }: FuzzRun): string {
  const [tenantToken] = credentials.tenants.values();
  return [
    `hooks = ${JSON.stringify(HOOKS)}`,
    '[auth.openapi.tenantToken]',
    `bearer = "${tenantToken}"`,
    '[auth.openapi.adminToken]',
    `bearer = "${credentials.admin}"`,
    '[checks]',
    'positive_data_acceptance.enabled = false',
    '[phases.coverage]',
    // API Gateway has no route for any other method: the answer is that to an unknown path.
    'unexpected-methods = ["get", "put", "post", "delete", "options", "patch"]',
    '[[operations]]',
    'include-path = "/events/batch"',
    // One bad event never sinks the others.
    'checks.negative_data_rejection.expected-statuses = ["207", "400", "401", "403", "405", "415", "429"]',
    '[[operations]]',
    'include-path = "/dead-letters/redrive"',
    // That there are no other tenants is our own addition: an event of one is unknown like any other that is not there.
    'checks.negative_data_rejection.expected-statuses = ["200", "400", "401", "403", "405", "415", "429"]',
    '[[operations]]',
    'include-path = "/tenants"',
    // The same goes here: another tenant is a new one.
    'checks.negative_data_rejection.expected-statuses = ["200", "201", "400", "401", "403", "405", "412", "413", "415", "428", "429"]',
    '[[operations]]',
    'include-path = ["/webhook-keys", "/api-keys"]',
    // Nor is that other tenant unknown here, once there is one.
    'checks.negative_data_rejection.expected-statuses = ["201", "400", "401", "403", "405", "409", "413", "415", "429"]',
    '[[operations]]',
    'include-path-regex = "^/(webhook|api)-keys/"',
    // That no state fits is our own addition, too: any other is as valid, and no key's.
    'checks.negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "428", "429"]',
    '[[operations]]',
    'include-path = "/prices"',
    'checks.negative_data_rejection.expected-statuses = ["400", "401", "403", "405", "412", "413", "415", "428", "429"]',
    '[[operations]]',
    'include-path = "/reconcile"',
    // Checking the whole ledger takes as long as everything else.
    'generation.max-examples = 5',
    '[[operations]]',
    'include-path = "/webhooks/usage"',
    // The hook signs whatever is sent here, whatever was left out; our judge looks at the signatures.
    'checks.ignored_auth.enabled = false',
    'checks.missing_required_header.enabled = false',
    '',
  ].join('\n');
}
