import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionPool } from './pool.ts';

interface CrashPointDeath {
  readonly function: string;
  readonly point: string;
  readonly processId: number;
}

/**
 * Arms crash points: the first worker of a function that reaches one dies there by SIGKILL. The right to die is a file
 * that only one process can rename, to one that bears its own id, so of many that get there at once exactly one does.
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
    const permission = String(this.#count);
    writeFileSync(join(this.#folder, permission), point);
    this.#armed.push({ pool, point, permission });
    pool.arm(point, join(this.#folder, permission));
  }

  disarmAll(): void {
    for (const { pool, permission } of this.#armed.splice(0)) {
      rmSync(join(this.#folder, permission), { force: true });
      pool.disarm();
    }
  }

  /** Those at which no process has died yet. */
  get armed(): { function: string; point: string }[] {
    return this.#armed
      .filter(({ permission }) => existsSync(join(this.#folder, permission)))
      .map(({ pool, point }) => ({ function: pool.logicalId, point }));
  }

  /** Who has died where, in the order in which the points were armed. */
  get deaths(): CrashPointDeath[] {
    const processIds = new Map(
      readdirSync(this.#folder).map((name): [string, string | undefined] => {
        const [permission = '', processId] = name.split('-');
        return [permission, processId];
      }),
    );
    return this.#armed.flatMap(({ pool, point, permission }) => {
      const processId = processIds.get(permission);
      return processId === undefined ? [] : [{ function: pool.logicalId, point, processId: Number(processId) }];
    });
  }
}
