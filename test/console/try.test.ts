import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { developmentTokens } from '../../localstack/embedded/dev-tokens.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { actAs, ConsoleBrowser, PHONE_WIDTH } from '../support/browser.ts';
import { TenantClient } from '../support/client.ts';
import { Curl } from '../support/curl.ts';
import { type EmbeddedStack, startEmbeddedStack } from '../support/stack.ts';
import { TryPage } from '../support/try-page.ts';
import { meterco } from '../support/webhook-signer.ts';

const SEND = 'Send an event';
const RESEND = 'Resend it';
const CHANGE = 'Change it';
const WEBHOOK = 'Sign and send a webhook';
const REPLAY = 'Replay it';
const STALE = 'Send it stale';
const GARBLE_TOKEN = 'Garble the token';
const GARBLE_SIGNATURE = 'Garble the signature';
const OTHER_TENANT = 'Send as another tenant';

/** Longer than the console waits for a post. */
const LONG_MS = 30_000;

let stack: EmbeddedStack;
let browser: ConsoleBrowser;
let alpha: TenantClient;
let beta: TenantClient;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startEmbeddedStack(), ConsoleBrowser.start()]);
  alpha = new TenantClient(() => stack.url, 'tenant_alpha');
  beta = new TenantClient(() => stack.url, 'tenant_beta');
});
afterAll(async () => {
  await browser?.stop();
  await stack?.stop();
});

async function open(options: Parameters<ConsoleBrowser['open']>[2] = {}): Promise<TryPage> {
  return new TryPage(await browser.open(stack.url, 'try', options));
}

/** What a tenant is charged by what happens meanwhile, in minor units. */
async function chargedBy(tenant: TenantClient, happening: () => Promise<void>): Promise<bigint> {
  const before = BigInt(await tenant.balanceMinor());
  await happening();
  return BigInt(await tenant.balanceMinor()) - before;
}

async function isTooWide(page: Page): Promise<boolean> {
  return (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) as boolean;
}

/** What the tab keeps of the steps taken, which must hold no secret. */
async function keptText(page: Page): Promise<string> {
  return String(await page.evaluate('sessionStorage.getItem("zerosum.try.timeline")'));
}

describe('the suggested way', () => {
  it('charges twice in seven steps: one event and one webhook, whatever is repeated or forged', async () => {
    const tried = await open();
    const charged = await chargedBy(alpha, async () => {
      await tried.take(SEND);
      expect(await tried.moved.innerText()).toMatch(
        /1\.00 USD charged[\s\S]*api:try-[\s\S]*txn_[\s\S]*receivable\s+1\.00/,
      );
      for (const [next, said] of [
        [RESEND, /Nothing moved[\s\S]*charged already/],
        [CHANGE, /Nothing moved[\s\S]*that one charge/],
        [WEBHOOK, /1\.00 USD charged[\s\S]*wh:whk_alpha_meterco:delivery-/],
        [REPLAY, /Nothing moved[\s\S]*charged already/],
        [STALE, /Nothing moved[\s\S]*no receipt/],
        [GARBLE_TOKEN, /Nothing moved[\s\S]*no receipt/],
        [GARBLE_SIGNATURE, /Nothing moved[\s\S]*no receipt/],
        [OTHER_TENANT, /Nothing moved[\s\S]*no receipt/],
      ] as const) {
        await tried.newest.getByRole('button', { name: `Next: ${next.toLowerCase()}` }).click();
        await tried.settled(next);
        expect(await tried.moved.innerText()).toMatch(said);
        expect(await tried.page.evaluate('document.activeElement.textContent')).toBe(next);
      }
    });
    expect(charged).toBe(200n);
    expect(
      await tried.page.getByRole('listitem').filter({ hasText: 'last answer' }).locator('.chip').allInnerTexts(),
    ).toEqual(['202', '202', '409', '202', '202', '401', '401', '401', '403']);
    await tried.newest.getByRole('link', { name: 'See the ledger' }).click();
    await tried.page.getByRole('heading', { name: 'Balance' }).waitFor();
  });

  it('says of a step that cannot be taken yet what has to go before it', async () => {
    const tried = await open();
    expect(await tried.button(RESEND).isDisabled()).toBe(true);
    expect(await tried.step(RESEND).innerText()).toContain('Send an event first');
    expect(await tried.step(REPLAY).innerText()).toContain('Send a webhook first');
    await tried.take(SEND);
    expect(await tried.button(CHANGE).isEnabled()).toBe(true);
    await actAs(tried.page, 'beta');
    expect(await tried.button(CHANGE).isDisabled()).toBe(true);
  });

  it('shows commands that do the same in a shell, also with what was garbled on purpose', async () => {
    const tried = await open();
    const curl = new Curl({ ZEROSUM_TOKEN: (await developmentTokens()).alpha });
    await tried.fill(SEND, { 'Idempotency key': `it's "$(id)" \\ é 💶 ${Date.now()}` });
    await tried.take(SEND);
    const sent = await curl.run(await tried.curl());
    expect([sent.status, sent.json.accepted]).toEqual([202, true]);
    await tried.take(CHANGE);
    expect((await curl.run(await tried.curl())).status).toBe(409);
    await tried.take(GARBLE_TOKEN);
    expect(await tried.curl()).toContain('$ZEROSUM_TOKEN-garbled');
    expect((await curl.run(await tried.curl())).status).toBe(401);
    await tried.take(WEBHOOK);
    const charged = await chargedBy(alpha, async () => {
      expect((await curl.run(await tried.curl())).status).toBe(202);
    });
    expect(charged).toBe(0n);
  });
});

