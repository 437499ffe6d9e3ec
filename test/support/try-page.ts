import type { Locator, Page } from 'playwright-core';

/** The console's place for newcomers, as one sees and presses it. */
export class TryPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** A step by its title: its fields, its button, and why it can't be pressed. */
  step(title: string): Locator {
    return this.page.getByRole('form', { name: title, exact: true });
  }

  button(title: string): Locator {
    return this.step(title).getByRole('button', { name: title, exact: true });
  }

  /** The step taken last, in full. */
  get newest(): Locator {
    return this.page.getByRole('article');
  }

  /** What the newest step moved. */
  get moved(): Locator {
    return this.newest.getByRole('region', { name: 'What moved in the ledger' });
  }

  async fill(title: string, fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) await this.step(title).getByLabel(label).fill(value);
  }

  /** Takes a step and waits until it has come to its end. */
  async take(title: string): Promise<void> {
    await this.button(title).click();
    await this.settled(title);
  }

  async settled(title: string): Promise<void> {
    await this.page.locator('article[aria-busy="false"]').getByRole('heading', { name: title, exact: true }).waitFor();
  }

  /** The command of the newest step's call. */
  async curl(): Promise<string> {
    return (await this.newest.getByRole('figure', { name: 'The same call with curl' }).first().textContent()) ?? '';
  }
}
