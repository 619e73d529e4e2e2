import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Agent, aino } from '../agent.ts';
import { Customer } from '../customer.ts';
import { stage } from '../stage.ts';

process.env['FONTCONFIG_FILE'] = join(import.meta.dirname, 'fonts.conf'); // read by the browser when it starts

const play = stage();
const out = resolve(import.meta.dirname, '../../docs/screenshot.png');
const scale = { deviceScaleFactor: 1.5, colorScheme: 'light' } as const;

test('the picture of the readme', async () => {
  const agent = new Agent((await play.seat('en', { ...scale, viewport: { width: 1180, height: 740 } })).page, 'en');
  await agent.arrive(play.desk.url, aino);

  const customer = new Customer((await play.seat('en', { ...scale, viewport: { width: 500, height: 740 } })).page, 'en');
  await customer.open(`${play.desk.url}/`);
  await customer.say('Hi, where is my order 10229?');
  await customer.fill({ 'Order number': '10229', 'E-mail': 'sofia@mail.example' });
  await customer.reads(/^Order 10229 left/);
  await customer.say('this is the third time I am asking, this is ridiculous');
  await customer.reads(/fetching a person/);
  await agent.take('third time');

  for (const [language, words] of [['sv', 'Jag vill prata med en människa om min faktura'], ['fi', 'haluan puhua ihmiselle mun tilauksesta']] as const) {
    const other = await play.customer(language);
    await other.say(words);
    await agent.item(words).waitFor();
  }

  await agent.reply('Hello, Aino here. I can see your order, and I am sorry it took three messages.');
  await customer.reads(/Aino here/);
  await customer.say('thank you, can it still come today?');
  await agent.reads('thank you, can it still come today?');
  await agent.log.press('b'); // the baton folds at the first reply; here it is shown
  await agent.page.getByText('What they want').or(agent.page.getByText('Wants')).first().waitFor();
  await agent.replyBox.fill('The parcel is in Tampere');

  await sideBySide(customer.page, agent.page);
  expect((await stat(out)).size).toBeLessThan(400 * 1024);
});

async function sideBySide(left: Page, right: Page): Promise<void> {
  const [a, b] = await Promise.all([left, right].map(async (page) => (await page.screenshot()).toString('base64')));
  const { page } = await play.seat('en', { deviceScaleFactor: 1.5, viewport: { width: 1240, height: 560 } });
  await page.setContent(`<!doctype html><style>
    body { margin: 0; height: 100vh; display: flex; gap: 20px; padding: 20px; box-sizing: border-box; background: #dfe7e3; }
    img { height: 100%; border-radius: 10px; box-shadow: 0 6px 24px #1d2b2633; }
  </style><img src="data:image/png;base64,${a}"><img src="data:image/png;base64,${b}">`);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
  await page.screenshot({ path: out });
}
