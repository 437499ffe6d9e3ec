import { once } from 'node:events';
import type { Connection } from './connection.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError } from './failure.ts';
import type { Output } from './output.ts';

/** What surrounds one run of a command. */
export class Session {
  readonly connection: Connection;
  readonly env: NodeJS.ProcessEnv;
  readonly #output: Output;
  readonly #onInterrupt: (() => Promise<void>)[] = [];
  #isInterrupted = false;

  constructor(connection: Connection, env: NodeJS.ProcessEnv, output: Output) {
    this.connection = connection;
    this.env = env;
    this.#output = output;
    process.on('SIGINT', () => void this.#interrupt());
  }

  /** What to finish before Ctrl-C ends the process; a second Ctrl-C does not wait for it. */
  onInterrupt(finish: () => Promise<void>): void {
    this.#onInterrupt.push(finish);
  }

  /**
   * Asks for a typed `yes` before what can't be undone. Throws a UsageError when nobody is there to ask and `--yes` was not
   * given.
   */
  async confirm(question: string, isSure: boolean): Promise<boolean> {
    if (isSure) return true;
    if (!process.stdin.isTTY || !process.stderr.isTTY) {
      throw new UsageError('This can not be undone, and there is no terminal to ask you: give --yes.');
    }
    const { createInterface } = await import('node:readline/promises');
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    terminal.on('SIGINT', () => void this.#interrupt());
    // Ctrl-D is an answer, too, and the question then never is answered.
    const isClosed = once(terminal, 'close').then(() => '');
    const said = await Promise.race([terminal.question(`${question} Type yes: `), isClosed]);
    terminal.close();
    return said.trim() === 'yes';
  }

  async #interrupt(): Promise<void> {
    if (this.#isInterrupted) process.exit(EXIT.interrupted);
    this.#isInterrupted = true;
    this.#output.endProgress();
    for (const finish of this.#onInterrupt) await finish();
    process.exit(EXIT.interrupted);
  }
}
