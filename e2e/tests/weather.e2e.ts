import { expect, test } from 'vitest';
import { Agent, aino } from '../agent.ts';
import { picture } from '../browser.ts';
import { Customer } from '../customer.ts';
import { names } from '../names.ts';
import { Path } from '../path.ts';
import { stage } from '../stage.ts';
import { until } from '../until.ts';

const play = stage();
const fi = names.fi;

test('a reload in the middle changes nothing on the screen', async () => {
  const customer = await play.customer('fi');
  await customer.say('kauanko toimitus kestää');
  await customer.reads(/2–4 arkipäiv/);
  const before = await customer.log.getByRole('listitem').or(customer.log.locator('.bubble')).allInnerTexts();

  await customer.page.reload();
  await customer.resume();
  await customer.reads(/2–4 arkipäiv/);
  expect(await customer.times('kauanko toimitus kestää')).toBe(1);
  expect(await customer.log.getByRole('listitem').or(customer.log.locator('.bubble')).allInnerTexts()).toEqual(before);
});

test('what is written without a network goes out once when it is back', async () => {
  const path = await Path.to(play.desk.port);
  const agent = await play.agent('fi');
  const customer = await play.customer('fi', `${path.url}/`);
  await customer.person.click();
  await customer.reads(/Haen ihmisen/);
  await agent.take(/Pyysi ihmistä|pyysi ihmistä/);

  path.cut();
  await customer.dialog.getByText(/Ei yhteyttä/).first().waitFor({ timeout: 40_000 });
  await customer.say('yksi');
  await customer.say('kaksi');
  await agent.reply('oletko vielä siellä');
  await customer.page.goto('about:blank'); // they leave the page before the network is back
  path.mend();
  await customer.page.goto(`${path.url}/`);
  await customer.resume();

  await customer.reads('oletko vielä siellä', 40_000);
  await agent.reads('kaksi', 40_000);
  for (const line of ['yksi', 'kaksi', 'oletko vielä siellä']) {
    expect([line, await agent.times(line), await customer.times(line)]).toEqual([line, 1, 1]);
  }
  await path.close();
});

test('an agent whose network fails goes on writing, and misses nothing', async () => {
  const path = await Path.to(play.desk.port);
  const agent = await play.agent('fi', aino, path.url);
  const customer = await play.customer('fi');
  await customer.say('haluan ihmisen, verkko katkeaa');
  await agent.take('haluan ihmisen, verkko katkeaa');

  path.cut();
  await agent.page.getByText(/Ei yhteyttä/).first().waitFor({ timeout: 40_000 });
  await agent.reply('kirjoitin tämän junassa');
  await customer.say('näkyykö tämä');
  await customer.say('ja tämä');
  path.mend();

  await customer.reads('kirjoitin tämän junassa', 40_000);
  await agent.reads('ja tämä', 40_000);
  for (const line of ['kirjoitin tämän junassa', 'näkyykö tämä', 'ja tämä']) {
    expect([line, await agent.times(line), await customer.times(line)]).toEqual([line, 1, 1]);
  }
  await path.close();
});

test('two windows of an agent show the same, and either may answer', async () => {
  const agent = await play.agent('fi');
  const customer = await play.customer('fi');
  await customer.say('haluan ihmisen, kaksi ikkunaa');
  await agent.take('haluan ihmisen, kaksi ikkunaa');
  const twin = new Agent(await agent.page.context().newPage(), 'fi');
  await twin.page.goto(`${play.desk.url}/console/`);
  await twin.mine.getByRole('listitem').filter({ hasText: 'kaksi ikkunaa' }).first().getByRole('button').first().click();
  await twin.reply('tästä ikkunasta');
  await agent.reads('tästä ikkunasta');
  await agent.reply('ja tästä');
  await twin.reads('ja tästä');
  await customer.reads('ja tästä');
  for (const line of ['tästä ikkunasta', 'ja tästä']) {
    expect([line, await agent.times(line), await twin.times(line), await customer.times(line)]).toEqual([line, 1, 1, 1]);
  }
});

