import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 15;

/** Asks until the answer is something other than undefined; undefined once `timeoutMs` have passed. */
export async function poll<Answer>(
  timeoutMs: number,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
): Promise<Answer | undefined> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || performance.now() > deadlineMs) return answer;
    await sleep(INTERVAL_MS);
  }
}
