import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { aino, type Agent, sari, ville } from '../agent.ts';
import { findings } from '../axe.ts';
import { picture } from '../browser.ts';
import { Customer } from '../customer.ts';
import { Path } from '../path.ts';
import { stage } from '../stage.ts';
import { until } from '../until.ts';

// How conversations come to the hands of agents, and leave them: at the console, before the real desk.

const letters = async (agent: Agent, ...keys: string[]): Promise<void> => {
  await agent.page.locator('#talk').focus();
  for (const key of keys) await agent.page.keyboard.press(key);
};
const news = (page: Page) => page.getByLabel(/^Huomioitavaa/);
const clean = async (page: Page): Promise<void> => expect(await findings(page.mainFrame())).toEqual([]);

describe('by hand', () => {
  const play = stage();

  test('the next in line is taken by its key, in the order of the line', async () => {
    const agent = await play.agent('fi', sari);
    const first = await play.customer('fi');
    await first.say('haluan ihmisen, olen ensimmäinen');
    await agent.waiting.getByText('olen ensimmäinen').waitFor();
    const second = await play.customer('fi');
    await second.say('haluan ihmisen, olen toinen');
    await agent.waiting.getByText('olen toinen').waitFor();
    await letters(agent, 'x');
    await agent.button('resolve').waitFor();
    await agent.reads('haluan ihmisen, olen ensimmäinen');
    await agent.reply('Hei.');
    await first.reads('Hei.');
    await agent.button('resolve').click();
    await agent.page.getByRole('button', { name: 'Ota seuraava' }).click();
    await agent.reads('haluan ihmisen, olen toinen');
    await agent.button('resolve').click();
    await second.reads(/päättyi|päätti|Miten meni/);
  });

  test('passed on to a person who does not take it: it is mine again, and I know why', async () => {
    const agent = await play.agent('fi', aino);
    const other = await play.agent('fi', ville);
    const customer = await play.customer('fi');
    await customer.say('haluan ihmisen, siirrettävä asia');
    await agent.take('siirrettävä asia');
    await agent.transfer(/Ville/, 'tunnet tämän paremmin');
    await agent.page.getByRole('list', { name: 'Siirretty, odottaa vastausta' }).getByText('kysytty: Ville').waitFor();

    const card = other.page.getByRole('region', { name: 'Sinulle' });
    await card.getByText('Aino siirtää tämän sinulle.').waitFor();
    await card.getByText('tunnet tämän paremmin').waitFor(); // her word stands on the card
    await clean(other.page);
    await letters(other, 'g', 'd');
    await picture(other.page, 'taking-why-not');
    await clean(other.page);
    await card.getByRole('button', { name: 'Ei ole alaani' }).click();
    await card.waitFor({ state: 'detached' });

    await news(agent.page).and(agent.page.getByLabel('Huomioitavaa, 1 uusi')).click();
    await agent.page.getByText(/Ville ei voinut ottaa keskustelua\. Se on taas sinulla: .*Ei ole alaani\./).last().waitFor();
    await clean(agent.page);
    await agent.page.getByRole('button', { name: 'Avaa' }).click();
    await agent.page.getByText(/^Ville \S+ ei voinut ottaa keskustelua\. Se on taas sinulla\.$/).waitFor();
    await agent.reply('Hoidan sen itse.');
    await customer.reads('Hoidan sen itse.');
    await agent.button('resolve').click();
  });

  test('a colleague is called in with a word, writes a note, and goes; the customer sees nothing of it', async () => {
    const agent = await play.agent('fi', aino);
    const other = await play.agent('fi', ville);
    const customer = await play.customer('fi');
    await customer.say('haluan ihmisen, outo ääni myllyssä');
    await agent.take('outo ääni');
    await agent.reply('Kysyn kollegalta.');
    await customer.reads('Kysyn kollegalta.');
    await letters(agent, 'i');
    const dialog = agent.page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /Ville/ }).check({ force: true });
    await dialog.getByRole('textbox').fill('tunnistatko äänen?');
    await clean(agent.page);
    await dialog.getByRole('button', { name: 'Kutsu', exact: true }).click();

    await other.mine.getByText('kutsui: Aino').waitFor();
    await other.open('kutsui: Aino');
    await other.reads('tunnistatko äänen?');
    await other.reads('outo ääni');
    expect(await other.send.getAttribute('aria-disabled')).toBe('true');
    await other.note('laakeri on kulunut');
    await agent.reads('laakeri on kulunut');
    await picture(other.page, 'taking-called-in');
    await clean(other.page);
    await other.page.getByRole('button', { name: 'Poistu keskustelusta' }).click();
    await until('it left the list', async () => (await other.mine.getByRole('listitem').count()) === 0);
    await agent.reads(/Poistui keskustelusta: Ville/);
    for (const secret of ['tunnistatko äänen?', 'laakeri on kulunut']) expect(await customer.frame.getByText(secret).count()).toBe(0);
    await agent.button('resolve').click();
  });

  test('asleep, and back with a stale fence: what happened meanwhile is told, and the words are kept', async () => {
    const path = await Path.to(play.desk.port);
    const sleeper = await play.agent('fi', aino, path.url);
    const other = await play.agent('fi', ville);
    const customer = await play.customer('fi');
    await customer.say('haluan ihmisen, kone nukahtaa');
    await sleeper.take('kone nukahtaa');
    await sleeper.reply('Hetki, tarkistan.');
    await customer.reads('Hetki, tarkistan.');
    path.cut();
    await sleeper.page.getByText(/Ei yhteyttä/).first().waitFor();
    await sleeper.reply('Tarkistin, kaikki on kunnossa.');

    await until('the conversation is to be had', async () => (await other.waiting.or(other.page.locator('.item')).getByText(/kone nukahtaa|Hetki, tarkistan/).count()) > 0, 90_000);
    await other.take(/kone nukahtaa|Hetki, tarkistan/);
    await other.reply('Ville tässä, jatkan tästä.');
    await customer.reads('Ville tässä, jatkan tästä.');

    path.mend();
    await sleeper.page.getByRole('button', { name: 'Yritä nyt' }).click();
    const notice = sleeper.page.locator('.notice');
    await notice.getByText(/on ottanut tämän keskustelun/).waitFor({ timeout: 30_000 });
    await notice.getByText(/^\S+ Ville \S+ vastasi$/).waitFor();
    await picture(sleeper.page, 'taking-slept');
    await clean(sleeper.page);
    expect(await sleeper.replyBox.inputValue()).toBe('Tarkistin, kaikki on kunnossa.');
    expect(await customer.frame.getByText('Tarkistin, kaikki on kunnossa.').count()).toBe(0);
    await path.close();
  });
});

