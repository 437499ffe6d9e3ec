import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive } from '../../localstack/embedded/data/process-identity.ts';
import { readStackFile, type StackInfo } from '../../localstack/embedded/data/stack-file.ts';
import { startDeployedStack } from './deployed-stack.ts';
import type { Invocation, RunningStack, StackStats } from './running-stack.ts';
import { waitFor } from './wait-for.ts';

export type { RunningStack } from './running-stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START = fileURLToPath(new URL('../../localstack/start.ts', import.meta.url));

/** `npm start` promises 15 s with synthesis; a loaded machine gets more before a test gives up. */
const READY_TIMEOUT_MS = 45_000;

/** Stopping waits at most 2 s for requests and 1 s for workers, each on a machine that may be loaded. */
const STOP_TIMEOUT_MS = 15_000;

export interface StackOptions {
  /** The data folder; by default a temporary one, deleted when the tests end. */
  readonly data?: string;
  /** More environment variables for the stack's own process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables laid over a function's own, by its logical id or short name (`Ingest`). */
  readonly functionEnvironment?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly args?: readonly string[];
}

/** The stack's process and what it has said; it may still fail to start. */
export class StackProcess {
  readonly data: string;
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(options: StackOptions = {}) {
    this.data = options.data ?? temporaryFolder();
    this.process = spawn(process.execPath, ['--import', 'tsx', START, ...(options.args ?? [])], {
      cwd: ROOT,
      env: {
        ...process.env,
        PORT: '0',
        ZEROSUM_DATA: this.data,
        // A test's own small app mostly has no roles.
        ...(options.env?.['ZEROSUM_ASSEMBLY'] === undefined && { ZEROSUM_ENFORCE_IAM: '1' }),
        ZEROSUM_FUNCTION_ENVIRONMENT: JSON.stringify(options.functionEnvironment ?? {}),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString('utf8');
    });
    this.process.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString('utf8');
    });
    this.exited = once(this.process, 'close').then(([code]) => code as number | null);
  }

  /** What runs, as `stack.json` says now. */
  info(): StackInfo {
    const info = readStackFile(join(this.data, 'stack.json'));
    if (info === undefined)
      throw new Error(`No stack.json in ${this.data}. The stack said: ${this.stdout}${this.stderr}`);
    return info;
  }

  get hasExited(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Every process of the stack: itself, engines and workers. */
  processIds(): number[] {
    const { processId, engines, functions } = this.info();
    const engineIds = Object.values(engines).flatMap((engine) => engine?.processId ?? []);
    return [processId, ...engineIds, ...functions.flatMap(({ processIds }) => processIds)];
  }
}

/** An embedded stack that serves. */
export class EmbeddedStack extends StackProcess implements RunningStack {
  readonly runsSchedulesAtStart = true;

  get url(): string {
    return /^ready (\S+)$/m.exec(this.stdout)?.[1] ?? '';
  }

  /** Runs a function now, with this event, and gives how it ended. */
  invoke(functionName: string, event: unknown): Promise<Invocation> {
    return this.#control('POST', `/functions/${functionName}/invoke`, event) as Promise<Invocation>;
  }

  /** Makes the first process of the function that reaches this crash point die there, once. */
  async crash(functionName: string, point: string): Promise<void> {
    await this.#control('POST', '/crash', { function: functionName, point });
  }

  /** The crash points at which no process has died yet. */
  async armed(): Promise<{ function: string; point: string }[]> {
    return ((await this.#control('GET', '/crash')) as { armed: { function: string; point: string }[] }).armed;
  }

  /** Who has died at which crash point since the stack started. */
  async crashDeaths(): Promise<{ function: string; point: string; processId: number }[]> {
    return ((await this.#control('GET', '/crash')) as { deaths: Awaited<ReturnType<RunningStack['crashDeaths']>> })
      .deaths;
  }

  async disarm(): Promise<void> {
    await this.#control('DELETE', '/crash');
  }

  stats(): Promise<StackStats> {
    return this.#control('GET', '/stats') as Promise<StackStats>;
  }

  async log(functionName: string): Promise<string> {
    const folder = join(this.data, 'logs');
    const files = readdirSync(folder).filter((name) => name.startsWith(functionName));
    return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  }

  /** The name of a table, or URL of a queue, by the short form of its logical id. */
  table(label: string): string {
    return found(this.info().tables, label).name;
  }

  queueUrl(label: string): string {
    return found(this.info().queues, label).url;
  }

  queueArn(label: string): string {
    return found(this.info().queues, label).arn;
  }

  /** The name of a bucket, by the short form of its logical id. */
  bucket(label: string): string {
    return found(this.info().buckets, label).name;
  }

  /** Where an engine listens. */
  engineEndpoint(role: 'dynamodb' | 'sqs' | 's3'): string {
    const endpoint = this.info().engines[role]?.endpoint;
    if (endpoint === undefined) throw new Error(`The stack has no ${role} engine.`);
    return endpoint;
  }

  /** Ends it as Ctrl-C does; gives the exit code. */
  async stop(): Promise<number | null> {
    this.process.kill('SIGTERM');
    const late = setTimeout(() => this.process.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const code = await this.exited;
    clearTimeout(late);
    return code;
  }

  /** Kills every process of the stack at once. */
  async kill(): Promise<void> {
    const all = this.processIds();
    for (const processId of all) killQuietly(processId);
    await this.exited;
    await waitFor('every process of the stack to be gone', () => all.every((processId) => !isAlive(processId)));
  }

  async #control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.info().controlUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }
}

/**
 * A stack of the test's own: the embedded one, or a stage deployed for it to the emulator that `ZEROSUM_EMULATOR` names
 * (`npm run test:deployed`).
 */
export function startStack(options: StackOptions = {}): Promise<RunningStack> {
  const endpoint = process.env['ZEROSUM_EMULATOR'];
  return endpoint === undefined
    ? startEmbeddedStack(options)
    : startDeployedStack(endpoint, temporaryFolder(), options);
}

/** Starts the real `localstack/start.ts` on a free port and waits until it says `ready`. */
export async function startEmbeddedStack(options: StackOptions = {}): Promise<EmbeddedStack> {
  const stack = new EmbeddedStack(options);
  await waitFor('the stack to be ready', () => stack.url !== '' || stack.hasExited, READY_TIMEOUT_MS);
  if (stack.hasExited) throw new Error(`The stack did not start: ${stack.stderr || stack.stdout}`);
  return stack;
}

function found<Item extends { readonly label: string }>(items: readonly Item[], label: string): Item {
  const item = items.find((candidate) => candidate.label === label);
  if (item === undefined) throw new Error(`The stack has no ${label}: ${items.map((one) => one.label).join(', ')}`);
  return item;
}

function killQuietly(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch {
    // It was gone already.
  }
}

/** A new empty folder, deleted when all tests have run, after whatever still runs in it has been stopped. */
export function temporaryFolder(): string {
  return mkdtempSync(join(process.env['ZEROSUM_TEST_FOLDER'] ?? tmpdir(), 'zerosum-test-'));
}
