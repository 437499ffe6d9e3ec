import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import type { Telemetry } from '../telemetry.ts';

/** A dependency that takes longer is no use to a caller either. */
const CHECK_TIMEOUT_MS = 2_000;

/** Resolves when every dependency answered in time; throws a 503 otherwise, and names the silent ones in the log alone. */
export async function checkReadiness(
  dependencies: Readonly<Record<string, () => Promise<unknown>>>,
  { clock, telemetry }: { clock: Clock; telemetry: Telemetry },
): Promise<void> {
  const late = clock.sleep(CHECK_TIMEOUT_MS).then(() => {
    throw new Error(`No answer within ${CHECK_TIMEOUT_MS} ms.`);
  });
  const names = Object.keys(dependencies);
  const results = await Promise.allSettled(Object.values(dependencies).map((check) => Promise.race([check(), late])));
  const failed = names.filter((_, index) => results[index]?.status === 'rejected');
  if (failed.length === 0) return;
  const causes = results.filter((result) => result.status === 'rejected').map((result) => String(result.reason));
  telemetry.warn('Not ready.', { dependencies: failed, causes });
  throw new Problem('unavailable', 'A dependency does not answer: try again in a moment.');
}
