/** Lets processes that take turns go on in an order that chance decides. */
export class Turns {
  readonly #random: () => number;
  readonly #waiting: (() => void)[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Resolves when it is the caller's turn: each call brings on a turn, but maybe somebody else's first. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      setImmediate(() => this.#release());
    });
  }

  #release(): void {
    const [released] = this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1);
    released?.();
  }
}
