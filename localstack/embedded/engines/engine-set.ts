import type { StackFile } from '../data/stack-file.ts';
import type { Progress } from '../progress.ts';
import { messageOf, StackError } from '../stack-error.ts';
import { Engine, type EngineCommand } from './engine.ts';
import { freePort } from './free-port.ts';

/** How often an engine is given another port when the one it got is taken meanwhile. */
const PORT_ATTEMPTS = 3;

export type EngineRole = 'dynamodb' | 'sqs' | 's3';

/** The engines of a stack: each started on a free port, listed in `stack.json` and kept running. */
export class EngineSet {
  readonly #file: StackFile;
  readonly #progress: Progress;
  readonly #failed: (error: StackError) => void;
  readonly #engines = new Map<EngineRole, Engine>();
  #stopping = false;

  /** @param failed told when an engine cannot be kept running */
  constructor(file: StackFile, progress: Progress, failed: (error: StackError) => void) {
    this.#file = file;
    this.#progress = progress;
    this.#failed = failed;
  }

  get processIds(): Record<string, number | undefined> {
    return Object.fromEntries([...this.#engines].map(([role, engine]) => [role, engine.processId]));
  }

  /**
   * Starts an engine and gives its endpoint.
   * @param restarted done whenever a successor serves, for an engine that forgets
   */
  async start(
    role: EngineRole,
    commandFor: (port: number) => EngineCommand,
    restarted: () => Promise<void> = async () => undefined,
    attempts = PORT_ATTEMPTS,
  ): Promise<string> {
    const command = commandFor(await freePort());
    const { name, endpoint } = command;
    const started = (processId: number) => {
      // Written before it serves: should this process be killed now, the next one must find it.
      this.#file.update({ engines: { ...this.#file.info.engines, [role]: { name, endpoint, processId } } });
    };
    const engine = new Engine(command, { started, restarted, failed: this.#failed }, this.#progress);
    if (this.#stopping) throw new StackError('Stopped while starting.');
    this.#engines.set(role, engine);
    try {
      await engine.start();
    } catch (error) {
      // Between finding the port free and listening on it, another process may have taken it.
      if (this.#stopping || attempts === 1 || !/in use/.test(messageOf(error))) throw error;
      return this.start(role, commandFor, restarted, attempts - 1);
    }
    this.#progress(`started the ${name} engine at ${endpoint}`);
    return endpoint;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#engines.values()].map((engine) => engine.stop()));
  }

  kill(): void {
    this.#stopping = true;
    for (const engine of this.#engines.values()) engine.kill();
  }
}
