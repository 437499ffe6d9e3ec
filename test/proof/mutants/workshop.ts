import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Check, checkName, runCheck } from './check.ts';
import { type Mutant, mutated } from './mutant.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What no check reads: it is made anew, or large. */
const LEFT_OUT = new Set(['.git', '.zerosum', 'cdk.out', 'coverage', 'node_modules']);

/** Which check noticed a mutant; undefined when none did. */
export interface Catch {
  readonly by: Check | undefined;
  readonly fault: string;
  /** All checks of the mutant together. */
  readonly seconds: number;
}

/** A copy of the working tree in which code is broken on purpose, one bug at a time. */
export class Workshop {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'zerosum-mutants-')));
  /** Checks that pass as the code stands, by name. */
  readonly #passed = new Set<string>();

  constructor() {
    const isWanted = (source: string) => !LEFT_OUT.has(relative(ROOT, source));
    cpSync(ROOT, this.#folder, { recursive: true, filter: isWanted });
    symlinkSync(join(ROOT, 'node_modules'), join(this.#folder, 'node_modules'));
  }

  /**
   * Puts the bug in, runs the mutant's checks until one notices it, and takes it out again. Throws when that check fails
   * without any bug too, for then it would catch everything.
   */
  async try(mutant: Mutant): Promise<Catch> {
    const caught = await this.#tryBroken(mutant);
    if (caught.by !== undefined) await this.#passUnbroken(caught.by);
    return caught;
  }

  async #tryBroken(mutant: Mutant): Promise<Catch> {
    const file = join(this.#folder, mutant.file);
    const sound = readFileSync(file, 'utf8');
    writeFileSync(file, mutated(mutant, sound));
    let seconds = 0;
    try {
      for (const check of mutant.checks) {
        const verdict = await runCheck(check, this.#folder);
        seconds += verdict.seconds;
        if (verdict.fault !== undefined) return { by: check, fault: verdict.fault, seconds };
      }
      return { by: undefined, fault: '', seconds };
    } finally {
      writeFileSync(file, sound);
    }
  }

  async #passUnbroken(check: Check): Promise<void> {
    const name = checkName(check);
    if (this.#passed.has(name)) return;
    const { fault } = await runCheck(check, this.#folder);
    if (fault !== undefined) throw new Error(`${name} fails with no bug put in: ${fault}`);
    this.#passed.add(name);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
