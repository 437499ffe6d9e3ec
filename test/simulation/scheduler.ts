import type { Trace } from './trace.ts';

/** Something that will happen, unless it is cancelled before. */
interface Planned {
  readonly dueMs: number;
  /** Settles what is due at the same moment: first planned, first done. */
  readonly order: number;
  readonly label: string;
  readonly act: () => void;
}

/**
 * Virtual time. Nothing happens but what is planned here, one thing after another, and between two of them every promise
 * that can go on has gone on: so a run depends on nothing but what its seed decides.
 */
export class Scheduler {
  readonly #heap: Planned[] = [];
  readonly #trace: Trace;
  #nowMs: number;
  #planned = 0;

  constructor(startMs: number, trace: Trace) {
    this.#nowMs = startMs;
    this.#trace = trace;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** @param label what the trace says happened; empty for what needs no line */
  after(delayMs: number, label: string, act: () => void): void {
    if (!(delayMs >= 0)) throw new RangeError(`Nothing can happen ${delayMs} ms from now.`);
    this.#push({ dueMs: this.#nowMs + delayMs, order: this.#planned++, label, act });
  }

  /** Lets everything happen that is planned up to a moment, and what follows from it; then it is that moment. */
  async runUntil(endMs: number): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.dueMs <= endMs; next = this.#heap[0]) {
      this.#pop();
      this.#nowMs = next.dueMs;
      if (next.label !== '') this.#trace.add(this.#nowMs, next.label);
      next.act();
      await quiet();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  #push(planned: Planned): void {
    const heap = this.#heap;
    let index = heap.push(planned) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(planned, heap[parent])) break;
      heap[index] = heap[parent] as Planned;
      index = parent;
    }
    heap[index] = planned;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
      if (!isBefore(heap[child], last)) break;
      heap[index] = heap[child] as Planned;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(one: Planned | undefined, other: Planned | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);
}

/** Resolves once every promise that can go on without anything happening has done so. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
