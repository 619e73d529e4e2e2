import { expect, test } from 'vitest';
import { Agent, aino } from '../agent.ts';
import { Customer } from '../customer.ts';
import { heard, listen } from '../ear.ts';
import { names } from '../names.ts';
import { stage } from '../stage.ts';
import { until } from '../until.ts';

const play = stage();
const fi = names.fi;

/** Presses Tab until the element that has the focus answers to the name. */
async function tabTo(who: Customer | Agent, name: RegExp, limit = 60): Promise<void> {
  for (let i = 0; i < limit; i++) {
    if (name.test(await focused(who))) return;
    await who.page.keyboard.press('Tab');
  }
  throw new Error(`no ${limit} presses of Tab lead to ${name}`);
}

/** The name of what has the focus, in the page or in the widget's frame. */
async function focused(who: Customer | Agent): Promise<string> {
  for (const frame of [...who.page.frames()].reverse()) {
    const name = await frame.evaluate(() => {
      let at: Element | null = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      if (!(at instanceof HTMLElement) || at === document.body || at instanceof HTMLIFrameElement || !document.hasFocus()) return '';
      const labels = 'labels' in at ? [...((at as HTMLInputElement).labels ?? [])].map((label) => label.textContent) : [];
      return at.getAttribute('aria-label') ?? (labels.join(' ') || at.textContent) ?? '';
    });
    if (name) return name.trim();
  }
  return '';
}

test('customer and agent go the whole way by keyboard, and hear each line once with its speaker', async () => {
  const theirs = await play.seat('fi');
  const ours = await play.seat('fi');
  await Promise.all([listen(theirs.context), listen(ours.context)]);
  const customer = new Customer(theirs.page, 'fi');
  const agent = new Agent(ours.page, 'fi');

  // The agent signs in and comes online.
  await agent.page.goto(`${play.desk.url}/console/`);
  await agent.page.getByLabel(fi.email, { exact: true }).waitFor();
  await tabTo(agent, new RegExp(fi.email));
  await agent.page.keyboard.type(aino.email);
  await tabTo(agent, new RegExp(`^${fi.password}`));
  await agent.page.keyboard.type(aino.password);
  await agent.page.keyboard.press('Enter');
  await agent.status.waitFor();
  await tabTo(agent, new RegExp(fi.status));
  await agent.page.keyboard.type(fi.online);
  await until('online', async () => (await agent.status.inputValue()) === 'online');

  // The customer opens the chat; the focus goes to Message.
  await customer.page.goto(`${play.desk.url}/`);
  await customer.launcher.waitFor();
  await tabTo(customer, new RegExp(`^${fi.open}`));
  await customer.page.keyboard.press('Enter');
  await customer.message.waitFor();
  await until('the focus in Message', async () => (await focused(customer)) === fi.message);
  await customer.page.keyboard.type('Moi! Koska mun tilaus 10234 tulee?');
  await customer.page.keyboard.press('Enter');

  // The bot's form: one field after the other, and Enter.
  await customer.dialog.getByLabel('Tilausnumero').waitFor();
  await tabTo(customer, /^Tilausnumero/);
  if ((await customer.dialog.getByLabel('Tilausnumero').inputValue()) === '') await customer.page.keyboard.type('10234');
  await tabTo(customer, /^Sähköposti/);
  await customer.page.keyboard.type('marja@posti.example');
  await customer.page.keyboard.press('Enter');
  await customer.reads(/^Tilaus 10234 lähti/);
  await tabTo(customer, new RegExp(fi.person));
  await customer.page.keyboard.press('Enter');
  await customer.reads(/Haen ihmisen, koska pyysit/);

  // The agent goes to the one who waits, takes with o, replies with r and Ctrl+Enter.
  await agent.waiting.getByRole('listitem').first().waitFor();
  await tabTo(agent, /Vierailija/);
  await agent.page.keyboard.press('o');
  await agent.replyBox.waitFor();
  await agent.page.getByRole('main').getByText('Moi! Koska mun tilaus 10234 tulee?').first().waitFor(); // in the baton
  if ((await focused(agent)) !== fi.reply) await agent.page.keyboard.press('r');
  await until('the focus in Reply', async () => (await focused(agent)) === fi.reply);
  await agent.page.keyboard.type('Hei, Aino tässä');
  await agent.page.keyboard.press('Control+Enter');
  await customer.reads('Hei, Aino tässä');

  await tabTo(customer, new RegExp(`^${fi.message}$`));
  await customer.page.keyboard.type('kiitos paljon');
  await customer.page.keyboard.press('Enter');
  await agent.reads('kiitos paljon');

  // The agent resolves with e, outside of the text; the customer rates with the arrow keys.
  await agent.page.keyboard.press('Escape');
  await agent.page.keyboard.press('e');
  await agent.page.getByRole('dialog').waitFor();
  await agent.page.keyboard.press('Enter');
  const card = customer.dialog.getByRole('form', { name: fi.how });
  await card.waitFor();
  await tabTo(customer, /Huonosti|Erittäin hyvin/);
  for (let face = 1; face < 5; face++) await customer.page.keyboard.press('ArrowRight');
  await until('the best face', () => card.getByRole('radio').last().isChecked());
  await tabTo(customer, new RegExp(`^${fi.sendRating}`));
  await customer.page.keyboard.press('Enter');
  await customer.reads(fi.rated);

  // Esc closes, and the focus is back at the button.
  await customer.page.keyboard.press('Escape');
  await customer.message.waitFor({ state: 'hidden' });
  await until('the focus at the launcher', async () => (await focused(customer)).startsWith(fi.open));

  // What was heard: every line once, and who said it in the same breath.
  const customerHeard = await heard(customer.page);
  once(customerHeard, 'Tilaus 10234 lähti', fi.bot);
  once(customerHeard, 'Haen ihmisen, koska pyysit', fi.bot);
  once(customerHeard, 'Hei, Aino tässä', 'Aino');
  once(await heard(agent.page), 'kiitos paljon', 'Vierailija');
});

