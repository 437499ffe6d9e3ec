import type { Random } from '../random.ts';
import type { Message } from './message.ts';
import type { SqsNastiness } from './nastiness.ts';

/** The messages of a group, in the order they were sent; locked while any is in flight. */
export interface Group {
  readonly messages: Message[];
  inFlight: number;
}

/** How one receive goes: which groups come first, how much of each, and in what order the messages are handed out. */
export class Receive {
  readonly max: number;
  readonly #random: Random;
  readonly #isShort: boolean;
  readonly #isMixed: boolean;

  constructor(max: number, nastiness: SqsNastiness, random: Random) {
    this.#random = random;
    this.#isShort = random.chance(nastiness.shortReceive);
    this.#isMixed = random.chance(nastiness.mixGroups);
    this.max = this.#isShort ? random.integer(1, max) : max;
  }

  /** @param free longest free first */
  *inTurn(free: ReadonlySet<Group>): Generator<Group> {
    if (!this.#isMixed) {
      yield* free;
      return;
    }
    const left = [...free];
    for (let count = left.length; count > 0; count -= 1) {
      const index = this.#random.integer(0, count - 1);
      const group = left[index];
      if (group !== undefined) yield group;
      left[index] = left[count - 1] as Group;
    }
  }

  /** The first ones of a group: as many as there is room for, or fewer. */
  run(group: Group, room: number): Message[] {
    const most = Math.min(room, group.messages.length);
    return group.messages.slice(0, this.#isShort && most > 0 ? this.#random.integer(1, most) : most);
  }

  /** @param runs one for each group, in order */
  handOut(runs: Message[][]): Message[] {
    if (!this.#isMixed) return runs.flat();
    const left = runs.map((run) => run.toReversed());
    const messages: Message[] = [];
    for (let some = left; some.length > 0; some = some.filter(({ length }) => length > 0)) {
      const message = this.#random.pick(some).pop();
      if (message !== undefined) messages.push(message);
    }
    return messages;
  }
}
