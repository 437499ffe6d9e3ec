import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { nextPeriod, periodOf } from '../../lambdas/domain/period.ts';
import { pageKey } from '../../lambdas/storage/keys.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { AdminClient } from '../support/admin-client.ts';
import { engineClient } from '../support/audit.ts';
import { ConsoleBrowser, PHONE_WIDTH } from '../support/browser.ts';
import { TenantClient } from '../support/client.ts';
import { must } from '../support/events.ts';
import { OperatorPage } from '../support/operator-page.ts';
import { type EmbeddedStack, startEmbeddedStack } from '../support/stack.ts';

const PARTS = ['Overview', 'Adjustments', 'Close', 'Reconcile', 'Dead letters', 'Trial balance'];

let stack: EmbeddedStack;
let browser: ConsoleBrowser;
let admin: AdminClient;
let engine: DynamoDBDocumentClient;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startEmbeddedStack(), ConsoleBrowser.start()]);
  admin = new AdminClient(() => stack.url);
  engine = engineClient(stack);
});
afterAll(async () => {
  engine?.destroy();
  await browser?.stop();
  await stack?.stop();
});

function open(
  part: string,
  ...rest: [who?: 'alpha' | 'admin', options?: BrowserContextOptions & { width: number }]
): Promise<OperatorPage> {
  return OperatorPage.open(browser, stack.url, part, ...rest);
}

function client(tenant: string): TenantClient {
  return new TenantClient(() => stack.url, tenant);
}

async function books(tenant: string): Promise<{ totals_minor: Record<string, string>; entry_count: number }> {
  return (await admin.get(`/trial-balance?tenant=${tenant}`)).json;
}

/** A tenant that exists, with one posted event of so many units. */
async function charged(tenant: string, quantity: number, key = 'first'): Promise<TenantClient> {
  await admin.post('/tenants', { tenant, name: `Books of ${tenant}` });
  const one = client(tenant);
  await one.post({ quantity, idempotency_key: key });
  await one.settled(`api:${key}`);
  return one;
}

describe('an adjustment', () => {
  // Of 200 bytes, two more than it has characters: the one that turns the writing around takes three.
  const KEY_MAX_CHARS = 198;
  const HOSTILE = '"><script>alert(1)</script>\u202E<img src=x onerror=alert(1)>';

  it('is posted once however often it is sent, refused when changed under its key, and kept over a reload', async () => {
    const operator = await open('adjustments?tenant=tenant_beta');
    await operator.fill('Amount in USD', '1,234.56');
    await operator.page.getByText('tenant_beta will owe 1,234.56 USD less: amount_minor -123456.').waitFor();
    await operator.fill('Reason', HOSTILE);
    const key = HOSTILE.padEnd(KEY_MAX_CHARS, 'k');
    await operator.fill('Idempotency key', key);
    await operator.press('Send');
    await operator.says(/^Posted$/);
    await operator.says('Its receipt: posted into');
    const before = await books('tenant_beta');
    expect(before).toMatchObject({ totals_minor: { receivable: '-123456', adjustments: '123456' }, entry_count: 1 });

    await operator.press('Send the same again');
    await operator.says('Sent 2 times, posted once');
    await operator.fill('Amount in USD', '99');
    await operator.press('Send');
    await operator.says(/409.*another adjustment/s);
    await operator.page.getByText('Nothing moved: the first adjustment under this key stands').waitFor();
    expect(await books('tenant_beta')).toEqual(before);
    expect(await client('tenant_beta').balanceMinor()).toBe('-123456');

    await operator.page.reload();
    await operator.says('Sent 2 times, posted once');
    await expect.poll(() => operator.page.getByLabel('Idempotency key').inputValue()).toBe(key);
    expect(await operator.hasComeAlive()).toBe(false);
    await operator.press('Begin another, under a new key');
    expect(await operator.page.getByLabel('Idempotency key').inputValue()).toMatch(/^adj-[0-9a-f]{12}$/);
  });

  it('is not sent without a tenant and an amount that means one thing, and charges as well as it credits', async () => {
    await admin.post('/tenants', { tenant: 'books_owing', name: 'Owing' });
    const operator = await open('adjustments');
    await operator.fill('Amount in USD', '12,5');
    await operator.press('Send');
    await operator.says('Choose whom it is for.');
    await operator.page.getByText('Write it as 12 or 1,234.50.').waitFor();
    await operator.page.getByLabel('Tenant').selectOption('books_owing');
    await operator.press('Send');
    expect((await books('books_owing')).entry_count).toBe(0);

    await operator.page.getByText('Charge', { exact: true }).click();
    await operator.fill('Amount in USD', '0.05');
    await operator.press('Send');
    await operator.says(/400.*reason/s);
    await operator.fill('Reason', 'A charge that was forgotten');
    await operator.press('Send');
    await operator.says(/^Posted$/);
    expect(await books('books_owing')).toMatchObject({ totals_minor: { receivable: '5', adjustments: '-5' } });
  });
});

