import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminClient } from '../support/admin-client.ts';
import { actAs, ConsoleBrowser, type Who } from '../support/browser.ts';
import { request } from '../support/client.ts';
import { type EmbeddedStack, startEmbeddedStack } from '../support/stack.ts';

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

async function open(section: string, who: Who = 'admin'): Promise<Page> {
  const page = await browser.open(stack.url, `operate/${section}`);
  await actAs(page, who);
  return page;
}

describe('tenants', () => {
  it('are added, and renamed by whoever has seen the name before', async () => {
    const page = await open('tenants');
    await page.getByLabel('Id of a new tenant').fill('tenant_gamma');
    await page.getByLabel('What people call it').fill('<img src=x onerror=alert(1)>');
    await page.getByRole('button', { name: 'Add the tenant' }).click();
    await page.getByRole('cell', { name: '<img src=x onerror=alert(1)>' }).waitFor();

    await page.getByRole('button', { name: 'Rename tenant_gamma' }).click();
    await page.getByLabel('New name of tenant_gamma').fill('Gamma Ltd');
    await page.getByRole('button', { name: 'Save' }).click();
    // The cell holds the field with the new name until that is saved.
    await page.getByRole('button', { name: 'Rename tenant_gamma' }).waitFor();
    await page.getByRole('cell', { name: 'Gamma Ltd' }).waitFor();

    const { tenants } = (await admin.get('/tenants')).json;
    expect(tenants).toContainEqual({ tenant: 'tenant_gamma', name: 'Gamma Ltd', etag: '"2"' });
  });

  it('are not renamed over the head of somebody else', async () => {
    const page = await open('tenants');
    await page.getByRole('button', { name: 'Rename tenant_beta' }).click();
    await admin.post('/tenants', { tenant: 'tenant_beta', name: 'Beta plc' }, { 'if-match': '"1"' });
    await page.getByLabel('New name of tenant_beta').fill('Beta GmbH');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('412').waitFor();
  });

  it('say which field the service refuses', async () => {
    const page = await open('tenants');
    await page.getByLabel('Id of a new tenant').fill('Tenant X');
    await page.getByRole('button', { name: 'Add the tenant' }).click();
    await page.getByRole('alert').getByText('tenant').first().waitFor();
    expect(await page.getByLabel('Id of a new tenant').getAttribute('aria-invalid')).toBe('true');
  });
});

describe('prices', () => {
  it('get a new version from a moment on, while the one in force stays', async () => {
    const page = await open('prices');
    await page.getByLabel('Prices: a metric').fill('api_call = 2\nstorage_gb_hour = 5\nseat_month = 1500');
    await page.getByLabel('In force from').fill('2036-01-01T00:00:00Z');
    await page.getByRole('button', { name: 'Add this version' }).click();
    await page.getByRole('cell', { name: '15.00 USD' }).waitFor();

    const { in_force: inForce, versions } = (await admin.get('/prices')).json;
    expect([inForce.version, versions[0].unit_prices]).toEqual([
      1,
      { api_call: '2', storage_gb_hour: '5', seat_month: '1500' },
    ]);
  });

  it('are not changed by who has not seen the newest, until begun again from those', async () => {
    const page = await open('prices');
    const field = page.getByLabel('Prices: a metric');
    await field.fill('api_call = 3\nstorage_gb_hour = 5');
    const { headers } = await admin.get('/prices');
    const later = {
      currency: 'USD',
      unit_prices: { api_call: 7, storage_gb_hour: 5 },
      effective_at: '2037-01-01T00:00:00Z',
    };
    await admin.send('PUT', '/prices', later, { 'if-match': headers.get('etag') ?? '' });
    await page.getByRole('button', { name: 'Add this version' }).click();
    await page.getByRole('alert').getByText('412').waitFor();
    expect(await field.inputValue()).toBe('api_call = 3\nstorage_gb_hour = 5');

    await page.getByRole('button', { name: 'Begin again from the newest prices' }).click();
    await expect.poll(() => field.inputValue()).toBe('api_call = 7\nstorage_gb_hour = 5');
  });

  it('are not sent when a line is no price, and keep what was typed over a reload', async () => {
    const page = await open('prices');
    await page.getByLabel('Prices: a metric').fill('api_call = free');
    await page.getByRole('button', { name: 'Add this version' }).click();
    await page.getByRole('alert').getByText('api_call = free').waitFor();
    await page.getByLabel('Prices: a metric').fill('api_call = 1\napi_call = 2');
    await page.getByRole('button', { name: 'Add this version' }).click();
    await page.getByRole('alert').getByText('a second one for its metric: api_call = 2').waitFor();
    await page.getByLabel('Prices: a metric').fill('api_call = free');
    await page.reload();
    await expect.poll(() => page.getByLabel('Prices: a metric').inputValue()).toBe('api_call = free');
  });
});

describe('keys', () => {
  it('are issued with a secret shown once, that works, and are rotated and revoked', async () => {
    const page = await open('keys');
    const panel = page.getByRole('region', { name: 'API keys' });
    await panel.getByLabel('Id, or empty').fill('meter_1');
    await panel.getByRole('button', { name: 'Issue a key' }).click();
    const first = await secretOf(page);
    const statusAs = async (secret: string) =>
      (await request(`${stack.url}/balance`, { headers: { authorization: `Bearer ${secret}` } })).status;
    expect(await statusAs(first)).toBe(200);

    await panel.getByRole('button', { name: 'Rotate meter_1' }).click();
    await expect.poll(() => secretOf(page)).not.toBe(first);
    // Functions remember a key for five seconds.
    await expect.poll(async () => statusAs(await secretOf(page)), { timeout: 10_000 }).toBe(200);

    await panel.getByRole('button', { name: 'Revoke meter_1' }).click();
    await panel.getByRole('button', { name: 'Really revoke meter_1' }).click();
    const revoked = panel.locator('.chip', { hasText: 'revoked' });
    await revoked.waitFor();
    expect((await admin.get('/api-keys/meter_1')).json.revoked_at).not.toBeNull();

    await page.reload();
    await revoked.waitFor();
    expect(await page.content()).not.toContain(first);
  });
});

async function secretOf(page: Page): Promise<string> {
  return (await page.getByLabel('The secret of meter_1').textContent()) ?? '';
}

describe('the audit log', () => {
  it('shows who did what, and why, in words that cannot act', async () => {
    const reason = '"><script>alert(1)</script>';
    await admin.post('/adjustments', { tenant: 'tenant_alpha', amount_minor: 5, idempotency_key: 'audited', reason });
    const page = await open('audit');
    await page.getByRole('cell', { name: reason }).first().waitFor();
    await page.getByText('Each of these entries follows').waitFor();
  });
});

describe('health', () => {
  it('says that it is alive and ready, and how far behind', async () => {
    const page = await open('health');
    await page.getByText('Requests reach the service.').waitFor();
    await page.getByText('Every dependency answers.').waitFor();
    await page.getByText('Nothing that was accepted waits').waitFor();
    await page.getByRole('definition').first().getByText('s').waitFor();
  });
});

describe('under a tenant', () => {
  it.each(['tenants', 'prices', 'keys', 'audit', 'health'])(
    '%s rests locked, until one insists and is refused',
    async (section) => {
      const page = await open(section, 'alpha');
      const insist = page.getByRole('button', { name: 'Send anyway: see the 403' }).first();
      await insist.click();
      await page.getByRole('alert').getByText('403').first().waitFor();
    },
  );
});

it('complains of nothing', () => {
  expect(browser.complaints).toEqual([]);
});