test('a killed and restarted desk loses nothing on either screen', async () => {
  const agent = await play.agent('fi');
  const customer = await play.customer('fi');
  await customer.say('haluan puhua ihmiselle');
  await agent.take('haluan puhua ihmiselle');
  await agent.reply('Hei, miten voin auttaa?');
  await customer.reads('Hei, miten voin auttaa?');

  await play.desk.kill();
  await customer.say('kirjoitin tämän katkon aikana');
  await agent.replyBox.fill('ja minä tämän');
  await agent.send.click();
  await play.desk.up();

  await agent.reads('kirjoitin tämän katkon aikana', 40_000);
  await customer.reads('ja minä tämän', 40_000);
  await agent.reply('kaikki tallella');
  await customer.reads('kaikki tallella');
  for (const line of ['haluan puhua ihmiselle', 'Hei, miten voin auttaa?', 'kirjoitin tämän katkon aikana', 'ja minä tämän', 'kaikki tallella']) {
    expect([line, await agent.times(line), await customer.times(line)]).toEqual([line, 1, 1]);
  }
});

test('a desk that is asked to end does so, and its clients come back to the next', async () => {
  const customer = await play.customer('fi');
  await customer.say('onko teillä kofeiinitonta');
  await customer.reads(/kofeiiniton/);
  expect(await play.desk.terminate()).toBe(0);
  await play.desk.up();
  await customer.say('kauanko toimitus kestää');
  await customer.reads(/2–4 arkipäiv/, 40_000);
  expect(await customer.times('onko teillä kofeiinitonta')).toBe(1);
});

test('a chat that cannot be opened says so and leaves the page alone, and the next press tries again', async () => {
  const { page } = await play.seat('fi', { viewport: { width: 360, height: 640 } });
  const customer = new Customer(page, 'fi');
  await page.goto(`${play.desk.url}/`);
  await play.desk.kill();
  await customer.launcher.click();
  await page.getByRole('status').getByText('Chat ei nyt vastaa').waitFor();
  expect(await page.locator('iframe').count()).toBe(0);
  expect(await customer.launcher.isVisible()).toBe(true);
  await picture(page, 'chat-away');
  await play.desk.up();
  await customer.launcher.click();
  await customer.message.waitFor();
  await customer.say('kauanko toimitus kestää');
  await customer.reads(/2–4 arkipäiv/);
});

test('two tabs of a customer show the same, each line once', async () => {
  const customer = await play.customer('fi');
  const twin = new Customer(await customer.page.context().newPage(), 'fi');
  await twin.open(`${play.desk.url}/`);

  await customer.say('onks teillä kofeiinitonta');
  await twin.reads('onks teillä kofeiinitonta');
  await twin.reads(/kofeiiniton/);
  await twin.say('entä kauanko toimitus kestää');
  await customer.reads('entä kauanko toimitus kestää');
  await customer.reads(/2–4 arkipäiv/);
  await until('the same log in both', async () => (await customer.log.innerText()) === (await twin.log.innerText()));
  for (const line of ['onks teillä kofeiinitonta', 'entä kauanko toimitus kestää']) {
    expect([await customer.times(line), await twin.times(line)]).toEqual([1, 1]);
  }
});

test('a draft of the agent outlives a reload', async () => {
  const agent = await play.agent('fi');
  const customer = await play.customer('fi');
  await customer.say('haluan puhua ihmiselle, luonnos');
  await agent.take('haluan puhua ihmiselle, luonnos');
  await agent.replyBox.fill('Hetki, katson');
  await agent.page.reload();
  await agent.mine.getByRole('listitem').filter({ hasText: /luonnos|Hetki, katson/ }).first().getByRole('button').first().click();
  await until('the draft', async () => (await agent.page.getByRole('textbox', { name: fi.reply, exact: true }).inputValue()) === 'Hetki, katson');
});