describe('by offer', () => {
  const minna = { email: 'minna@kohta.example', password: 'kahvia-ja-pullaa', name: 'Minna Salo' };
  const oskar = { email: 'oskar@kohta.example', password: 'kahvia-ja-pullaa', name: 'Oskar Lind' };
  const play = stage({
    before: async (desk) => {
      for (const agent of [minna, oskar]) await desk.command(['agent', 'add', agent.email, '--name', agent.name], `${agent.password}\n`);
    },
    demo: false,
  });
  const customer = async (words: string) => {
    const { page } = await play.seat('fi');
    const shop = `${play.desk.url}/some-page`;
    await page.route(shop, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: '<!doctype html><html lang="fi"><title>Sivu</title><script src="/widget.js" data-site="default" async></script><h1>Sivu</h1></html>' }));
    const one = new Customer(page, 'fi');
    await one.open(shop);
    await one.say(words);
    await one.person.click();
    return one;
  };

  test('an offer is announced once, accepted by its key in its card, and answers nothing elsewhere', async () => {
    await play.desk.command(['team', 'set', 'support', '--assignment', 'offer', '--offer', '20s']);
    const agent = await play.agent('fi', minna);
    const marja = await customer('Laskussa on outo rivi');
    const card = agent.page.getByRole('region', { name: 'Sinulle' });
    await card.waitFor({ timeout: 30_000 });
    await agent.page.getByRole('status').filter({ hasText: 'Sinulle tarjotaan keskustelua' }).waitFor({ state: 'attached' });
    await letters(agent, 'a');
    expect(await card.count()).toBe(1);
    await letters(agent, 'g', 'a');
    await card.waitFor({ state: 'detached' });
    await agent.reply('Hei, katsotaan laskua.');
    await marja.reads('Hei, katsotaan laskua.');
    await agent.button('resolve').click();
    await until('closed', async () => (await agent.mine.getByRole('listitem').count()) === 0);
  });

  test('who declines says why; who is busy is offered nothing; who lets offers go by is told so', async () => {
    await play.desk.command(['team', 'set', 'support', '--assignment', 'offer', '--offer', '4s', '--cooldown', '3s']);
    const busy = await play.agent('fi', oskar);
    await busy.status.selectOption('busy');
    const agent = await play.agent('fi', minna);
    const marja = await customer('Tarvitsen apua tilauksen kanssa');
    const card = agent.page.getByRole('region', { name: 'Sinulle' });
    await card.waitFor({ timeout: 30_000 });
    await news(agent.page).and(agent.page.getByLabel(/Huomioitavaa, \d+ uu/)).waitFor({ timeout: 30_000 });
    await agent.page.getByText(/merkitsimme sinut tauolle/).first().waitFor({ timeout: 60_000 });
    expect(await busy.page.getByRole('region', { name: 'Sinulle' }).count()).toBe(0);
    await picture(agent.page, 'taking-made-away');
    await clean(agent.page);
    await news(agent.page).click();
    await agent.page.getByText(/Tarjous meni sinulta ohi/).first().waitFor();
    await agent.page.keyboard.press('Escape');
    await agent.page.getByRole('button', { name: 'Olen paikalla' }).click();
    await until('online again', async () => (await agent.status.inputValue()) === 'online');
    await card.waitFor({ timeout: 60_000 });
    await card.getByRole('button', { name: 'En nyt' }).click();
    await card.getByLabel('Omin sanoin, jos haluat').fill('juuri lähdössä');
    await agent.page.keyboard.press('Enter');
    await card.waitFor({ state: 'detached' });
    await busy.status.selectOption('online');
    await busy.page.getByRole('region', { name: 'Sinulle' }).getByRole('button', { name: 'Otan tämän' }).click({ timeout: 60_000 });
    await busy.reads(/Ei ottanut: Minna Salo: juuri lähdössä/);
    await busy.reply('Hei, Oskar tässä.');
    await marja.reads('Hei, Oskar tässä.');
  });
});
