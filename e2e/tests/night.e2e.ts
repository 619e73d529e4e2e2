import { afterAll, expect, test } from 'vitest';
import { findings } from '../axe.ts';
import { Customer } from '../customer.ts';
import { Post } from '../post.ts';
import { stage } from '../stage.ts';
import { until } from '../until.ts';

const minna = { email: 'minna@kohta.example', password: 'kahvia-ja-pullaa', name: 'Minna Salo' };
const post = await Post.start();
afterAll(() => post.stop());

// A company of office hours, on a day when the office is closed: nobody is there, and people are back tomorrow. It lies where
// it is noon now, so that the day does not end meanwhile.
const now = new Date();
const east = 12 - now.getUTCHours();
const zone = east === 0 ? 'Etc/GMT' : `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
const today = now.toISOString().slice(0, 10);
const play = stage({
  demo: false,
  flags: ['--smtp', post.url, '--mail-from', 'Kauppa <kauppa@kohta.example>'],
  before: async (desk) => {
    await desk.command(['agent', 'add', minna.email, '--name', minna.name], `${minna.password}\n`);
    await desk.command(['team', 'set', 'support', '--assignment', 'auto', '--hours', 'mon-sun 8-16', '--zone', zone, '--closed', today]);
  },
});

const embed = '<!doctype html><html lang="fi"><title>Sivu</title><script src="/widget.js" data-site="default" async></script><h1>Sivu</h1></html>';

async function customer(): Promise<Customer> {
  const { page } = await play.seat('fi', { timezoneId: zone });
  const shop = `${play.desk.url}/some-page`;
  await page.route(shop, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: embed }));
  const customer = new Customer(page, 'fi');
  await customer.open(shop);
  return customer;
}

test('with nobody there: a call is promised, can be seen after a reload, and can be cancelled', async () => {
  const marja = await customer();
  await marja.say('Laskussa on outo rivi');
  await marja.person.click();
  await marja.dialog.getByRole('heading', { name: 'Juuri nyt paikalla ei ole ketään.' }).waitFor();
  expect(await marja.dialog.getByText('Ihmiset palaavat huomenna klo 8').count()).toBeGreaterThan(1);
  const frame = marja.page.frames().find((each) => each.url().includes('/widget/'));
  expect(frame && (await findings(frame))).toEqual([]);

  await marja.dialog.getByRole('button', { name: 'Soittakaa minulle' }).click();
  await marja.dialog.getByRole('button', { name: 'Huomenna klo 8–9' }).click();
  await marja.dialog.getByRole('textbox', { name: 'Puhelinnumero' }).fill('040 123 4567');
  await marja.dialog.getByRole('button', { name: 'Varaa soitto' }).click();
  await marja.dialog.getByRole('heading', { name: 'Soitamme huomenna klo 8–9.' }).waitFor();

  await marja.page.reload();
  await marja.resume();
  await marja.dialog.getByRole('heading', { name: 'Soitamme huomenna klo 8–9.' }).waitFor();
  await marja.dialog.getByRole('button', { name: 'Peru soitto' }).click();
  await marja.reads(/Soitto on peruttu/);
  await until('the call to be gone', async () => (await marja.dialog.getByRole('button', { name: 'Peru soitto' }).count()) === 0);
});

test('a message is left, and when it is answered is said where one waits', async () => {
  const marja = await customer();
  await marja.say('Takki on liian pieni');
  await marja.person.click();
  await marja.dialog.getByRole('button', { name: 'Jätän viestin' }).click();
  await marja.dialog.getByRole('textbox', { name: 'Sähköposti' }).fill('marja@posti.example');
  await marja.dialog.getByRole('textbox', { name: /Mitä haluat kertoa/ }).fill('Koko 42 olisi hyvä.');
  await marja.dialog.locator('.house form button[type=submit]').click();
  await marja.reads(/Saat siitä viestin sähköpostiisi/);
  expect(await marja.dialog.locator('header').textContent()).toContain('Viimeistään: huomenna klo 12');
});
