import { type ChildProcess, spawn } from 'node:child_process';
import { poll } from '../polling.ts';
import type { Progress } from '../progress.ts';
import { StackError } from '../stack-error.ts';

/** A JVM on a busy two-core machine needs several seconds; the others start in milliseconds. */
const START_TIMEOUT_MS = 30_000;

/** How long an engine may take to stop by itself before it is killed. */
const STOP_TIMEOUT_MS = 2_000;

/** An engine that dies more often than this in a row is broken, not unlucky. */
const RESTARTS_IN_A_ROW = 5;

/** An engine that lived this long counts as having started well. */
const STABLE_AFTER_MS = 10_000;

/** What is kept of the words of an engine that does not start. */
const KEPT_OUTPUT_CHARACTERS = 4_000;

/** How to run one engine, always on the same port, so that who talks to it need not know that it was restarted. */
export interface EngineCommand {
  /** What people call it in messages. */
  readonly name: string;
  readonly endpoint: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Whether it answers requests. */
  isReady(): Promise<boolean>;
  /** The sentence for an engine that does not start, given its last words. */
  explain(lastWords: string): string;
}

/** What an engine's owner is told. */
export interface EngineEvents {
  /** A process came up: the first one, or a successor. */
  started(processId: number): void;
  /** A successor serves: whatever the engine kept in memory is gone. */
  restarted(): Promise<void>;
  /** The engine cannot be kept running. */
  failed(error: StackError): void;
}

/** An engine kept running as a child process: one that dies is restarted on its port. */
export class Engine {
  readonly #command: EngineCommand;
  readonly #events: EngineEvents;
  readonly #progress: Progress;
  #child: ChildProcess | undefined;
  #lastWords = '';
  #startedAtMs = 0;
  #restarts = 0;
  #stopping = false;

  constructor(command: EngineCommand, events: EngineEvents, progress: Progress) {
    this.#command = command;
    this.#events = events;
    this.#progress = progress;
  }

  get endpoint(): string {
    return this.#command.endpoint;
  }

  get name(): string {
    return this.#command.name;
  }

  get processId(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the process and waits until it serves. Throws a `StackError` if it does not. */
  async start(): Promise<void> {
    const child = this.#spawn();
    const outcome = await poll(START_TIMEOUT_MS, async () => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return 'dead';
      return (await this.#command.isReady()) ? 'ready' : undefined;
    });
    if (outcome === 'ready') {
      child.once('exit', (code, signal) => this.#died(signal ?? `exit code ${code}`));
      // It may have died between the answer and the listener.
      if (child.exitCode !== null || child.signalCode !== null) this.#died('at once');
      return;
    }
    child.kill('SIGKILL');
    if (outcome === undefined) {
      throw new StackError(`The ${this.name} engine does not answer after ${START_TIMEOUT_MS} ms: start again.`);
    }
    throw new StackError(this.#command.explain(this.#lastWords.trim() || 'it said nothing'));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((fulfil) => child.once('exit', fulfil));
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await exited;
    clearTimeout(timer);
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping = true;
    this.#child?.kill('SIGKILL');
  }

  #spawn(): ChildProcess {
    const { command, args, cwd, environment } = this.#command;
    this.#lastWords = '';
    this.#startedAtMs = performance.now();
    const child = spawn(command, args, {
      // Standard input stays open as long as this process lives: an engine that watches it knows when it is alone.
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C reaches this process alone, which then stops everything in order.
      detached: true,
      ...(cwd !== undefined && { cwd }),
      ...(environment !== undefined && { env: environment }),
    });
    const keep = (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString('utf8')).slice(-KEPT_OUTPUT_CHARACTERS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => keep(Buffer.from(error.message)));
    this.#child = child;
    if (child.pid !== undefined) this.#events.started(child.pid);
    return child;
  }

  #died(how: string): void {
    if (this.#stopping) return;
    this.#restarts = performance.now() - this.#startedAtMs > STABLE_AFTER_MS ? 1 : this.#restarts + 1;
    if (this.#restarts > RESTARTS_IN_A_ROW) {
      this.#events.failed(new StackError(this.#command.explain(`it died ${this.#restarts} times in a row, by ${how}`)));
      return;
    }
    this.#progress(`the ${this.name} engine died (${how}): restarting it`);
    this.start()
      .then(() => this.#events.restarted())
      .then(() => this.#progress(`the ${this.name} engine serves again`))
      .catch((error: unknown) => {
        if (!this.#stopping) this.#events.failed(error instanceof StackError ? error : new StackError(String(error)));
      });
  }
}
