import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { FromWorker, FunctionError, ToWorker } from './messages.ts';
import type { Outcome } from './outcome.ts';

/** Lambda allows 10 s to load a function; a loaded two-core machine that starts several at once may need longer. */
const LOAD_TIMEOUT_MS = 30_000;

/** What every worker of a function is started with. */
export interface WorkerSettings {
  /** The compiled `worker.ts`. */
  readonly script: string;
  readonly taskRoot: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** Where each process leaves a CPU profile when it is stopped, if that is wished for. */
  readonly profileFolder: string | undefined;
  readonly timeoutMs: number;
  /** The log file's descriptor: the worker writes it itself, which costs this process nothing. */
  readonly log: number;
}

export interface WorkerEvents {
  ready(worker: WorkerProcess, cpuMs: number): void;
  spentCpu(cpuMs: number): void;
  /** It is gone; `unfit` says why if it never could load its bundle. */
  ended(worker: WorkerProcess, unfit: FunctionError | undefined): void;
}

/** One process that runs one function, one invocation at a time. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #settings: WorkerSettings;
  readonly #events: WorkerEvents;
  readonly #loading: NodeJS.Timeout;
  #unfit: FunctionError | undefined;
  #current: { requestId: string; end(outcome: Outcome): void; timer: NodeJS.Timeout } | undefined;
  #timedOut = false;
  #ended = false;

  constructor(settings: WorkerSettings, events: WorkerEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#child = fork(settings.script, [], {
      cwd: settings.taskRoot,
      env: settings.environment,
      execArgv: nodeArguments(settings),
      stdio: ['ignore', settings.log, settings.log, 'ipc'],
      // A group of its own: Ctrl-C reaches the stack alone, which lets invocations finish.
      detached: true,
    });
    this.#loading = setTimeout(() => {
      this.#unfit = { errorType: 'Runtime.InitTimeout', errorMessage: `not loaded after ${LOAD_TIMEOUT_MS} ms` };
      this.kill();
    }, LOAD_TIMEOUT_MS);
    this.#child.on('message', (message: FromWorker) => this.#receive(message));
    this.#child.once('error', (error) => this.#end(error.message));
    this.#child.once('exit', (code, signal) =>
      this.#end(signal === null ? `exit status ${code}` : `signal: ${signal}`),
    );
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  arm(points: Readonly<Record<string, string>>): void {
    this.#send({ kind: 'arm', points });
  }

  /** Runs one invocation; a process that outstays the function's timeout is killed, as Lambda does. */
  invoke(event: unknown): Promise<Outcome> {
    const requestId = randomUUID();
    return new Promise((end) => {
      const timer = setTimeout(() => {
        this.#timedOut = true;
        this.kill();
      }, this.#settings.timeoutMs);
      this.#current = { requestId, end, timer };
      this.#send({ kind: 'invoke', requestId, event, deadlineMs: Date.now() + this.#settings.timeoutMs });
    });
  }

  /** Lets it end by itself, as it does when its channel closes. */
  release(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #send(message: ToWorker): void {
    // A send that fails means the process is gone, which its exit reports.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        clearTimeout(this.#loading);
        this.#events.ready(this, message.cpuMs);
        return;
      case 'unfit':
        this.#unfit = message.error;
        return;
      case 'result':
        this.#finish(message.requestId, message.cpuMs, { kind: 'result', payload: message.payload });
        return;
      case 'failure':
        this.#finish(message.requestId, message.cpuMs, { kind: 'error', error: message.error });
    }
  }

  #finish(requestId: string, cpuMs: number, outcome: Outcome): void {
    this.#events.spentCpu(cpuMs);
    const current = this.#current;
    if (current?.requestId !== requestId) return;
    clearTimeout(current.timer);
    this.#current = undefined;
    current.end(outcome);
  }

  #end(how: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#loading);
    const current = this.#current;
    this.#current = undefined;
    if (current !== undefined) {
      clearTimeout(current.timer);
      current.end(this.#deathOutcome(current.requestId, how));
    }
    this.#events.ended(this, this.#unfit);
  }

  #deathOutcome(requestId: string, how: string): Outcome {
    if (this.#timedOut) {
      const seconds = (this.#settings.timeoutMs / 1_000).toFixed(2);
      const errorMessage = `${requestId} Task timed out after ${seconds} seconds`;
      return { kind: 'timeout', error: { errorType: 'Sandbox.Timedout', errorMessage } };
    }
    const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: ${how}`;
    return { kind: 'crash', error: { errorType: 'Runtime.ExitError', errorMessage } };
  }
}

function nodeArguments({ memoryMb, profileFolder }: WorkerSettings): string[] {
  const heap = `--max-old-space-size=${memoryMb}`;
  return profileFolder === undefined ? [heap] : [heap, '--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
}
