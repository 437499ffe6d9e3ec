const SLOTS_AT_FIRST = 1 << 12;

/** Probes stay short until a table is this full. */
const FULL = 0.7;

/** Words of a slot: 96 bits of a digest, so that no two of a file's rows share them, and a count. */
const SLOT_WORDS = 4;
const COUNT_WORD = 3;

/**
 * How often each digest was seen, in 16 bytes a slot outside the heap: about 30 bytes for each distinct one, where a Map
 * would take over a hundred.
 */
export class Occurrences {
  #slots = SLOTS_AT_FIRST;
  #words = new Uint32Array(SLOTS_AT_FIRST * SLOT_WORDS);
  #used = 0;

  /** Counts a digest of at least 12 bytes once more; gives the count. */
  count(digest: Buffer): number {
    if (this.#used >= this.#slots * FULL) this.#grow();
    const at = this.#slotOf(digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8));
    const count = (this.#words[at + COUNT_WORD] ?? 0) + 1;
    this.#words[at + COUNT_WORD] = count;
    return count;
  }

  /** Where the slot of a digest begins; a free one is taken for it. */
  #slotOf(first: number, second: number, third: number): number {
    const words = this.#words;
    for (let slot = first % this.#slots; ; slot = (slot + 1) % this.#slots) {
      const at = slot * SLOT_WORDS;
      if (words[at + COUNT_WORD] === 0) {
        words.set([first, second, third], at);
        this.#used += 1;
        return at;
      }
      if (words[at] === first && words[at + 1] === second && words[at + 2] === third) return at;
    }
  }

  #grow(): void {
    const old = this.#words;
    this.#slots *= 2;
    this.#words = new Uint32Array(this.#slots * SLOT_WORDS);
    this.#used = 0;
    for (let at = 0; at < old.length; at += SLOT_WORDS) {
      const count = old[at + COUNT_WORD] ?? 0;
      if (count === 0) continue;
      const [first = 0, second = 0, third = 0] = old.subarray(at, at + COUNT_WORD);
      this.#words[this.#slotOf(first, second, third) + COUNT_WORD] = count;
    }
  }
}
