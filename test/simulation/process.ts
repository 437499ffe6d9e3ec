/** One invocation of a function, or one call of a client: what can die at any moment and then never says a word again. */
export class SimulatedProcess {
  readonly name: string;
  /** What its clock shows beyond the true time. */
  readonly skewMs: number;
  #isAlive = true;
  readonly #onDeath: () => void;

  constructor(name: string, skewMs: number, onDeath: () => void) {
    this.name = name;
    this.skewMs = skewMs;
    this.#onDeath = onDeath;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Ends it: no promise it waits for will ever settle. */
  die(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#onDeath();
  }

  /** Ends it in order, after its last word. */
  end(): void {
    this.#isAlive = false;
  }
}
