import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What nobody with a disability may be met by. */
const GRAVE: readonly unknown[] = ['serious', 'critical'];

/**
 * The grave findings of axe on what a page shows now, each with where it is; none is what it should be. The page's policy
 * lets no script in but its own, so its context must have been opened with `bypassCSP`.
 */
export async function graveFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => GRAVE.includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}
