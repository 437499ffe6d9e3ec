import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Locator, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatMinor } from '../../lambdas/console/page/api/money.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { AdminClient } from '../support/admin-client.ts';
import { actAs, ConsoleBrowser, PHONE_WIDTH } from '../support/browser.ts';
import { mint, TenantClient } from '../support/client.ts';
import { type EmbeddedStack, startEmbeddedStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

const IMAGE = '<img src=x onerror=alert(1)>';
const FORMULA = '=HYPERLINK("javascript:alert(1)")';
/** Turns what follows it around, for who lets it. */
const TURNED = '\u202Eevil\u202D';
const LONG_KEY = `"><script>alert(1)</script>${'W'.repeat(173)}`;

/** More lines than a page of a statement has. */
const MANY = 1_100;
const LARGEST_QUANTITY = 10 ** 12;
const LARGEST_PRICE = 10n ** 18n;

let stack: EmbeddedStack;
let browser: ConsoleBrowser;
let admin: AdminClient;
let alpha: TenantClient;
let beta: TenantClient;
const month = new Date().toISOString().slice(0, 7);

beforeAll(async () => {
  [stack, browser] = await Promise.all([startEmbeddedStack(), ConsoleBrowser.start()]);
  admin = new AdminClient(() => stack.url);
  alpha = new TenantClient(() => stack.url, 'tenant_alpha');
  beta = new TenantClient(() => stack.url, 'tenant_beta');
  const prices = {
    api_call: 1,
    storage_gb_hour: 5,
    [IMAGE]: 3,
    [FORMULA]: 2,
    [TURNED]: 1,
    huge: String(LARGEST_PRICE),
  };
  const { headers } = await admin.get('/prices');
  const body = { currency: 'USD', unit_prices: prices, effective_at: new Date().toISOString() };
  await admin.send('PUT', '/prices', body, { 'if-match': headers.get('etag') ?? '' });
  const events = [
    { metric: 'api_call', quantity: 1_234, idempotency_key: 'first' },
    { metric: 'storage_gb_hour', quantity: 8, idempotency_key: 'hours' },
    { metric: IMAGE, quantity: 7, idempotency_key: LONG_KEY },
    { metric: FORMULA, quantity: 5, idempotency_key: TURNED },
    { metric: TURNED, quantity: 1, idempotency_key: 'a/b?c#d%2F' },
  ];
  for (const event of events) await waitFor('the price', async () => (await alpha.post(event)).status === 202);
  const credit = { tenant: 'tenant_alpha', amount_minor: -25, idempotency_key: 'sorry', reason: IMAGE };
  await admin.post('/adjustments', credit);
  await sendMany();
  await waitFor('all to be posted', async () => (await statementOf(alpha)).lines.length === events.length + 1);
}, 90_000);

/** A tab left open goes on asking. */
const opened: Page[] = [];
afterEach(async () => {
  for (const page of opened.splice(0)) await page.context().close();
});

afterAll(async () => {
  await browser?.stop();
  await stack?.stop();
});

/** Of each quantity from one on, an event. They are posted while other tests run. */
async function sendMany(): Promise<void> {
  const events = Array.from({ length: MANY }, (_, index) => ({
    ...{ tenant: 'tenant_beta', metric: 'api_call', quantity: index + 1, idempotency_key: `many-${index}` },
  }));
  const headers = { 'content-type': 'application/json' };
  for (const some of [events.slice(0, 1_000), events.slice(1_000)]) {
    await beta.send('POST', '/events/batch', { body: JSON.stringify(some), headers });
  }
}

async function statementOf(tenant: TenantClient, query = '') {
  return (await tenant.get(`/statement?include=event_id${query}`)).json;
}

async function open(place = 'ledger', options: Parameters<ConsoleBrowser['open']>[2] = {}): Promise<Page> {
  const page = await openUnread(place, options);
  await page.locator('.figure, [role=alert]').first().waitFor();
  return page;
}

async function openUnread(place: string, options: Parameters<ConsoleBrowser['open']>[2] = {}): Promise<Page> {
  const page = await browser.open(stack.url, place, options);
  opened.push(page);
  return page;
}

function linesTable(page: Page): Locator {
  return page.locator('.lines table');
}

/** The cells' texts of every row shown. */
async function rowsOf(table: Locator): Promise<string[][]> {
  const rows = await table.locator('tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('td').allInnerTexts()));
}

async function downloadOf(page: Page, button: Locator): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

async function isTooWide(page: Page): Promise<boolean> {
  return (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) as boolean;
}

function dialogOf(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Receipt' });
}

describe('the register', () => {
  it('has the statement’s lines, with the balance after each', async () => {
    const { lines, currency } = await statementOf(alpha);
    const page = await open();
    await page.getByText('Carried forward').waitFor();
    await page.getByText('Brought forward').waitFor();
    let balance = 0n;
    const expected = lines.map((line: { amount_minor: string }) => {
      balance += BigInt(line.amount_minor);
      return [formatMinor(line.amount_minor, currency), formatMinor(balance, currency)];
    });
    expect((await rowsOf(linesTable(page))).map((cells) => cells.slice(4))).toEqual(expected);
    expect(balance.toString()).toBe(await alpha.balanceMinor());
    await page.getByText('Newest first').click();
    const turned = async () => (await rowsOf(linesTable(page))).map((cells) => cells.slice(4));
    await expect.poll(turned).toEqual(expected.toReversed());
  });

  it('finds lines by id, metric, kind and amount, and keeps the search over a reload', async () => {
    const page = await open();
    const search = page.getByLabel('Search by id, metric, kind or amount');
    const found = async () => (await rowsOf(linesTable(page))).map(([, event]) => event?.split('\n')[0]);
    const cases = [
      ['api:first', ['api:first']],
      ['STORAGE', ['api:hours']],
      ['adjustment', ['adj:sorry']],
      ['-0.25', ['adj:sorry']],
      ['12.34', ['api:first']],
      ['api_call 1234', ['api:first']],
    ] as const;
    for (const [text, events] of cases) {
      await search.fill(text);
      await expect.poll(found).toEqual(events);
    }
    const { lines } = await statementOf(alpha);
    await search.fill(lines[1].txn_id);
    await expect.poll(found).toHaveLength(1);
    await search.fill('nothing like it');
    await page.getByText('No line of this month matches.').waitFor();
    await page.reload();
    await page.getByText('No line of this month matches.').waitFor();
  });

  it('moves from month to month, says of an idle one that it was, and of a closed one that it is', async () => {
    const page = await open('ledger?period=2026-01');
    await page.getByText('No activity this period').waitFor();
    expect(await page.getByRole('heading', { name: 'January 2026' }).count()).toBe(1);
    await page.getByRole('button', { name: 'Previous month, Dec 2025' }).click();
    await page.getByRole('heading', { name: 'December 2025' }).waitFor();
    await page.getByRole('button', { name: 'Next month, Jan 2026' }).click();
    await page.getByRole('heading', { name: 'January 2026' }).waitFor();
    await page.getByText('More may still be posted.').waitFor();
    await admin.post('/periods/close', { tenant: 'tenant_alpha', period: '2026-01' });
    await page.reload();
    await page.getByText('reads the same for ever').waitFor();
  });

  it('is saved as CSV that no spreadsheet computes', async () => {
    const page = await open();
    const { name, text } = await downloadOf(page, page.getByRole('button', { name: 'Download CSV' }));
    expect(name).toBe(`zerosum-tenant_alpha-${month}.csv`);
    const records = parse(text, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
    const { lines, currency } = await statementOf(alpha);
    let total = 0n;
    const expected = lines.map((line: Record<string, string | null>) => {
      total += BigInt(line['amount_minor'] ?? '0');
      return {
        ...Object.fromEntries(Object.entries(line).map(([key, value]) => [key, value ?? ''])),
        ...(line['metric'] === FORMULA && { metric: `'${FORMULA}` }),
        ...{ month_total_minor: total.toString(), currency },
      };
    });
    expect(records).toEqual(expected);
  });

  it('reads a month of more lines than a page to its end: searched, added up and saved', async () => {
    const total = String((MANY * (MANY + 1)) / 2);
    await waitFor('all of them', async () => (await statementOf(beta, '&limit=1')).total_minor === total);
    const page = await open();
    await actAs(page, 'beta');
    await page.getByText('1,000 lines read, there are more.').waitFor();
    await page.getByText('Of the first 1,000 lines.').waitFor();
    await page.getByRole('button', { name: 'Read all lines' }).click();
    await page.getByText(`1,100 lines. The month’s total is ${formatMinor(total, 'USD')}.`).waitFor();
    await page.getByText('It adds up to the statement’s total').waitFor();
    expect(await linesTable(page).locator('tbody tr').count()).toBe(50);
    const { lines } = (await beta.get(`/statement?cursor=${(await statementOf(beta)).next_cursor}`)).json;
    await page.getByLabel('Search by id, metric, kind or amount').fill(lines[99].txn_id);
    await expect.poll(() => linesTable(page).locator('tbody tr').count()).toBe(1);
    await page.reload();
    const { text } = await downloadOf(page, page.getByRole('button', { name: 'Download CSV' }));
    expect(parse(text, { columns: true })).toHaveLength(MANY);
  });

  it('saves nobody’s lines under another’s name, when one acts as somebody else before they are all read', async () => {
    const page = await open();
    const saved: string[] = [];
    page.on('download', (download) => saved.push(download.suggestedFilename()));
    await actAs(page, 'beta');
    await page.getByText('1,000 lines read, there are more.').waitFor();
    const held = new Promise<Route>((fulfil) => page.route('**/statement?*cursor=*', fulfil));
    const save = page.getByRole('button', { name: 'Download CSV' });
    await save.click();
    const rest = await held;
    await actAs(page, 'alpha');
    await linesTable(page).getByRole('link', { name: 'api:first' }).waitFor();
    // By now nobody may wait for it any more.
    await rest.continue().catch(() => undefined);
    await rest.request().response();
    const { text } = await downloadOf(page, save);
    expect(saved).toEqual([`zerosum-tenant_alpha-${month}.csv`]);
    expect(text).toContain('api:first');
  });
});

describe('a receipt', () => {
  it('opens from its line, leads from the event to a proof the browser checks, and gives the focus back', async () => {
    const page = await open();
    const link = linesTable(page).getByRole('link', { name: 'api:first' });
    await link.focus();
    await page.keyboard.press('Enter');
    const dialog = dialogOf(page);
    await dialog.getByText('checked here').nth(1).waitFor();
    const { txn_id: txnId, proof } = (await alpha.receipt('api:first')).json;
    for (const text of [
      txnId,
      proof.page_hash,
      '1,234 × 0.01 USD = 12.34 USD',
      'what the tenant owes',
      'Together 0.00 USD',
    ])
      expect(await dialog.innerText()).toContain(text);
    expect(page.url()).toContain('event=api%3Afirst');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    // The page hears of a dialog's end after it is hidden.
    await expect.poll(() => page.url()).not.toContain('event=');
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('api:first');
  });

  it('opens by its address, and is what verify-proof takes', async () => {
    const page = await open(`ledger?event=${encodeURIComponent('api:a/b?c#d%2F')}`);
    const button = dialogOf(page).getByRole('button', { name: 'Download the receipt' });
    const { text } = await downloadOf(page, button);
    const { json } = await alpha.get(`/events/${encodeURIComponent('api:a/b?c#d%2F')}?proof=full`);
    expect(JSON.parse(text)).toEqual(json);
  });

  it('does not say of a proof that was changed that it holds', async () => {
    const page = await openUnread('ledger');
    await page.route('**/events/**', async (route) => {
      const response = await route.fetch();
      const receipt = await response.json();
      receipt.proof.entry.quantity = '1';
      await route.fulfill({ response, json: receipt });
    });
    await linesTable(page).getByRole('link', { name: 'api:hours' }).click();
    await dialogOf(page).getByText('does not hold').waitFor();
    expect(await dialogOf(page).getByText('checked here').count()).toBe(1);
  });

  it('of an id that nobody sent says so in the service’s words', async () => {
    const page = await open();
    await page.getByLabel('Search by id, metric, kind or amount').fill('api:never');
    await page.getByRole('button', { name: 'Receipt of this id' }).click();
    await dialogOf(page).getByText('There is nothing here that this credential can see.').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Close' }).click();
    await dialogOf(page).waitFor({ state: 'hidden' });
  });
});

describe('the month by metric', () => {
  it('adds up to the statement, adjustments apart', async () => {
    const page = await open();
    await page.getByText('It adds up to the statement’s total').waitFor();
    const rows = await rowsOf(page.locator('table', { hasText: 'Totals of' }));
    expect(rows[0]).toEqual(['api_call', '12.34 USD', expect.stringContaining('%'), '1,234', '0.01 USD', '1']);
    expect(rows.at(-1)).toEqual(['Adjustments', '−0.25 USD', '–', '–', '–', '1']);
  });
});

describe('the balance', () => {
  it('is live, and the month with it', async () => {
    const page = await open();
    const before = await alpha.balanceMinor();
    await page.locator('.figure', { hasText: formatMinor(before, 'USD') }).waitFor();
    await alpha.post({ quantity: 77, idempotency_key: 'while-watched' });
    await page.locator('.figure', { hasText: formatMinor(BigInt(before) + 77n, 'USD') }).waitFor();
    await linesTable(page).getByRole('link', { name: 'api:while-watched' }).waitFor();
  });
});

describe('usage over time', () => {
  const panelOf = (page: Page) => page.getByRole('region', { name: 'Usage over time' });
  const layer = (page: Page, name: string) => panelOf(page).getByRole('checkbox', { name });
  const pixels = (page: Page) => page.evaluate('document.querySelector(".chart canvas").toDataURL()');

  it('is stacked by metric as the service counts it, in amounts or quantities, of the range chosen', async () => {
    const page = await open();
    await layer(page, 'api_call').waitFor();
    await panelOf(page).getByText('counted up to').waitFor();
    await panelOf(page).getByText('Quantity').click();
    const usage = (await alpha.get('/usage?metric=storage_gb_hour')).json;
    expect(usage.series.some(({ quantity }: { quantity: string }) => quantity === '8')).toBe(true);
    await panelOf(page).getByRole('checkbox', { name: 'storage_gb_hour 8' }).waitFor();
    for (const [range, granularity] of [
      ['24 h', 'hour'],
      ['12 months', 'month'],
    ]) {
      await panelOf(page)
        .getByText(range ?? '', { exact: true })
        .click();
      await panelOf(page)
        .getByRole('img', { name: `Stacked bars by ${granularity}` })
        .waitFor();
    }
    await panelOf(page).getByText('The same in numbers').click();
    await panelOf(page).getByRole('cell', { name: '8', exact: true }).first().waitFor();
    await page.reload();
    await panelOf(page).getByRole('img', { name: 'Stacked bars by month' }).waitFor();
  });

  it('draws what is chosen, again when colours or width change', async () => {
    const page = await open();
    await layer(page, 'api_call').waitFor();
    const light = await pixels(page);
    await layer(page, 'api_call').uncheck();
    await expect.poll(() => pixels(page)).not.toBe(light);
    await layer(page, 'api_call').check();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => pixels(page)).not.toBe(light);
    await page.setViewportSize({ width: PHONE_WIDTH, height: 800 });
    await expect.poll(() => isTooWide(page)).toBe(false);
    expect(await page.evaluate('document.querySelector(".chart canvas").clientWidth')).toBeLessThan(PHONE_WIDTH);
  });

  it('tells the bar that one points at', async () => {
    const page = await open('ledger?range=year');
    const bars = page.locator('.chart .u-over');
    const { width = 0 } = (await bars.boundingBox()) ?? {};
    await bars.hover({ position: { x: width - 10, y: 20 } });
    await page.locator('.tooltip', { hasText: 'together' }).waitFor();
  });

  it('of an own range that is too long is refused in the service’s words', async () => {
    const page = await open('ledger?range=own&from=2020-01-01&to=2026-01-01');
    await panelOf(page).getByRole('alert').getByText('at most 366 days').first().waitFor();
    await panelOf(page).getByLabel('First day (UTC)').fill('2025-12-31');
    await panelOf(page).getByText('Nothing was used in this time.').waitFor();
  });

  it('counts exactly what no number of JavaScript holds', async () => {
    const gamma = new TenantClient(() => stack.url, 'tenant_gamma');
    await gamma.post({ metric: 'huge', quantity: LARGEST_QUANTITY - 1, idempotency_key: 'huge' });
    await waitFor('it to be counted', async () => (await gamma.get('/usage?metric=huge')).text.includes('99999'));
    const page = await openUnread('calls');
    await page.getByLabel('Token or API key').fill(await mint({ tenant_id: 'tenant_gamma' }));
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('link', { name: 'Ledger' }).click();
    const exact = formatMinor(BigInt(LARGEST_QUANTITY - 1) * LARGEST_PRICE, 'USD');
    await panelOf(page).getByRole('checkbox', { name: exact }).waitFor();
    await page.locator('.figure', { hasText: exact }).waitFor();
    expect(await isTooWide(page)).toBe(false);
  });
});

describe('who looks', () => {
  it('sees as an administrator why nothing is shown, and the live 401', async () => {
    const page = await open();
    await actAs(page, 'admin');
    await page.getByText('An administrator’s token is nobody’s tenant').waitFor();
    for (const panel of ['Balance', 'Usage over time', 'Register']) {
      await page.getByRole('region', { name: panel }).getByText('401').first().waitFor();
    }
    await actAs(page, 'alpha');
    await page.locator('.figure').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it.each([
    ['light', 1_280],
    ['dark', PHONE_WIDTH],
  ] as const)('meets no barrier in %s at %i pixels, nor anything that breaks out', async (colorScheme, width) => {
    const page = await open(`ledger?event=${encodeURIComponent(`api:${LONG_KEY}`)}`, {
      ...{ colorScheme, width, bypassCSP: true },
    });
    page.on('dialog', () => browser.complaints.push('A script of somebody else’s ran.'));
    await dialogOf(page).getByText('checked here').nth(1).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await page.keyboard.press('Escape');
    await page.getByText('The same in numbers').click();
    await linesTable(page).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    expect(await page.locator('main img, main script').count()).toBe(0);
    await page.goto(`${stack.url}/console#/ledger?period=2020-01`);
    await page.getByText('No activity this period').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await actAs(page, 'admin');
    await page.getByRole('alert').first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('has nothing complained of', () => {
    expect(browser.complaints).toEqual([]);
  });
});
