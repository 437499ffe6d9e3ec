/** A promise that was not kept: which, to whom, and how. */
export interface Violation {
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'contract';
  readonly text: string;
}

/** Gathers violations, each once. */
export class Violations {
  readonly #found = new Map<string, Violation>();

  add(invariant: Violation['invariant'], text: string): void {
    this.#found.set(`${invariant} ${text}`, { invariant, text });
  }

  /** Adds it unless it holds. */
  expect(holds: boolean, invariant: Violation['invariant'], text: string): void {
    if (!holds) this.add(invariant, text);
  }

  get all(): readonly Violation[] {
    return [...this.#found.values()];
  }
}
