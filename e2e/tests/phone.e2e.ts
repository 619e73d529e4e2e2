import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Customer } from '../customer.ts';
import { names } from '../names.ts';
import { stage } from '../stage.ts';
import { until } from '../until.ts';

const play = stage();

/** What of the page is out of reach, whether it scrolls, and what stands in its tab. */
const page = (of: Page) => of.evaluate(() => ({
  inert: [...document.body.children].map((e) => e.hasAttribute('inert')),
  overflow: getComputedStyle(document.documentElement).overflow,
  html: document.documentElement.outerHTML.split('<head')[0],
  body: [...document.body.attributes].map((a) => a.name),
  sheets: document.adoptedStyleSheets.length,
  title: document.querySelector('title')?.textContent,
}));

test('over a whole small screen the chat is all there is, and nothing of the page stays changed', async () => {
  const { page: phone } = await play.seat('fi', { viewport: { width: 390, height: 844 } });
  const customer = new Customer(phone, 'fi');
  await phone.goto(`${play.desk.url}/`);
  await customer.launcher.waitFor();
  await phone.evaluate(() => document.querySelector('footer')?.setAttribute('inert', ''));
  const before = await page(phone);
  await customer.launcher.click();
  await customer.message.waitFor();
  expect(await customer.dialog.getAttribute('aria-modal')).toBe('true');
  expect((await page(phone)).overflow).toBe('hidden');

  // past the end of the chat there is nothing of the page
  for (let i = 0; i < 12; i++) {
    await phone.keyboard.press('Tab');
    expect(await phone.evaluate(() => document.activeElement?.closest('body > *')?.localName ?? 'body')).toMatch(/^(kohta-chat|body)$/);
  }

  // wider, it is beside the page again; narrow, over it
  await phone.setViewportSize({ width: 900, height: 844 });
  await until('the page within reach', async () => JSON.stringify((await page(phone)).inert) === JSON.stringify(before.inert));
  expect(await page(phone)).toEqual(before);
  await until('no dialog over the page', async () => (await customer.dialog.getAttribute('aria-modal')) === null);
  await phone.setViewportSize({ width: 390, height: 844 });
  await until('the page out of reach', async () => (await page(phone)).overflow === 'hidden');

  await customer.frame.getByRole('button', { name: names.fi.close }).click();
  await customer.launcher.waitFor();
  expect(await page(phone)).toEqual(before);
});

/** Puts another window before the page, or takes it away. */
async function cover(of: Page, hidden: boolean): Promise<void> {
  for (const frame of of.frames()) {
    await frame.evaluate((away) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => away });
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (away ? 'hidden' : 'visible') });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  }
}

test('who waits behind another window sees in the title that a person has answered', async () => {
  const agent = await play.agent('fi');
  const customer = await play.customer('fi');
  const { title } = await page(customer.page);
  await customer.say('haluan puhua ihmiselle');
  await customer.person.click();
  await agent.waiting.getByRole('listitem').first().waitFor();
  await cover(customer.page, true);
  await agent.take(/haluan puhua/);
  await agent.reply('Hei, tässä Aino');
  await until('the title to tell', async () => /^\(\d+\) /.test((await page(customer.page)).title ?? ''));
  expect((await page(customer.page)).title).toMatch(new RegExp(`^\\(\\d\\) ${title}$`));
  await cover(customer.page, false);
  await until('the title as it was', async () => (await page(customer.page)).title === title);
});

test('a form that comes back has the focus, at what is wrong if something is', async () => {
  const { page: phone } = await play.seat('fi', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const customer = new Customer(phone, 'fi');
  await customer.open(`${play.desk.url}/`);
  await customer.say('missä tilaukseni on');
  const [number, email] = [customer.log.getByLabel('Tilausnumero'), customer.log.getByLabel('Sähköposti')];
  const focused = (field: typeof number) => field.evaluate((f) => f === document.activeElement).catch(() => false);
  await customer.fill({ Tilausnumero: '10234', Sähköposti: 'muu@posti.example' });
  await customer.reads(/Kokeillaanko uudestaan/);
  await until('the focus in the first field', () => focused(number));
  await customer.fill({ Tilausnumero: '10234', Sähköposti: 'marja' });
  await until('the focus in the wrong field', () => focused(email));
});
