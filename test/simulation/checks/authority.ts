import type { Violations } from './violation.ts';

/** A write as the simulated database saw it. */
export interface SeenWrite {
  /** The invocation: `ingest#12`. */
  readonly caller: string;
  readonly table: string;
  readonly command: string;
  readonly action: string;
  readonly partition: string;
}

/**
 * I8, from the design's section on authority: who writes what, by table, action and leading key. An entry that names
 * `TransactWriteItems` holds inside a transaction alone.
 */
const authority: Readonly<Record<string, readonly RegExp[]>> = {
  seed: [/^Config Put /],
  ingest: [/^UsageIntake Put /, /^RateLimits Update /],
  read: [/^RateLimits Update /],
  consumer: [/^Ledger Put TransactWriteItems [EJ]#/, /^Ledger Put \w+ R#/, /^Balances Update TransactWriteItems H#/],
  admin: [
    /^AdjustmentIntake Put /,
    /^Balances Put \w+ C#/,
    /^Balances Update \w+ H#/,
    /^Operations Put \w+ AUDIT#ADMIN#/,
    /^Operations (?:Put|Delete) \w+ CLOSING#/,
  ],
  reconcile: [/^Operations (?:Put|Delete) \w+ (?:SWEEP|RUN|FINDING|VERIFIED)#/, /^Operations Put \w+ AUDIT#RECONCILE#/],
  projector: [/^Usage /],
  guard: [/^Operations Put \w+ GUARD#/],
};

/** Watches who writes: each kind of write is judged once. */
export class AuthorityWatch {
  readonly #seen = new Set<string>();
  readonly #violations: Violations;

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  see({ caller, table, command, action, partition }: SeenWrite): void {
    const [name = ''] = caller.split('#');
    if (name === 'intruder') return;
    const leading = partition.slice(0, LEADING_CHARS);
    const kind = `${name} ${table} ${action} ${command} ${leading}`;
    if (this.#seen.has(kind)) return;
    this.#seen.add(kind);
    const write = `${table} ${action} ${command} ${partition}`;
    const isAllowed = authority[name]?.some((allowed) => allowed.test(write)) ?? false;
    this.#violations.expect(isAllowed, 'I8', `${name} wrote ${write}`);
  }
}

/** As much of a partition's key as tells one writer's from another's: `AUDIT#RECONCILE#`. */
const LEADING_CHARS = 16;
