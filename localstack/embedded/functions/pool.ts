import type { FunctionError } from './messages.ts';
import type { Outcome } from './outcome.ts';
import { WorkerProcess, type WorkerSettings } from './worker-process.ts';

/** Workers of one function at once: on two cores more only wait, for each mostly waits for the engine. */
const MOST_WORKERS = 4;

/** Invocations that may wait for a worker before the next is throttled: a second's worth, so no wait outlives its use. */
const MOST_WAITING = 512;

/** A worker that fails to load is tried again no faster than this while nothing waits for it. */
const RETRY_AFTER_MS = 1_000;

/** What a function has done since the stack started. */
export interface FunctionStats {
  readonly invocations: number;
  readonly errors: number;
  /** Processor time of its workers in all, loading excluded. */
  readonly cpuMs: number;
  /** Processor time spent on loading the bundle, over all workers. */
  readonly loadCpuMs: number;
  readonly workers: number;
  readonly waiting: number;
}

interface Waiting {
  readonly event: unknown;
  end(outcome: Outcome): void;
}

export interface PoolOptions {
  readonly logicalId: string;
  readonly settings: WorkerSettings;
  /** The function's `ReservedConcurrentExecutions`, if it declares one. */
  readonly reservedConcurrency: number | undefined;
  /** The processes have changed. */
  changed(): void;
}

/** A function's worker processes: one at first, more as invocations overlap, each replaced when it dies. */
export class FunctionPool {
  readonly logicalId: string;
  readonly #options: PoolOptions;
  readonly #workers = new Set<WorkerProcess>();
  readonly #idle: WorkerProcess[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #points = new Map<string, string>();
  readonly #warm: Promise<FunctionError | undefined>;
  #settleWarm: (error: FunctionError | undefined) => void = () => undefined;
  #loading = 0;
  #stopping = false;
  #capacity = 1;
  #invocations = 0;
  #errors = 0;
  #cpuMs = 0;
  #loadCpuMs = 0;

  constructor(options: PoolOptions) {
    this.logicalId = options.logicalId;
    this.#options = options;
    this.#warm = new Promise((settle) => {
      this.#settleWarm = settle;
    });
  }

  /** Starts the first worker; settles once it has loaded the bundle, with the error that keeps it from that, if any. */
  warmUp(): Promise<FunctionError | undefined> {
    if (this.#workers.size === 0) this.#spawn();
    return this.#warm;
  }

  /** Lets several invocations run at once: the function serves requests or a queue, not only a schedule. */
  allowConcurrency(): void {
    this.#capacity = Math.min(MOST_WORKERS, this.#options.reservedConcurrency ?? MOST_WORKERS);
  }

  /** What its processes see. */
  get environment(): Readonly<Record<string, string>> {
    return this.#options.settings.environment;
  }

  get capacity(): number {
    return this.#capacity;
  }

  get processIds(): number[] {
    return [...this.#workers].flatMap((worker) => worker.processId ?? []);
  }

  get stats(): FunctionStats {
    return {
      invocations: this.#invocations,
      errors: this.#errors,
      cpuMs: this.#cpuMs,
      loadCpuMs: this.#loadCpuMs,
      workers: this.#workers.size,
      waiting: this.#waiting.length,
    };
  }

  /** Invokes the function; waits for a worker when all are busy, and is throttled when too many wait already. */
  async invoke(event: unknown): Promise<Outcome> {
    if (this.#stopping || this.#waiting.length >= MOST_WAITING || this.#capacity === 0) {
      return { kind: 'throttled', error: { errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' } };
    }
    this.#invocations += 1;
    const outcome = await new Promise<Outcome>((end) => {
      this.#waiting.push({ event, end });
      this.#dispatch();
    });
    if (outcome.kind !== 'result') this.#errors += 1;
    return outcome;
  }

  /** Makes the first worker that reaches `point` die there, and no other. */
  arm(point: string, permission: string): void {
    this.#points.set(point, permission);
    this.#tellPoints();
  }

  disarm(): void {
    this.#points.clear();
    this.#tellPoints();
  }

  /** Takes no more work, and lets every worker end. */
  stop(): void {
    this.#stopping = true;
    for (const worker of this.#workers) worker.release();
  }

  kill(): void {
    this.#stopping = true;
    for (const worker of this.#workers) worker.kill();
  }

  #dispatch(): void {
    for (;;) {
      if (this.#waiting.length === 0) return;
      const worker = this.#idle.pop();
      if (worker === undefined) break;
      this.#run(worker);
    }
    // One new worker per invocation that would otherwise wait, as Lambda scales.
    const wanted = Math.min(this.#waiting.length - this.#loading, this.#capacity - this.#workers.size);
    for (let count = 0; count < wanted; count += 1) this.#spawn();
  }

  #run(worker: WorkerProcess): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    void worker.invoke(waiting.event).then((outcome) => {
      if (outcome.kind === 'result' || outcome.kind === 'error') this.#free(worker);
      waiting.end(outcome);
    });
  }

  #free(worker: WorkerProcess): void {
    this.#idle.push(worker);
    this.#dispatch();
  }

  #spawn(): void {
    if (this.#stopping) return;
    this.#loading += 1;
    let loaded = false;
    const worker = new WorkerProcess(this.#options.settings, {
      ready: (_worker, cpuMs) => {
        loaded = true;
        this.#loading -= 1;
        this.#loadCpuMs += cpuMs;
        this.#settleWarm(undefined);
        worker.arm(Object.fromEntries(this.#points));
        this.#free(worker);
      },
      spentCpu: (cpuMs) => {
        this.#cpuMs += cpuMs;
      },
      ended: (_worker, unfit) => {
        if (!loaded) this.#loading -= 1;
        this.#remove(worker, loaded ? undefined : (unfit ?? neverLoaded));
      },
    });
    this.#workers.add(worker);
    this.#options.changed();
  }

  #remove(worker: WorkerProcess, unfit: FunctionError | undefined): void {
    this.#workers.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#stopping) return;
    if (unfit === undefined) {
      this.#spawn();
      return;
    }
    this.#settleWarm(unfit);
    // Like Lambda, a failed load fails the invocation it was meant for; the next one tries anew.
    this.#waiting.shift()?.end({ kind: 'unfit', error: unfit });
    this.#options.changed();
    if (this.#waiting.length > 0) this.#dispatch();
    else if (this.#workers.size === 0) setTimeout(() => this.#ensureOne(), RETRY_AFTER_MS).unref();
  }

  #ensureOne(): void {
    if (this.#workers.size === 0) this.#spawn();
  }

  #tellPoints(): void {
    for (const worker of this.#workers) worker.arm(Object.fromEntries(this.#points));
  }
}

const neverLoaded: FunctionError = { errorType: 'Runtime.ExitError', errorMessage: 'The process ended while loading.' };
