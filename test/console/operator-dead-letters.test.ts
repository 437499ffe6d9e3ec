import { afterAll, beforeAll, expect, it } from 'vitest';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { ConfigWriter } from '../../lambdas/storage/config-writer.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { AdminClient } from '../support/admin-client.ts';
import { engineClient } from '../support/audit.ts';
import { ConsoleBrowser, PHONE_WIDTH } from '../support/browser.ts';
import { TenantClient } from '../support/client.ts';
import { instant, priceBook, quantity, tenantId, usageEvent } from '../support/events.ts';
import { OperatorPage } from '../support/operator-page.ts';
import { type EmbeddedStack, startEmbeddedStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

const TIMEOUT_MS = 5_000;

/** Price versions that no table has; the first is added in the end. */
const [LATER_VERSION, NO_VERSION] = [77, 78];

/** Two more than the console shows on a page. */
const MANY = 27;

const HOSTILE = '"><script>alert(1)</script>\u202E<img src=x onerror=alert(1)>'.padEnd(198, 'k');

let stack: EmbeddedStack;
let browser: ConsoleBrowser;
let admin: AdminClient;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startEmbeddedStack(), ConsoleBrowser.start()]);
  admin = new AdminClient(() => stack.url);
});
afterAll(async () => {
  await browser?.stop();
  await stack?.stop();
});

/** Refused events of a tenant: accepted at a price version that does not exist, as no caller can hand them in. */
async function refused(tenant: string, keys: readonly string[], priceVersion = NO_VERSION): Promise<TenantClient> {
  await admin.post('/tenants', { tenant, name: `Dead letters of ${tenant}` });
  const engine = engineClient(stack);
  const intake = new UsageIntake(engine, stack.table('UsageIntake'));
  const given = { tenant: tenantId(tenant), receivedAt: instantOf(Date.now()), priceVersion };
  await Promise.all(keys.map((key) => intake.accept(usageEvent(key, { ...given, quantity: quantity(7) }), TIMEOUT_MS)));
  engine.destroy();
  await admin.post('/dead-letters/redrive', { tenant, event_ids: keys.map((key) => `api:${key}`) });
  await waitFor('the refusals', async () => (await listed(tenant)).length === keys.length);
  return new TenantClient(() => stack.url, tenant);
}

async function listed(tenant: string): Promise<{ event_id: string; attempts: number }[]> {
  return (await admin.get(`/dead-letters?tenant=${tenant}&limit=100`)).json.dead_letters;
}

async function mendPrices(): Promise<void> {
  const engine = engineClient(stack);
  const book = priceBook(LATER_VERSION, { effectiveAt: instant('2035-01-01T00:00:00Z') });
  await new ConfigWriter(engine, stack.table('Config')).addPriceBook(book);
  engine.destroy();
}

it('shows why each was refused, and tries one, several and all of them again', async () => {
  const client = await refused('dead_few', ['one', 'two', HOSTILE, 'four'], LATER_VERSION);
  const operator = await OperatorPage.open(browser, stack.url, 'dead-letters?tenant=dead_few');
  const { page } = operator;
  const row = (key: string) => page.getByRole('row').filter({ has: page.getByText(`api:${key}`, { exact: true }) });
  await row(HOSTILE)
    .getByText(/no price/)
    .waitFor();
  expect(await operator.hasComeAlive()).toBe(false);

  await operator.press('Redrive api:one');
  await operator.says('dead_few api:one: on its way again');
  await waitFor('the second refusal', async () => {
    const one = (await listed('dead_few')).find(({ event_id: id }) => id === 'api:one');
    return one?.attempts === 2;
  });
  await operator.press('Look again');
  await row('one').getByRole('cell', { name: '2', exact: true }).waitFor();

  await mendPrices();
  await page.getByLabel('api:one').check();
  await page.getByLabel('api:two').check();
  await operator.press('Redrive selected (2)');
  await operator.says('dead_few api:two: on its way again');
  await waitFor('two charges', async () => (await client.balanceMinor()) === '14');
  await operator.press('Look again');
  await row('one').waitFor({ state: 'detached' });
  await operator.press('Redrive all shown (2)');
  await operator.says('dead_few api:four: on its way again');
  await waitFor('four charges', async () => (await client.balanceMinor()) === '28');
  await operator.press('Look again');
  await page.getByText('No dead letter: everything accepted was posted').waitFor();
  expect(await listed('dead_few')).toEqual([]);
});

it('lists them page by page, which the browser’s back button undoes, and fits a phone', async () => {
  await refused(
    'dead_many',
    Array.from({ length: MANY }, (_, index) => `${index} ${'k'.repeat(190)}`),
  );
  const options = { width: PHONE_WIDTH, bypassCSP: true };
  const operator = await OperatorPage.open(browser, stack.url, 'dead-letters?tenant=dead_many', 'admin', options);
  const { page } = operator;
  await operator.button('Redrive all shown (25)').waitFor();
  expect(await operator.isTooWide()).toBe(false);
  expect(await seriousFindings(page)).toEqual([]);
  await operator.press('Next page');
  await operator.button('Redrive all shown (2)').waitFor();
  await page.reload();
  await operator.button('Redrive all shown (2)').waitFor();
  await page.goBack();
  await operator.button('Redrive all shown (25)').waitFor();
});

it('warns whoever is about to close the month without them', async () => {
  await refused('dead_closing', ['late']);
  const operator = await OperatorPage.open(browser, stack.url, 'close?tenant=dead_closing&period=2026-10');
  await operator.says('1 dead letter of dead_closing');
  await operator.page.getByRole('link', { name: 'See them' }).click();
  await operator.page.getByRole('checkbox', { name: 'api:late' }).waitFor();
});

it('complains of nothing', () => {
  expect(browser.complaints).toEqual([]);
});
