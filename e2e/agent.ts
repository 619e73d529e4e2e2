import type { Locator, Page } from 'playwright-core';
import { type Language, names } from './names.ts';

export const aino = { email: 'aino@demo.example', password: 'kohta-demo' };
export const ville = { email: 'ville@demo.example', password: 'kohta-demo' };
export const sari = { email: 'sari@demo.example', password: 'kohta-demo' };

/** An agent at the console. */
export class Agent {
  readonly waiting: Locator;
  readonly mine: Locator;
  readonly log: Locator;
  readonly replyBox: Locator;
  readonly send: Locator;
  readonly status: Locator;

  constructor(
    readonly page: Page,
    readonly language: Language,
  ) {
    const name = names[language];
    this.waiting = page.getByRole('list', { name: name.waiting });
    this.mine = page.getByRole('list', { name: name.mine });
    this.log = page.getByRole('log');
    this.replyBox = page.getByRole('textbox', { name: name.reply, exact: true });
    this.send = page.getByRole('button', { name: name.send, exact: true });
    this.status = page.getByLabel(name.status, { exact: true });
  }

  /** Signs in and comes online. */
  async arrive(url: string, who: { email: string; password: string }): Promise<void> {
    const name = names[this.language];
    await this.page.goto(`${url}/console/`);
    await this.page.getByLabel(name.email, { exact: true }).fill(who.email);
    await this.page.getByLabel(name.password, { exact: true }).fill(who.password);
    await this.page.getByRole('button', { name: name.signIn, exact: true }).click();
    await this.status.waitFor();
    await this.status.selectOption('online');
  }

  /** Opens the waiting conversation that shows these words, and takes it. */
  async take(words: string | RegExp): Promise<void> {
    await this.waiting.getByRole('listitem').filter({ hasText: words }).first().getByRole('button').first().click();
    await this.button('take').click();
    await this.replyBox.waitFor();
  }

  /** Opens what was said with the bot before; it is folded when a person takes over. */
  async unfold(): Promise<void> {
    await this.log.locator('details:not([open]) > summary').first().click();
  }

  async reply(text: string): Promise<void> {
    await this.replyBox.fill(text);
    await this.send.click();
  }

  /** A button of the conversation that is open. */
  button(which: 'take' | 'resolve' | 'transfer' | 'note'): Locator {
    return this.page.getByRole('main').getByRole('button', { name: names[this.language][which], exact: true });
  }

  async reads(words: string | RegExp, ms = 10_000): Promise<Locator> {
    const line = this.log.getByText(words).last();
    await line.waitFor({ timeout: ms });
    return line;
  }

  async times(words: string): Promise<number> {
    return this.log.getByText(words, { exact: true }).count();
  }
}
