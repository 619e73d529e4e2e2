import { expect, test } from 'vitest';
import { Customer } from '../customer.ts';
import { names } from '../names.ts';
import { stage } from '../stage.ts';
import { until } from '../until.ts';

const first = { email: 'minna@kohta.example', password: 'kahvia-ja-pullaa', name: 'Minna Salo' };
const second = { email: 'oskar@kohta.example', password: 'kahvia-ja-pullaa', name: 'Oskar Lind' };

// A desk as a new company has it: no demo, one team that assigns by itself; its agents are soon reminded.
const play = stage({
  demo: false,
  before: async (desk) => {
    for (const agent of [first, second]) await desk.command(['agent', 'add', agent.email, '--name', agent.name], `${agent.password}\n`);
    await desk.command(['team', 'set', 'support', '--assignment', 'auto', '--first-answer', '3s', '--next-answer', '3s', '--word', '3s']);
  },
});

const embed = '<!doctype html><html lang="fi"><title>Sivu</title><script src="/widget.js" data-site="default" async></script><h1>Sivu</h1></html>';

/** A customer on a page of the desk's own origin, which is all that a fresh site allows. */
async function customer(): Promise<Customer> {
  const { page } = await play.seat('fi');
  const shop = `${play.desk.url}/some-page`;
  await page.route(shop, (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: embed }),
  );
  const customer = new Customer(page, 'fi');
  await customer.open(shop);
  return customer;
}

test('who waits while nobody is there hears how it stands, and gets the first agent who comes', async () => {
  const marja = await customer();
  await marja.say('Laskussa on outo rivi');
  await marja.person.click();
  await marja.dialog.getByText(/Emme osaa vielä arvioida aikaa|paikalla ei ole ketään/).first().waitFor({ timeout: 20_000 });

  const agent = await play.agent('fi', first);
  await agent.mine.getByRole('listitem').filter({ hasText: 'Laskussa on outo rivi' }).getByRole('button').first().click();
  await agent.reply('Hei, katsotaan laskua.');
  await marja.reads('Hei, katsotaan laskua.');
  await agent.button('resolve').click();
  await until('the conversation to be closed', async () => (await agent.mine.getByRole('listitem').count()) === 0);
});

test('a team that assigns by itself gives the customer to a free agent', async () => {
  const agent = await play.agent('fi', first);
  const marja = await customer();
  await marja.say('Tarvitsen apua laskun kanssa');
  await marja.person.click();
  await agent.mine.getByRole('listitem').first().getByRole('button').first().click();
  await agent.reads('Tarvitsen apua laskun kanssa');
  await agent.reply('Hei, Minna tässä.');
  await marja.reads('Hei, Minna tässä.');
  await agent.button('resolve').click();
});

test('an agent who never answers is reminded, and then the customer goes to another', async () => {
  const silent = await play.agent('fi', first);
  const marja = await customer();
  await marja.say('Onko siellä ketään');
  await marja.person.click();
  await silent.mine.getByRole('listitem').first().getByRole('button').first().click();
  await silent.reads(/Muistutus: asiakas odottaa vastausta/, 20_000);

  const other = await play.agent('fi', second);
  await other.mine.getByRole('listitem').first().waitFor({ timeout: 30_000 });
  await other.mine.getByRole('listitem').first().getByRole('button').first().click();
  await other.reads('Onko siellä ketään');
  await other.reply('Hei, Oskar tässä. Anteeksi odotus.');
  await marja.reads('Hei, Oskar tässä. Anteeksi odotus.');
  expect(await silent.page.getByRole('button', { name: names.fi.send, exact: true }).isEnabled().catch(() => false)).toBe(false);
});