function once(lines: string[], words: string, speaker: string): void {
  const said = lines.filter((line) => line.includes(words));
  expect(said, `announcements of "${words}" among:\n${lines.join('\n')}`).toHaveLength(1);
  expect(said[0]).toContain(speaker);
}

test('the accessibility tree has the names of the contract, and every line with its speaker', async () => {
  const agent = await play.agent('en');
  const customer = await play.customer('en');
  await customer.say('do you have decaf');
  await customer.reads(/Lepo/);
  await customer.say('I want to talk to a person');
  await agent.take('I want to talk to a person');
  await agent.reply('Hello, Aino here');
  await customer.reads('Hello, Aino here');

  const widget = await customer.dialog.ariaSnapshot();
  for (const name of ['textbox "Message"', 'button "Send"', 'button "Talk to a person"', 'button "Close chat"', 'log']) expect(widget).toContain(name);
  const log = await customer.log.ariaSnapshot();
  const order = ['You', 'do you have decaf', 'Bot', 'Lepo', 'You', 'I want to talk to a person', 'Bot', 'Aino', 'Hello, Aino here'];
  let from = 0;
  for (const word of order) {
    const at = log.indexOf(word, from);
    expect(at, `"${word}" after character ${from} of:\n${log}`).toBeGreaterThanOrEqual(0);
    from = at + word.length;
  }

  const console = await agent.page.locator('body').ariaSnapshot();
  for (const name of ['list "Waiting"', 'list "My conversations"', 'textbox "Reply"', 'button "Send"', 'button "Resolve"', 'button "Transfer"', 'combobox "My status"']) {
    // A list that is empty gives way to a sentence.
    if (name.startsWith('list "Waiting"')) expect(console).toMatch(/list "Waiting"|Nobody is waiting/);
    else expect(console).toContain(name);
  }
});
