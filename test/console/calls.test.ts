import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { developmentTokens } from '../../localstack/embedded/dev-tokens.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { actAs, ConsoleBrowser, PHONE_WIDTH } from '../support/browser.ts';
import { Curl } from '../support/curl.ts';
import { type EmbeddedStack, startEmbeddedStack } from '../support/stack.ts';
import { TryPage } from '../support/try-page.ts';

let stack: EmbeddedStack;
let browser: ConsoleBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startEmbeddedStack(), ConsoleBrowser.start()]);
});
afterAll(async () => {
  await browser?.stop();
  await stack?.stop();
});

/** A tab in which an event was sent, and one refused, as alpha. */
async function afterTwoSteps(options: Parameters<ConsoleBrowser['open']>[2] = {}): Promise<Page> {
  const tried = new TryPage(await browser.open(stack.url, 'try', options));
  await tried.take('Send an event');
  await tried.take('Send as another tenant');
  await goTo(tried.page, 'Calls');
  return tried.page;
}

async function goTo(page: Page, place: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: place }).click();
}

function listed(page: Page): Locator {
  return page.getByRole('region', { name: 'Calls of this tab' }).locator('details');
}

function count(page: Page, text: string): Promise<void> {
  return page.getByRole('status').getByText(text).waitFor();
}

/** Everything the tab keeps of its calls. */
async function keptText(page: Page): Promise<string> {
  return String(await page.evaluate('sessionStorage.getItem("zerosum.calls")'));
}

describe('the list of calls', () => {
  it('shows what failed alone, or what was asked of one path, also after a reload', async () => {
    const page = await afterTwoSteps();
    await listed(page).first().waitFor();
    const everything = await listed(page).count();
    await page.getByText('Errors only').click();
    const posts = listed(page).filter({ hasText: 'POST /events' });
    await posts.filter({ hasText: '403' }).waitFor();
    expect(await posts.count()).toBe(1);
    await page.reload();
    await posts.filter({ hasText: '403' }).waitFor();
    expect([await posts.count(), await page.getByLabel('Errors only').isChecked()]).toEqual([1, true]);
    await page.getByText('All', { exact: true }).click();
    await count(page, `${everything}, the newest first`);
    await page.getByLabel('Path contains').fill('/events/api:try');
    await count(page, `2 of ${everything}`);
    expect(await listed(page).allInnerTexts()).toEqual([
      expect.stringContaining('GET /events/api%3Atry'),
      expect.stringContaining('GET /events/api%3Atry'),
    ]);
    await page.getByLabel('Path contains').fill('nowhere');
    await page.getByText('None of them is like that').waitFor();
  });

  it('goes on after a reload without the tokens, saying whose they were', async () => {
    const page = await afterTwoSteps();
    const sent = listed(page).filter({ hasText: 'POST /events' }).filter({ hasText: '202' });
    await sent.locator('summary').click();
    await sent.getByLabel('show the token').check();
    const { alpha, admin } = await developmentTokens();
    expect(await command(sent)).toContain(alpha);
    await page.reload();
    await sent.locator('summary').click();
    await sent.getByText('Its token was not kept').waitFor();
    expect(await sent.innerText()).toMatch(/as alpha[\s\S]*Its token was not kept/);
    expect(await sent.getByLabel('show the token').count()).toBe(0);
    const again = await new Curl({ ZEROSUM_TOKEN: alpha }).run(await command(sent));
    expect([again.status, again.json.accepted]).toEqual([202, true]);
    const before = await listed(page).count();
    await actAs(page, 'admin');
    await goTo(page, 'Try it');
    await page.getByRole('button', { name: 'Send anyway: see the 401' }).click();
    await page.getByRole('region', { name: 'An administrator' }).getByRole('alert').waitFor();
    await goTo(page, 'Calls');
    await count(page, `${before + 1}, the newest first`);
    for (const token of [alpha, admin]) expect(await keptText(page)).not.toContain(token.slice(-40));
  });

  it('keeps no secret that was handed out', async () => {
    const page = await browser.open(stack.url, 'operate/keys');
    await actAs(page, 'admin');
    const panel = page.getByRole('region', { name: 'API keys' });
    await panel.getByLabel('Id, or empty').fill('meter_9');
    await panel.getByRole('button', { name: 'Issue a key' }).click();
    const secret = (await page.getByLabel('The secret of meter_9').textContent()) ?? '';
    expect(secret).toMatch(/^zs_meter_9_/);
    await page.goto(`${stack.url}/console#/calls`);
    await page.reload();
    await listed(page).filter({ hasText: 'POST /api-keys' }).locator('summary').click();
    expect(await page.content()).toContain('(shown once, and not kept)');
    expect(`${await page.content()}${await keptText(page)}`).not.toContain(secret);
  });

  it('is emptied when asked, for good', async () => {
    const page = await afterTwoSteps();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('None yet').waitFor();
    await page.reload();
    await page.getByText('None yet').waitFor();
  });

  it('hinders nobody, and fits a phone', async () => {
    const page = await afterTwoSteps({ bypassCSP: true, width: PHONE_WIDTH });
    await listed(page).first().locator('summary').click();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousFindings(page)).toEqual([]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  });
});

it('complains of nothing', () => {
  expect(browser.complaints).toEqual([]);
});

async function command(call: Locator): Promise<string> {
  return (await call.getByRole('figure', { name: 'The same call with curl' }).textContent()) ?? '';
}
