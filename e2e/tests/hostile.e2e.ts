import { afterAll, beforeAll, expect, test } from 'vitest';
import { Customer } from '../customer.ts';
import { Host } from '../host.ts';
import { stage } from '../stage.ts';
import { until } from '../until.ts';

const play = stage();

// What has got scripts past helpdesks before; each would show a dialog, change the page or fetch something if it ran.
const payloads = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '"><svg onload=alert(3)>',
  "javascript:alert(4)//'",
  '<iframe srcdoc="<script>alert(5)</script>"></iframe>',
  '<a href="javascript:alert(6)">tästä</a>',
  '[linkki](javascript:alert(7))',
  '<style>*{display:none}</style>',
  '{{constructor.constructor("alert(8)")()}} ${alert(9)}',
  '<img src="http://evil.example/pixel.gif">',
];

// A web address is shown as the browser will read it, and ends at a quotation mark.
const address = 'http://evil.example/"onmouseover="alert(10)';
const shown = 'http://evil.example"onmouseover="alert(10)';

const nasty = '<img src=x onerror=alert(11)><script>alert(12)</script>';

let plain: Host;
let strict: Host;
let bare: Host;

beforeAll(async () => {
  const body = (desk: string, words = 'Kahvia ja pullaa: ääkköset', lang = 'fi') =>
    `<html lang="${lang}"><head><title>${words}</title></head><body><h1>${words}</h1><script src="${desk}/widget.js" data-site="demo" async></script></body></html>`;
  plain = await Host.serve(() => ({ '/': { html: `<!doctype html>${body(play.desk.url, nasty.replaceAll('<', '&lt;'))}` } }));
  strict = await Host.serve(() => ({
    '/': {
      policy: `default-src 'none'; script-src ${play.desk.url}; frame-src ${play.desk.url}; connect-src ${play.desk.url}`,
      html: `<!doctype html><meta charset="utf-8">${body(play.desk.url)}`,
    },
  }));
  bare = await Host.serve(() => ({ '/': { contentType: 'text/html', html: `<!doctype html>${body(play.desk.url, 'Kaffe', 'sv')}` } }));
  await play.desk.command(['site', 'set', 'demo', '--team', 'kahvila', '--origins', [plain.url, strict.url, bare.url].join(',')]);
});
afterAll(async () => {
  await Promise.all([plain, strict, bare].map((host) => host.close()));
});

test('what a customer writes is text, wherever it is shown', async () => {
  const { page } = await play.seat('fi', { userAgent: `Mozilla/5.0 ${nasty}` });
  const customer = new Customer(page, 'fi');
  await customer.open(`${plain.url}/?q=${encodeURIComponent(nasty)}#${encodeURIComponent(nasty)}`);
  for (const payload of payloads) {
    await customer.say(payload);
    await customer.reads(payload);
  }
  await customer.say(address);
  await customer.reads(shown);
  await customer.say('missä mun paketti on');
  await customer.fill({ Tilausnumero: '10234', Sähköposti: '"<img/src=x/onerror=alert(13)>"@posti.example' }).catch(() => undefined);
  await customer.person.click();

  const agent = await play.agent('fi');
  await agent.waiting.getByRole('listitem').first().getByRole('button').first().click();
  await agent.button('take').click();
  await agent.unfold();
  for (const payload of payloads) await agent.reads(payload);
  await agent.reads(shown);
  await agent.reply('Hei, näen viestisi');
  await customer.reads('Hei, näen viestisi');
  for (const screen of [agent.page, customer.page]) {
    expect(await screen.locator('a[href^="javascript:"], iframe[srcdoc], img[src="x"], svg[onload], [onerror]').count()).toBe(0);
  }
});

test('a link shows where it leads, and opens without telling from where', async () => {
  const customer = await play.customer('fi');
  await customer.say('katso http://xn--pypal-4ve.example/tili ja https://kahvilakohta.example/');
  const links = customer.log.getByRole('link');
  await links.first().waitFor();
  for (const link of await links.all()) {
    expect(await link.getAttribute('rel')).toMatch(/noopener.*noreferrer|noreferrer.*noopener/);
    expect(await link.innerText()).toContain(new URL((await link.getAttribute('href')) ?? '').host);
  }
});

test('it works on a page with a strict policy', async () => {
  const customer = await play.customer('fi', `${strict.url}/`);
  await customer.say('kauanko toimitus kestää');
  await customer.reads(/2–4 arkipäiv/);
  const box = await customer.page.locator('iframe[src*="/widget/"]').boundingBox();
  expect(box?.width).toBeGreaterThan(300); // its styles are there, though the page allows none
});

test('it spells ä and ö on a page that names no charset', async () => {
  const customer = await play.customer('sv', `${bare.url}/`); // opened by "Öppna chatten"
  await customer.say('hej');
  await customer.reads(/Hej/);
});

test('a page that is not on the list cannot embed the chat', async () => {
  const stranger = await Host.serve(() => ({ '/': { html: `<!doctype html><script src="${play.desk.url}/widget.js" data-site="demo" async></script>` } }));
  const { page, faults } = await play.seat('fi');
  const customer = new Customer(page, 'fi');
  await page.goto(`${stranger.url}/`);
  await customer.launcher.click();
  await until('the refusal', () => faults.some((fault) => /frame-ancestors/.test(fault)));
  expect(await customer.message.count()).toBe(0);
  expect(faults.splice(0).filter((fault) => !/frame-ancestors|refused to connect|Framing/.test(fault))).toEqual([]);
  await stranger.close();
});

test('nothing is stored or fetched before the customer opens the chat', async () => {
  const { page, context } = await play.seat('fi');
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await page.goto(`${plain.url}/`);
  await new Customer(page, 'fi').launcher.waitFor();
  expect(fetched.filter((url) => url.startsWith(play.desk.url))).toEqual([`${play.desk.url}/widget.js`]);
  expect(await context.cookies()).toEqual([]);
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});
