import { effect, type Signal, signal } from '@preact/signals';

const PREFIX = 'zerosum.';

/**
 * A signal that survives a reload of this tab, and ends with it: session storage is for one tab and one origin. What is
 * stored and can no longer be read is taken for absent, since it is a convenience and never the only copy of anything.
 */
export function stored<Value>(name: string, initial: Value): Signal<Value> {
  const held = signal(read(name, initial));
  effect(() => write(name, held.value));
  return held;
}

function read<Value>(name: string, initial: Value): Value {
  try {
    const text = sessionStorage.getItem(PREFIX + name);
    return text === null ? initial : (JSON.parse(text) as Value);
  } catch {
    return initial;
  }
}

function write(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: everything works until the next reload.
  }
}
