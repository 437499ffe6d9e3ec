import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actAs, ConsoleBrowser, LAPTOP_WIDTH, PHONE_WIDTH } from '../support/browser.ts';
import { TenantClient } from '../support/client.ts';
import { type EmbeddedStack, startEmbeddedStack } from '../support/stack.ts';

/** Ignored by git: to be looked at after a run. */
const FOLDER = fileURLToPath(new URL('../../screenshots', import.meta.url));

/** Where the README's two are, which `npm run pictures` takes anew. */
const README_FOLDER =
  process.env['ZEROSUM_PICTURES'] &&
  fileURLToPath(new URL(`../../${process.env['ZEROSUM_PICTURES']}`, import.meta.url));

/** What a repository can bear of a picture. */
const README_PICTURE_MAX_BYTES = 200_000;

const SECTIONS = [
  ...['overview', 'adjustments', 'close', 'reconcile', 'dead-letters', 'trial-balance'],
  ...['tenants', 'prices', 'keys', 'audit', 'health'],
];

const DAYS = 30;
const DAY_MS = 86_400_000;

let stack: EmbeddedStack;
let browser: ConsoleBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startEmbeddedStack(), ConsoleBrowser.start()]);
  await useForAMonth(new TenantClient(() => stack.url, 'tenant_alpha'));
  mkdirSync(FOLDER, { recursive: true });
});

afterAll(async () => {
  await browser?.stop();
  await stack?.stop();
});

/** A month as a customer has one: more on weekdays, more towards its end. */
async function useForAMonth(alpha: TenantClient): Promise<void> {
  const nowMs = Date.now();
  const events = Array.from({ length: DAYS }, (_, day) => {
    const date = new Date(nowMs - (DAYS - day) * DAY_MS);
    const busy = date.getUTCDay() % 6 === 0 ? 1 : 3;
    const common = { tenant: alpha.tenant, event_date: date.toISOString() };
    return [
      { ...common, metric: 'api_call', quantity: busy * (400 + 30 * day), idempotency_key: `calls-${day}` },
      { ...common, metric: 'storage_gb_hour', quantity: 60 + 5 * day, idempotency_key: `storage-${day}` },
    ];
  }).flat();
  const headers = { 'content-type': 'application/json' };
  await alpha.send('POST', '/events/batch', { body: JSON.stringify(events), headers });
  for (const { idempotency_key: key } of events) await alpha.settled(`api:${key}`);
}

/** Keeps a picture of what is seen and, if the README shows it, that one too. */
async function picture(page: Page, name: string, isInReadme: boolean): Promise<void> {
  await page.screenshot({ path: `${FOLDER}/${name}.png`, animations: 'disabled', fullPage: !isInReadme });
  if (!isInReadme) return;
  expect(statSync(`${FOLDER}/${name}.png`).size).toBeLessThan(README_PICTURE_MAX_BYTES);
  if (README_FOLDER) await page.screenshot({ path: `${README_FOLDER}/${name}.png`, animations: 'disabled' });
}

describe.each([PHONE_WIDTH, LAPTOP_WIDTH])('at %i pixels', (width) => {
  const isInReadme = width === LAPTOP_WIDTH;

  it("shows a tenant's books", async () => {
    const page = await browser.open(stack.url, 'ledger', { width });
    await page.getByText('It adds up to the statement').waitFor();
    await page.getByRole('checkbox', { name: 'api_call' }).waitFor();
    await picture(page, isInReadme ? 'console-ledger' : `ledger-${width}`, isInReadme);
  });

  it('shows what a request came to', async () => {
    const page = await browser.open(stack.url, 'try', { width });
    for (const step of ['Send an event', 'Resend it', 'Change it']) {
      await page.getByRole('button', { name: step, exact: true }).click();
      await page.getByRole('button', { name: step, exact: true }).and(page.locator(':enabled')).waitFor();
    }
    await picture(page, isInReadme ? 'console-try' : `try-${width}`, isInReadme);
  });

  it('shows an administrator what there is to do', async () => {
    const page = await browser.open(stack.url, 'operate', { width });
    await actAs(page, 'admin');
    for (const section of SECTIONS) {
      await page.goto(`${stack.url}/console#/operate/${section}`);
      await page.getByRole('main').locator('.panel').first().waitFor();
      await page.getByText(/ …$/).first().waitFor({ state: 'hidden' });
      await picture(page, `operate-${section}-${width}`, false);
    }
  });
});

it('complains of nothing', () => {
  expect(browser.complaints).toEqual([]);
});