describe('closing a month', () => {
  it('shows what will be sealed, takes a typed confirmation, is refused again, and rolls later usage forward', async () => {
    const period = periodOf(instantOf(Date.now()));
    const alpha = await charged('tenant_alpha', 1_250, 'to-be-sealed');
    const operator = await open(`close?tenant=tenant_alpha&period=${period}`);
    const preview = operator.page.getByRole('region', { name: `What will be sealed: ${period} of tenant_alpha` });
    await preview.getByRole('row', { name: /receivable.*12\.50 USD/ }).waitFor();
    await preview.getByText('The sum is zero').waitFor();
    await preview.getByText('open', { exact: true }).waitFor();
    await preview.getByText('nothing is known to be missing').waitFor();

    await operator.press(`Close ${period} of tenant_alpha …`);
    await operator.fill(`Type ${period} to confirm`, '2020-01');
    expect(await operator.button('Close it for ever').isDisabled()).toBe(true);
    await operator.page.keyboard.press('Escape');
    expect((await alpha.get(`/statement?period=${period}`)).json.status).toBe('open');

    await operator.press(`Close ${period} of tenant_alpha …`);
    await operator.fill(`Type ${period} to confirm`, period);
    await operator.page.keyboard.press('Enter');
    await operator.says(`${period} of tenant_alpha is closed, for ever`);
    expect((await alpha.get(`/statement?period=${period}`)).json).toMatchObject({
      status: 'closed',
      total_minor: '1250',
    });
    await operator.press('Close it again: see the 409');
    await operator.says(/409.*closed already/s);

    await operator.press(`Send one event of ${period}`);
    await operator.says(`Its receipt: posted into ${nextPeriod(period)}`);
    await operator.page.reload();
    await operator.says(`Its receipt: posted into ${nextPeriod(period)}`);
    expect((await alpha.get(`/statement?period=${period}`)).json).toMatchObject({ total_minor: '1250' });
    const rolled = (await alpha.get(`/statement?period=${nextPeriod(period)}`)).json.lines;
    expect(rolled).toHaveLength(1);
    expect(rolled[0].event_date.slice(0, 7)).toBe(period);
  });
});

