/** By how much a function's clock differs from the machine's, in milliseconds. For tests of the calendar. */
const VARIABLE = 'ZEROSUM_CLOCK_OFFSET_MS';

/**
 * Lets everything in this process see the time shifted by what the environment says, if it says so, and returns the
 * machine's own clock.
 */
export function shiftClock(environment: Record<string, string | undefined>): () => number {
  const machineNow = Date.now;
  const offsetMs = Number(environment[VARIABLE] ?? 0);
  if (!Number.isSafeInteger(offsetMs)) throw new Error(`${VARIABLE} is not a number of milliseconds.`);
  if (offsetMs === 0) return machineNow;
  const shiftedNow = () => machineNow() + offsetMs;
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, newTarget) => {
      return Reflect.construct(target, args.length === 0 ? [shiftedNow()] : args, newTarget) as Date;
    },
    apply: () => new Date().toString(),
    get: (target, name) => (name === 'now' ? shiftedNow : Reflect.get(target, name)),
  });
  return machineNow;
}
