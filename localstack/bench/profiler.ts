import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningStack } from '../../test/support/stack.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { compile } from '../embedded/compile.ts';
import { PROFILE_HOOK_FILE, type TimeByOwner, timeByOwner } from './cpu-profile.ts';

const HOOK = fileURLToPath(new URL('profile-hook.ts', import.meta.url));

/** Profiles the workers of a running stack's functions from `start` to `stop`. */
export class WorkerProfiler {
  readonly #folder: string;
  #processIds = new Map<string, readonly number[]>();

  /** @param folder where the hook and the profiles go */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The variables that make a function's workers profile themselves. */
  async environment(): Promise<Record<string, string>> {
    const hook = await compile(HOOK, join(this.#folder, PROFILE_HOOK_FILE));
    return { NODE_OPTIONS: `--import=${hook}`, PROFILE_FOLDER: this.#folder };
  }

  start(stack: RunningStack, labels: readonly string[]): void {
    const { functions } = stack.info();
    this.#processIds = new Map(
      functions.flatMap(({ label, processIds }) => (labels.includes(label) ? [[label, processIds]] : [])),
    );
    this.#signal();
  }

  /** The running time of all workers of each function since the start, by function and by owner of the code. */
  async stop(): Promise<Map<string, TimeByOwner>> {
    this.#signal();
    const byFunction = new Map<string, TimeByOwner>();
    for (const [label, processIds] of this.#processIds) {
      const times: TimeByOwner = new Map();
      for (const processId of processIds) {
        const path = join(this.#folder, `${processId}.cpuprofile`);
        await waitFor(`the profile of ${label}`, () => existsSync(path));
        for (const [owner, us] of timeByOwner(JSON.parse(readFileSync(path, 'utf8')))) {
          times.set(owner, (times.get(owner) ?? 0) + us);
        }
      }
      byFunction.set(label, times);
    }
    return byFunction;
  }

  #signal(): void {
    for (const processId of [...this.#processIds.values()].flat()) process.kill(processId, 'SIGUSR2');
  }
}
