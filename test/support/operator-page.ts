import type { Locator, Page } from 'playwright-core';
import { actAs, type ConsoleBrowser, type Who } from './browser.ts';

/** A part of the console's operator view, in a tab of its own. */
export class OperatorPage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** @param part such as `close?period=2026-10`; empty for the overview */
  static async open(
    browser: ConsoleBrowser,
    url: string,
    part: string,
    who: Who = 'admin',
    options: Parameters<ConsoleBrowser['open']>[2] = {},
  ): Promise<OperatorPage> {
    const page = await browser.open(url, part === '' ? 'operate' : `operate/${part}`, options);
    await actAs(page, who);
    return new OperatorPage(page);
  }

  /** Goes to a part by its title, as one does by keyboard, and waits until it is there. */
  async goTo(part: string): Promise<void> {
    const way = this.page.getByRole('navigation', { name: 'Operate' }).getByRole('link', { name: part, exact: true });
    await way.press('Enter');
    await this.page.getByRole('region', { name: part, exact: true }).locator('.panel').first().waitFor();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async press(name: string | RegExp): Promise<void> {
    await this.button(name).click();
  }

  async fill(label: string | RegExp, value: string): Promise<void> {
    await this.page.getByLabel(label).fill(value);
  }

  /** Waits until the page announces it: a notice, or a refusal. */
  async says(text: string | RegExp): Promise<void> {
    await this.page.getByRole('status').or(this.page.getByRole('alert')).filter({ hasText: text }).first().waitFor();
  }

  /** Whether anything on the page has become what a hostile text meant to be. */
  async hasComeAlive(): Promise<boolean> {
    return (await this.page.locator('main :is(img, script, iframe, a[href^="javascript"])').count()) > 0;
  }

  async isTooWide(): Promise<boolean> {
    return (await this.page.evaluate('document.documentElement.scrollWidth > innerWidth')) as boolean;
  }
}
