import type { FrameLocator, Locator, Page } from 'playwright-core';
import { type Language, names } from './names.ts';
import { until } from './until.ts';

/** A customer on a page with the widget. */
export class Customer {
  readonly frame: FrameLocator;
  readonly launcher: Locator;
  readonly dialog: Locator;
  readonly log: Locator;
  readonly message: Locator;
  readonly send: Locator;
  readonly person: Locator;

  constructor(
    readonly page: Page,
    readonly language: Language,
  ) {
    const name = names[language];
    this.frame = page.frameLocator('iframe[src*="/widget/"]');
    this.launcher = page.getByRole('button', { name: new RegExp(`^${name.open}`) });
    this.dialog = this.frame.getByRole('dialog', { name: name.dialog });
    this.log = this.frame.getByRole('log');
    this.message = this.frame.getByRole('textbox', { name: name.message, exact: true });
    this.send = this.frame.getByRole('button', { name: name.send, exact: true });
    this.person = this.frame.getByRole('button', { name: name.person });
  }

  /** Goes to the page and opens the chat. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.launcher.click();
    await this.message.waitFor();
  }

  /** Has the chat open again after the page was loaded anew; an open one opens by itself. */
  async resume(): Promise<void> {
    await until('the chat or its button', async () => (await this.message.isVisible()) || (await this.launcher.isVisible()));
    if (!(await this.message.isVisible())) await this.launcher.click();
    await this.message.waitFor();
  }

  async say(text: string): Promise<void> {
    await this.message.fill(text);
    await this.send.click();
  }

  /** Waits for a line of the log with these words and returns it. */
  async reads(words: string | RegExp, ms = 20_000): Promise<Locator> {
    const line = this.log.getByText(words).last();
    await line.waitFor({ timeout: ms });
    return line;
  }

  /** Answers the form that is open: what to write, by the field's label. */
  async fill(fields: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) await this.log.getByLabel(label).last().fill(value);
    await this.log.locator('form').last().locator('button[type=submit]').click();
  }

  /** How often these words stand in the log. */
  async times(words: string): Promise<number> {
    return this.log.getByText(words, { exact: true }).count();
  }

  /** Gives the rating that a closed conversation asks for: a face from 1 to 5, and words. */
  async rate(score: number, comment: string): Promise<void> {
    const name = names[this.language];
    const card = this.dialog.getByRole('form', { name: name.how });
    await card.getByRole('radio').nth(score - 1).check({ force: true }); // the radio lies under its face
    await card.getByLabel(name.moreWords).fill(comment);
    await card.getByRole('button', { name: name.sendRating, exact: true }).click();
    await this.reads(name.rated);
  }
}
