import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where Debian's package puts it; elsewhere `CHROMIUM` says where it is. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** The widths the console is looked at in: a small phone's and a laptop's. */
export const PHONE_WIDTH = 360;
export const LAPTOP_WIDTH = 1280;

const HEIGHT = 800;

/** What waiting for something on the page is bounded by: on a loaded machine, a post takes seconds. */
const PATIENCE_MS = 20_000;

export type Who = 'alpha' | 'beta' | 'admin';

/** A real Chromium without a window. */
export class ConsoleBrowser {
  readonly #browser: Browser;
  /** What a page has complained of: errors on its console, exceptions, violations of its policy. */
  readonly complaints: string[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<ConsoleBrowser> {
    if (!existsSync(CHROMIUM)) throw new Error(`There is no ${CHROMIUM}: apt-get install chromium, or set CHROMIUM.`);
    // As root, as in a container, Chromium runs without its own sandbox or not at all.
    return new ConsoleBrowser(await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] }));
  }

  /** A tab of its own, with a session storage of its own, at a place of the console such as `ledger`. */
  async open(url: string, place: string, options: BrowserContextOptions & { width?: number } = {}): Promise<Page> {
    const { width = LAPTOP_WIDTH, ...rest } = options;
    const context = await this.#browser.newContext({ viewport: { width, height: HEIGHT }, ...rest });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    page.on('console', (message) => {
      // The browser reports every refusal of a request here; those the tests ask for are the page's to show.
      if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
      this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    await page.goto(`${url}/console#/${place}`);
    return page;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
  }
}

/** Acts as somebody else, with the one click that it takes. */
export async function actAs(page: Page, who: Who): Promise<void> {
  await page.getByRole('group', { name: 'Act as' }).getByText(who, { exact: true }).click();
}
