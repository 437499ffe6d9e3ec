import { StackError } from '../stack-error.ts';
import type { FunctionPool } from './pool.ts';

/** The eight hexadecimal digits the CDK appends to the ids it makes. */
const CDK_HASH = /[0-9A-F]{8}$/;

/** A logical id as a person knows it: `Ingest` for `Ingest4069586C`. */
export function shortName(logicalId: string): string {
  return logicalId.replace(CDK_HASH, '') || logicalId;
}

/** Every function that runs, found by its ARN or physical name (as templates refer to it) or by what people call it. */
export class FunctionRegistry {
  readonly #pools = new Map<string, FunctionPool>();
  readonly #byReference = new Map<string, FunctionPool>();

  add(pool: FunctionPool, references: readonly string[]): void {
    this.#pools.set(pool.logicalId, pool);
    for (const reference of references) this.#byReference.set(reference, pool);
  }

  get all(): FunctionPool[] {
    return [...this.#pools.values()];
  }

  /** The function a template refers to. Throws a `StackError` when `reference` is not one of this stack. */
  referred(reference: string): FunctionPool {
    const pool = this.#byReference.get(reference);
    if (pool === undefined)
      throw new StackError(`The template refers to ${reference}, which is no function it declares.`);
    return pool;
  }

  /** The function with this logical id, or the only one with this short name. */
  named(name: string): FunctionPool | undefined {
    const exact = this.#pools.get(name);
    if (exact !== undefined) return exact;
    const [only, ...others] = this.all.filter(({ logicalId }) => shortName(logicalId) === name);
    return others.length === 0 ? only : undefined;
  }
}
