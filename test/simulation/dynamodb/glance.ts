import type { Random } from '../random.ts';
import type { Item } from './attribute-value.ts';
import type { Cell, Moment } from './cell.ts';
import type { Nastiness } from './nastiness.ts';

/** How one read sees items: each as it was at some moment that the read's consistency allows, and no two at the same. */
export class Glance {
  readonly #arrived: Moment;
  readonly #isConsistent: boolean;
  readonly #random: Random;
  readonly #nastiness: Nastiness;

  constructor(arrived: Moment, isConsistent: boolean, random: Random, nastiness: Nastiness) {
    this.#arrived = arrived;
    this.#isConsistent = isConsistent;
    this.#random = random;
    this.#nastiness = nastiness;
  }

  /** One of several items. */
  see(cell: Cell): Item | undefined {
    const { mixedRead } = this.#nastiness;
    const since = this.#staleSince() ?? this.#arrived;
    if (!cell.hasChangedSince(since)) return cell.current;
    if (since === this.#arrived && !(mixedRead > 0 && this.#random.chance(mixedRead))) return cell.current;
    return this.#random.pick(cell.since(since).map((item) => ({ item }))).item;
  }

  /** The only item of a read. */
  seeAlone(cell: Cell): Item | undefined {
    const since = this.#staleSince();
    if (since === undefined || !cell.hasChangedSince(since)) return cell.current;
    return this.#random.pick(cell.since(since).map((item) => ({ item }))).item;
  }

  #staleSince(): Moment | undefined {
    const { staleRead, staleMsMax } = this.#nastiness;
    if (this.#isConsistent || staleRead === 0 || !this.#random.chance(staleRead)) return undefined;
    return { change: Number.POSITIVE_INFINITY, atMs: this.#arrived.atMs - this.#random.integer(0, staleMsMax) };
  }
}
