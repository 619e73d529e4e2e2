import { afterAll, expect, test } from 'vitest';
import { Customer } from '../customer.ts';
import { Post } from '../post.ts';
import { stage } from '../stage.ts';
import { until } from '../until.ts';

const minna = { email: 'minna@kohta.example', password: 'kahvia-ja-pullaa', name: 'Minna Salo' };
const post = await Post.start();
afterAll(() => post.stop());

// A company whose only agent is not there yet.
const play = stage({
  demo: false,
  flags: ['--smtp', post.url, '--mail-from', 'Kauppa <kauppa@kohta.example>'],
  before: async (desk) => {
    await desk.command(['agent', 'add', minna.email, '--name', minna.name], `${minna.password}\n`);
    await desk.command(['team', 'set', 'support', '--assignment', 'auto']);
  },
});

const embed = '<!doctype html><html lang="fi"><title>Sivu</title><script src="/widget.js" data-site="default" async></script><h1>Sivu</h1></html>';

test('who left a message and went gets the answer by letter, and goes on from its link on a telephone', async () => {
  const { page } = await play.seat('fi');
  const shop = `${play.desk.url}/some-page`;
  await page.route(shop, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: embed }));
  const marja = new Customer(page, 'fi');
  await marja.open(shop);
  await marja.say('Takki on liian pieni');
  await marja.person.click();
  await marja.dialog.getByRole('button', { name: 'Jätän viestin' }).click();
  await marja.dialog.getByRole('textbox', { name: 'Sähköposti' }).fill('marja@posti.example');
  await marja.dialog.locator('.house form button[type=submit]').click();
  await marja.reads(/Saat vastauksesta viestin sähköpostiisi/);
  await page.close();

  const agent = await play.agent('fi', minna);
  await agent.mine.getByRole('listitem').first().getByRole('button').first().click();
  await agent.reads('Takki on liian pieni');
  await agent.reply('Hei Marja, vaihdamme takin kokoon 42.');
  const letter = await until('the letter', () => post.letters[0], 90_000);
  expect(letter).toContain('marja@posti.example');
  expect(letter).not.toContain('vaihdamme');        // what was said stays in the chat
  const link = /https?:\/\/\S+\/chat\/\S+/.exec(letter)?.[0] ?? '';
  expect(new URL(link).hash.length).toBeGreaterThan(20);

  const telephone = (await play.seat('fi', { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true })).page;
  await telephone.goto(link);
  await telephone.getByRole('log').getByText('Hei Marja, vaihdamme takin kokoon 42.').waitFor();
  expect(telephone.url()).not.toContain('#');
  await telephone.getByRole('textbox', { name: 'Viesti', exact: true }).fill('Kiitos, sopii hyvin');
  await telephone.getByRole('button', { name: 'Lähetä', exact: true }).click();
  await agent.reads('Kiitos, sopii hyvin');
  await agent.reply('Hyvä. Paketti lähtee huomenna.');
  await telephone.getByRole('log').getByText('Hyvä. Paketti lähtee huomenna.').waitFor();

  await telephone.getByRole('button', { name: 'Asetukset' }).click();
  await telephone.getByRole('button', { name: 'Lopeta sähköpostit' }).click();
  await telephone.getByRole('heading', { name: 'Tämä linkki ei enää toimi' }).waitFor();
  await telephone.goto('about:blank');
  await telephone.goto(link);        // whoever finds the letter later
  await telephone.getByRole('heading', { name: 'Tämä linkki ei enää toimi' }).waitFor();
  await telephone.getByRole('button', { name: 'Aloita uusi keskustelu' }).click();
  await telephone.getByRole('textbox', { name: 'Viesti', exact: true }).fill('Toinen asia');
  await telephone.getByRole('button', { name: 'Lähetä', exact: true }).click();
  await telephone.getByText(/Perillä|Botti/).first().waitFor();
  expect(await telephone.getByText('vaihdamme takin').count()).toBe(0);
});
