import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from '../support/accessibility.ts';
import { actAs, ConsoleBrowser, PHONE_WIDTH } from '../support/browser.ts';
import { mint } from '../support/client.ts';
import { type EmbeddedStack, startEmbeddedStack } from '../support/stack.ts';

/** What a phone on a slow line has to wait for, in bytes. */
const FIRST_LOAD_MAX_BYTES = 150_000;

let stack: EmbeddedStack;
let browser: ConsoleBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startEmbeddedStack(), ConsoleBrowser.start()]);
});

afterAll(async () => {
  await browser?.stop();
  await stack?.stop();
});

const balance = (page: Page) => page.getByRole('region', { name: 'Balance' });

describe('the console', () => {
  it('is there with less than 150 kB transferred', async () => {
    const page = await browser.open(stack.url, 'calls');
    await page.getByRole('heading', { name: 'Calls of this tab' }).waitFor();
    const sizes = await page.evaluate<number[]>(
      "['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type)).map(({ transferSize }) => transferSize)",
    );
    const bytes = sizes.reduce((total, size) => total + size, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(FIRST_LOAD_MAX_BYTES);
  });

  it('works below a stage prefix', async () => {
    const page = await browser.open(`${stack.url}/local`, 'ledger');
    await balance(page).getByText('0.00 USD').waitFor();
  });

  it('acts as somebody else after one click, and still does after a reload', async () => {
    const page = await browser.open(stack.url, 'ledger');
    await balance(page).getByText('as alpha').waitFor();
    await actAs(page, 'beta');
    await balance(page).getByText('as beta').waitFor();
    await page.reload();
    await balance(page).getByText('as beta').waitFor();
  });

  it('shows nobody what was refused to somebody else', async () => {
    const page = await browser.open(stack.url, 'operate/tenants');
    await page.getByRole('button', { name: 'Send anyway: see the 403' }).click();
    await page.getByRole('alert').getByText('403').waitFor();
    await actAs(page, 'beta');
    await page.getByText('you act as beta').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('shows the command of each call, which does the same in a shell', async () => {
    const page = await browser.open(stack.url, 'ledger');
    await balance(page).locator('summary').last().click();
    const command = await balance(page).getByLabel('The same call with curl').textContent();
    expect(command).toContain(`curl -i '${stack.url}/balance'`);
    expect(command).toContain('Bearer $ZEROSUM_TOKEN');
    await balance(page).getByLabel('show the token').check();
    expect(await balance(page).getByLabel('The same call with curl').textContent()).toContain('Bearer eyJ');
  });

  it('is worked by the keyboard alone, from the link that skips to the content on', async () => {
    const page = await browser.open(stack.url, 'ledger');
    await balance(page).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement?.id')).toBe('content');

    await page.getByRole('radio', { name: 'alpha' }).focus();
    await page.keyboard.press('ArrowRight');
    await balance(page).getByText('as beta').waitFor();

    await page.getByRole('link', { name: 'Calls' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Calls of this tab' }).waitFor();
    await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('content');
  });

  it('goes on when a part of it does not load, and says what to do', async () => {
    const page = await browser.open(stack.url, 'calls');
    await page.getByRole('heading', { name: 'Calls of this tab' }).waitFor();
    await page.route('**/console/try-it-*.js', (request) => request.abort());
    await page.getByRole('link', { name: 'Try it' }).click();
    await page.getByRole('alert').getByText('Load the page again').waitFor();
    await page.getByRole('link', { name: 'Calls' }).click();
    await page.getByRole('heading', { name: 'Calls of this tab' }).waitFor();
  });
});

describe('where nobody hands out tokens', () => {
  it('takes a pasted one, keeps it for this tab alone, and never in an address', async () => {
    const page = await browser.open(stack.url, 'calls');
    const token = await mint({ tenant_id: 'tenant_gamma' });
    await page.route('**/development', (request) => request.fulfill({ status: 404, body: '{}' }));
    await page.goto('about:blank');
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(`${stack.url}/console#/ledger`);
    await page.getByLabel('Token or API key').fill(token);
    await page.getByRole('button', { name: 'Use it' }).click();
    await balance(page).getByText('as tenant_gamma').waitFor();
    await page.reload();
    await balance(page).getByText('as tenant_gamma').waitFor();

    expect([page.url(), ...requested].filter((url) => url.includes(token))).toEqual([]);
    expect(await page.evaluate('Object.keys(localStorage)')).toEqual([]);
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await (await browser.open(stack.url, 'ledger')).evaluate('JSON.stringify(sessionStorage)')).not.toContain(
      token,
    );
  });

  it('forgets it when told to, in every call made with it', async () => {
    const page = await browser.open(stack.url, 'calls');
    const token = await mint({ tenant_id: 'tenant_gamma' });
    await page.getByLabel('Token or API key').fill(token);
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('link', { name: 'Ledger' }).click();
    await balance(page).getByText('as tenant_gamma').waitFor();
    await page.getByRole('link', { name: 'Calls' }).click();
    const made = page.locator('.call', { hasText: 'as tenant_gamma' }).last();
    await made.locator('summary').click();
    await made.getByLabel('show the token').check();
    const command = made.getByLabel('The same call with curl');
    await command.getByText(token).waitFor();
    await page.getByRole('button', { name: 'Forget pasted tokens' }).click();
    await command.getByText('Bearer $ZEROSUM_TOKEN').waitFor();
    expect(await made.getByLabel('show the token').count()).toBe(0);
  });

  it("says what is wrong with one that doesn't do", async () => {
    const page = await browser.open(stack.url, 'calls');
    await page.getByLabel('Token or API key').fill('not-a-token');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('link', { name: 'Ledger' }).click();
    await page.getByRole('alert').getByText('401').first().waitFor();
  });
});

describe('for everybody', () => {
  const books = ['adjustments', 'close', 'reconcile', 'dead-letters', 'trial-balance'];
  const service = ['tenants', 'prices', 'keys', 'audit', 'health'];
  const places = {
    alpha: ['ledger', 'try', 'operate'],
    admin: ['ledger', 'try', 'calls', 'operate', ...[...books, ...service].map((name) => `operate/${name}`)],
  };

  it.each(['light', 'dark'] as const)('nothing in the %s shuts out or is cut off on a phone', async (colorScheme) => {
    const page = await browser.open(stack.url, 'ledger', { width: PHONE_WIDTH, colorScheme, bypassCSP: true });
    const found: string[] = [];
    for (const who of ['alpha', 'admin'] as const) {
      await actAs(page, who);
      for (const place of places[who]) {
        await page.goto(`${stack.url}/console#/${place}`);
        await page.getByRole('main').locator('.call, .notice, .panel').first().waitFor();
        found.push(...(await seriousFindings(page)).map((finding) => `${place} as ${who}: ${finding}`));
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        if (width > PHONE_WIDTH) found.push(`${place} as ${who}: ${width} pixels wide`);
      }
    }
    expect(found).toEqual([]);
  });
});

it('complains of nothing', () => {
  expect(browser.complaints).toEqual([]);
});