describe('a reconciliation', () => {
  it('shows how far it has come, says that all is clear, and is found again after a reload', async () => {
    await charged('books_clean', 3);
    const operator = await open('reconcile?tenant=books_clean');
    const runs = '**/reconcile/run_*';
    // A run that long takes more events than a test has: the service's own answer, as it stood before the end.
    await operator.page.route(runs, async (route) => {
      const answer = await (await route.fetch()).json();
      await route.fulfill({ json: { ...answer, complete: false, phase: 'intake' } });
    });
    await operator.press('Reconcile');
    await operator.page.getByText('Step 5 of 6: comparing what was accepted with what was posted').waitFor();
    await operator.page.getByText('Nothing found so far.').waitFor();
    await operator.page.unroute(runs);
    await operator.says('All clear');
    await operator.page.getByRole('row', { name: 'entries 1' }).waitFor();
    await operator.page.reload();
    await operator.says('All clear');
    await operator.page.getByRole('row', { name: /books_clean, full All clear/ }).waitFor();
  });

  it('names what somebody edited behind our back, where it is, and what to do', async () => {
    const edited = await charged('books_edited', 7, '<img src=x onerror=alert(1)>');
    const { proof } = (await edited.receipt('api:<img src=x onerror=alert(1)>')).json;
    const Key = pageKey({ tenant: edited.tenant, ...proof }, proof.seq);
    const TableName = stack.table('Ledger');
    const page = must((await engine.send(new GetCommand({ TableName, Key: { ...Key }, ConsistentRead: true }))).Item);
    const doubled = page['entries'].map((entry: { postings: { amount_minor: bigint }[] }) => ({
      ...entry,
      postings: entry.postings.map((posting) => ({ ...posting, amount_minor: posting.amount_minor * 2n })),
    }));
    await engine.send(new PutCommand({ TableName, Item: { ...page, entries: doubled } }));

    const operator = await open('reconcile?tenant=books_edited', 'admin', { width: PHONE_WIDTH, bypassCSP: true });
    await operator.press('Reconcile');
    await operator.says(/[2-9] findings/);
    const finding = operator.page
      .getByRole('listitem')
      .filter({ hasText: 'The amount is not what usage and price come to' });
    await finding.locator('summary').click();
    const facts = (await finding.innerText()).replaceAll(/\s+/g, ' ');
    expect(facts).toContain('Event api:<img src=x onerror=alert(1)>');
    expect(facts).toMatch(/Expected 7 minor units Found instead 14 minor units/);
    expect(facts).toContain(`Month ${proof.period} Lane ${proof.lane} Page ${proof.seq}`);
    expect(facts).toContain('In docs/runbook.md: “Drift”.');
    expect(await operator.hasComeAlive()).toBe(false);
    expect(await operator.isTooWide()).toBe(false);
    expect(await seriousFindings(operator.page)).toEqual([]);

    const query = `tenant=books_edited&event=${encodeURIComponent('api:<img src=x onerror=alert(1)>')}`;
    await operator.page.goto(`${stack.url}/console#/operate/dead-letters?${query}`);
    await operator.press('Redrive it');
    await operator.says('posted already: nothing charged');
  });
});

describe('the trial balance', () => {
  it('is of all, one tenant or one month, by what the address says, and says aloud that it sums to zero', async () => {
    await charged('books_added', 42);
    const operator = await open('trial-balance');
    await operator.page.getByRole('heading', { name: 'All tenants, all time' }).waitFor();
    await operator.says('The sum is zero');
    await operator.page.getByLabel('Tenant').selectOption('books_added');
    await operator.page.getByRole('row', { name: /revenue.*0\.42 USD/ }).waitFor();
    await operator.fill(/^Month/, '2020-02');
    await operator.says('Nothing was posted.');
    expect(operator.page.url()).toMatch(/#\/operate\/trial-balance\?tenant=books_added&period=2020-02$/);
    await operator.press('All time');
    await operator.says('1 journal entry');
  });
});

describe('the overview', () => {
  it('says how it stands, and leads on', async () => {
    const operator = await open('');
    await operator.says('The sum is zero');
    await operator.page.getByText('ready: every dependency answers').waitFor();
    await operator.page.getByText(/\d s behind/).waitFor();
    await operator.page.getByRole('link', { name: 'Dead letters' }).last().click();
    await operator.page.getByRole('heading', { name: 'Dead letters' }).waitFor();
  });
});

describe('every part', () => {
  it('rests locked under a tenant, who may ask to be refused', async () => {
    const operator = await open('', 'alpha');
    for (const part of PARTS) {
      await operator.goTo(part);
      await operator.press('Send anyway: see the 403');
      await operator.says(/^403/);
    }
  });

  it('is for everybody, and fits a phone, in light and dark', async () => {
    const operator = await open('', 'admin', { width: PHONE_WIDTH, bypassCSP: true });
    const faults: string[] = [];
    for (const part of PARTS) {
      await operator.goTo(part);
      await operator.page.waitForLoadState('networkidle');
      if (await operator.isTooWide()) faults.push(`${part} is too wide`);
      for (const colorScheme of ['light', 'dark'] as const) {
        await operator.page.emulateMedia({ colorScheme });
        faults.push(...(await seriousFindings(operator.page)));
      }
    }
    expect(faults).toEqual([]);
  });
});

it('complains of nothing', () => {
  expect(browser.complaints).toEqual([]);
});
