import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 20;
const DEFAULT_TIMEOUT_MS = 15_000;

/** Waits until the condition holds. Throws, naming what was waited for, when it does not within `timeoutMs`. */
export async function waitFor(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
    await sleep(INTERVAL_MS);
  }
}
