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

  /** The conversation of either list that shows these words. */
  item(words: string | RegExp): Locator {
    return this.waiting.or(this.mine).getByRole('listitem').filter({ hasText: words }).first();
  }

  async open(words: string | RegExp): Promise<void> {
    await this.item(words).getByRole('button').first().click();
  }

  /** Opens the waiting conversation that shows these words, and takes it. */
  async take(words: string | RegExp): Promise<void> {
    await this.open(words);
    await this.button('take').click();
    await this.button('resolve').waitFor(); // it is mine
  }

  /** Opens what was said with the bot before; it is folded when a person takes over. */
  async unfold(): Promise<void> {
    await this.log.locator('details:not([open]) > summary').first().click();
  }

  async reply(text: string): Promise<void> {
    if (!(await this.replyBox.isVisible())) await this.button('reply').click();
    await this.replyBox.fill(text);
    await this.send.click();
  }

  /** Writes what only agents see. */
  async note(text: string): Promise<void> {
    const { note } = names[this.language];
    await this.button('note').click();
    await this.page.getByRole('textbox', { name: note, exact: true }).fill(text);
    await this.send.click();
  }

  /** Gives the open conversation to somebody, with a word for them. */
  async transfer(to: RegExp, word: string): Promise<void> {
    await this.button('transfer').click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('radio', { name: to }).check({ force: true });
    await dialog.getByRole('textbox').fill(word);
    await dialog.getByRole('button', { name: names[this.language].transfer, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** What stands under the three dots of the open conversation. */
  async more(action: string): Promise<void> {
    await this.page.getByRole('main').getByLabel(names[this.language].more, { exact: true }).click();
    await this.page.getByRole('button', { name: action, exact: true }).click();
  }

  /** Puts the open conversation aside until one of the times that are offered. */
  async snooze(until: string): Promise<void> {
    await this.page.getByRole('main').getByRole('button', { name: names[this.language].snooze, exact: true }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('button', { name: until }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** A button of the conversation that is open. */
  button(which: 'take' | 'resolve' | 'transfer' | 'note' | 'reply'): Locator {
    return this.page.getByRole('main').getByRole('button', { name: names[this.language][which], exact: true });
  }

  async reads(words: string | RegExp, ms = 20_000): Promise<Locator> {
    const line = this.log.getByText(words).last();
    await line.waitFor({ timeout: ms });
    return line;
  }

  async times(words: string): Promise<number> {
    return this.log.getByText(words, { exact: true }).count();
  }
}
