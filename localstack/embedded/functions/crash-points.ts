import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionPool } from './pool.ts';

/**
 * Arms crash points: the first worker of a function that reaches one dies there by SIGKILL. The right to die is a file
 * that only one process can remove, so of many that get there at once exactly one does.
 */
export class CrashPoints {
  readonly #folder: string;
  readonly #armed: { pool: FunctionPool; point: string; permission: string }[] = [];
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Arms `point`, unless it is armed already. */
  arm(pool: FunctionPool, point: string): void {
    if (this.armed.some((armed) => armed.function === pool.logicalId && armed.point === point)) return;
    this.#count += 1;
    const permission = join(this.#folder, String(this.#count));
    writeFileSync(permission, point);
    this.#armed.push({ pool, point, permission });
    pool.arm(point, permission);
  }

  disarmAll(): void {
    for (const { pool, permission } of this.#armed.splice(0)) {
      rmSync(permission, { force: true });
      pool.disarm();
    }
  }

  /** Those at which no process has died yet. */
  get armed(): { function: string; point: string }[] {
    return this.#armed
      .filter(({ permission }) => existsSync(permission))
      .map(({ pool, point }) => ({ function: pool.logicalId, point }));
  }
}