describe('a webhook', () => {
  it('is signed as Standard Webhooks has it as well, replayed and forged alike', async () => {
    const tried = await open();
    await tried.step(WEBHOOK).getByLabel('Form of the signature').selectOption('standard');
    const charged = await chargedBy(alpha, async () => {
      await tried.take(WEBHOOK);
      expect(await tried.curl()).toContain("'webhook-signature: v1,");
      await tried.take(REPLAY);
    });
    expect(charged).toBe(100n);
    expect(await tried.moved.innerText()).toContain('charged already');
    for (const refused of [GARBLE_SIGNATURE, STALE]) {
      await tried.take(refused);
      expect(await tried.newest.getByRole('alert').innerText()).toContain('401');
    }
  });

  it('moves the ledger of its key’s owner, whoever one acts as', async () => {
    const tried = await open();
    await actAs(tried.page, 'beta');
    const moved = { alpha: 0n, beta: 0n };
    moved.beta = await chargedBy(beta, async () => {
      moved.alpha = await chargedBy(alpha, () => tried.take(WEBHOOK));
    });
    expect(moved).toEqual({ alpha: 100n, beta: 0n });
    expect(await tried.moved.innerText()).toContain('alpha owed');
  });

  it('is refused with another secret, and not sent with a key id that no header can carry', async () => {
    const tried = await open();
    await tried.fill(WEBHOOK, { Secret: 'whsec_wrong' });
    await tried.take(WEBHOOK);
    expect(await tried.newest.getByRole('alert').innerText()).toContain('401');
    await tried.fill(WEBHOOK, { 'Key id': 'whk_💶' });
    await tried.take(WEBHOOK);
    expect(await tried.newest.getByRole('alert').innerText()).toContain('Not sent');
    await tried.fill(WEBHOOK, { 'Key id': '' });
    expect(await tried.button(WEBHOOK).isDisabled()).toBe(true);
  });

  it('cannot be signed where the browser withholds Web Crypto; the page says what to do', async () => {
    const tried = await open();
    await tried.page.addInitScript('Object.defineProperty(Crypto.prototype, "subtle", { value: undefined })');
    await tried.page.reload();
    await tried.page.getByText('This page can’t sign webhooks').waitFor();
    expect(await tried.page.getByRole('status').innerText()).toContain('ssh -L');
    expect(await tried.button(WEBHOOK).isDisabled()).toBe(true);
    expect(await tried.button(SEND).isEnabled()).toBe(true);
  });
});

describe('a charge on its way', () => {
  it('is said to be, over a reload, until it is posted', async () => {
    const tried = await open();
    const letGo = await holdUp(tried.page);
    await tried.button(SEND).click();
    await tried.moved.getByText('Accepted, being posted').waitFor();
    await tried.page.reload();
    await tried.moved.getByText('Accepted, being posted').waitFor();
    await letGo();
    await tried.moved.getByText('1.00 USD charged').waitFor();
    expect(await tried.curl()).toContain('$ZEROSUM_TOKEN');
  });

  it('is not waited for without end: the page says where it stands, and looks again when asked', async () => {
    const tried = await open();
    await tried.page.clock.install();
    await tried.page.reload();
    const letGo = await holdUp(tried.page);
    await tried.button(SEND).click();
    await tried.moved.getByText('Accepted, being posted').waitFor();
    await tried.page.clock.fastForward(LONG_MS);
    await tried.moved.getByText('Accepted, and not posted yet').waitFor();
    await letGo();
    await tried.moved.getByRole('button', { name: 'Look again' }).click();
    await tried.moved.getByText('1.00 USD charged').waitFor();
  });
});

