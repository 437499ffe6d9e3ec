import { type Intent, nameOf } from './intent.ts';

/** What the callers were told and keep to themselves: the reference that the books are held against afterwards. */
export class Tally {
  readonly violations: string[] = [];
  readonly #accepted = new Map<string, Intent>();
  readonly #refused = new Map<string, Intent[]>();
  #duplicates = 0;

  /** Accepted events, as `tenant eventId`. */
  get accepted(): ReadonlyMap<string, Intent> {
    return this.#accepted;
  }

  /** Payloads accepted again under a key that had been accepted with the same payload. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Payloads answered with a 409. */
  get conflicts(): number {
    return [...this.#refused.values()].reduce((sum, intents) => sum + intents.length, 0);
  }

  accept(intent: Intent): void {
    const before = this.#accepted.get(nameOf(intent));
    if (before === undefined) this.#accepted.set(nameOf(intent), intent);
    else if (before === intent) this.#duplicates += 1;
    else this.violations.push(`${nameOf(intent)} was accepted with two payloads`);
  }

  refuse(intent: Intent): void {
    const before = this.#refused.get(nameOf(intent)) ?? [];
    this.#refused.set(nameOf(intent), [...before, intent]);
  }

  /** A conflict must have something to conflict with: whatever was refused, another payload of its key was accepted. */
  unfoundedConflicts(): string[] {
    return [...this.#refused].flatMap(([name, refused]) => {
      const accepted = this.#accepted.get(name);
      const isFounded = accepted !== undefined && refused.every((intent) => intent !== accepted);
      return isFounded ? [] : [`${name} was answered 409 and nothing else had its key`];
    });
  }

  /** What a tenant accepted. */
  of(tenant: string): Intent[] {
    return [...this.#accepted.values()].filter((intent) => intent.tenant === tenant);
  }
}