/** From the next event on, whatever was accepted seems to be in the queue, until that is let go. */
async function holdUp(page: Page): Promise<() => Promise<void>> {
  let isSent = false;
  const json = { event_id: 'api:held', status: 'accepted', received_at: new Date(0).toISOString() };
  await page.route('**/events', (route) => {
    isSent = true;
    return route.continue();
  });
  await page.route('**/events/*', (route) => (isSent ? route.fulfill({ json }) : route.continue()));
  return () => page.unroute('**/events/*');
}

describe('an administrator', () => {
  it('is nobody’s tenant, and sees that refused when they insist', async () => {
    const tried = await open();
    await actAs(tried.page, 'admin');
    const panel = tried.page.getByRole('region', { name: 'An administrator is nobody’s tenant' });
    const charged = await chargedBy(alpha, async () => {
      await panel.getByRole('button', { name: 'Send anyway: see the 401' }).click();
      await panel.getByRole('alert').waitFor();
    });
    expect([await panel.getByRole('alert').innerText(), charged]).toEqual([expect.stringContaining('401'), 0n]);
    expect(await tried.page.evaluate('document.activeElement.textContent')).toBe('Send anyway: see the 401');
    expect(await tried.button(SEND).isDisabled()).toBe(true);
    await tried.take(WEBHOOK);
    expect(await tried.moved.innerText()).toContain('charged');
  });
});

describe('the timeline', () => {
  it('survives a reload, without a token or the secret in it or in the address', async () => {
    const tried = await open();
    await tried.take(SEND);
    await tried.take(WEBHOOK);
    await tried.page.reload();
    await tried.settled(WEBHOOK);
    await tried.page.getByText('Before that').waitFor();
    const { alpha: token } = await developmentTokens();
    for (const kept of [await keptText(tried.page), tried.page.url()]) {
      expect(kept).not.toContain(token.slice(-40));
      expect(kept).not.toContain(meterco.secret);
    }
    await tried.take(REPLAY);
    expect(await tried.moved.innerText()).toContain('charged already');
    await tried.page.getByRole('button', { name: 'Clear' }).click();
    await tried.page.getByText('Nothing yet').waitFor();
  });

  it('points a refusal at the field it is about', async () => {
    const tried = await open();
    await tried.fill(SEND, { Quantity: '1.5', Metric: '"><script>alert(1)</script>' });
    await tried.take(SEND);
    expect(await tried.newest.getByRole('alert').innerText()).toContain('400');
    expect(await tried.step(SEND).getByLabel('Quantity').getAttribute('aria-invalid')).toBe('true');
    await tried.fill(SEND, { Quantity: 'seven', Metric: 'api_call' });
    await tried.take(SEND);
    expect(await tried.step(SEND).getByLabel('Quantity').getAttribute('aria-invalid')).toBe('true');
  });
});

describe('what one may type', () => {
  it('is text and nothing else, and fits a phone', async () => {
    const tried = await open({ width: PHONE_WIDTH });
    for (const hostile of [
      '<img src=x onerror=alert(1)>',
      '"><script>alert(1)</script>',
      'javascript:alert(1)//\u202egnp.exe',
      'x'.repeat(180),
    ]) {
      const key = `${hostile}${Date.now()}`;
      await tried.fill(SEND, { 'Idempotency key': key });
      await tried.take(SEND);
      expect(await tried.moved.innerText()).toContain(`api:${key}`);
      await tried.fill(WEBHOOK, { 'Delivery id': key });
      await tried.take(WEBHOOK);
      expect(await tried.moved.innerText()).toContain(`wh:${meterco.keyId}:${key}`);
      expect(await isTooWide(tried.page)).toBe(false);
    }
    expect(await tried.page.locator('main :is(img, script)').count()).toBe(0);
  });
});

it('hinders nobody, in light and in dark', async () => {
  const tried = await open({ bypassCSP: true, width: PHONE_WIDTH });
  const findings = async (): Promise<string[]> => {
    await tried.page.emulateMedia({ colorScheme: 'light' });
    const light = await seriousFindings(tried.page);
    await tried.page.emulateMedia({ colorScheme: 'dark' });
    return [...light, ...(await seriousFindings(tried.page))];
  };
  await tried.page.getByText('Nothing yet').waitFor();
  expect(await findings()).toEqual([]);
  await tried.take(SEND);
  await tried.take(CHANGE);
  await tried.page.getByText('Before that').waitFor();
  expect(await findings()).toEqual([]);
  await actAs(tried.page, 'admin');
  await tried.page.getByRole('button', { name: 'Send anyway: see the 401' }).click();
  await tried.page.getByRole('region', { name: 'An administrator' }).getByRole('alert').waitFor();
  expect(await findings()).toEqual([]);
});

it('complains of nothing', () => {
  expect(browser.complaints).toEqual([]);
});
