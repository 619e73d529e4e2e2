import { expect, test } from 'vitest';
import { type Agent, ville } from '../agent.ts';
import { picture } from '../browser.ts';
import { stage } from '../stage.ts';
import { until } from '../until.ts';

const play = stage();

test('a note stays among agents, and a transfer brings it to the colleague', async () => {
  const aino = await play.agent('fi');
  const other = await play.agent('fi', ville);
  const customer = await play.customer('fi');
  await customer.say('haluan ihmisen, espressokeitin vuotaa');
  await aino.take('espressokeitin vuotaa');
  await aino.reply('Hei, Aino tässä. Ville tuntee keittimet, siirrän hänelle.');
  await customer.reads(/Ville tuntee keittimet/);

  await aino.note('takuu loppui maaliskuussa');
  await aino.reads('takuu loppui maaliskuussa');
  await aino.transfer(/Ville/, 'letku on vaihdettu kerran');
  await until('it left me', async () => (await aino.mine.getByRole('listitem').count()) === 0);
  await customer.reads(/siirsi keskustelun eteenpäin/);

  await other.open(/espressokeitin vuotaa|Ville tuntee/);
  if (await other.button('take').isVisible()) await other.button('take').click();
  await other.replyBox.waitFor();
  await other.reads('takuu loppui maaliskuussa');
  await other.reads('letku on vaihdettu kerran');
  await picture(other.page, 'hands-note');
  await other.reply('Hei, Ville tässä.');
  await customer.reads('Hei, Ville tässä.');
  for (const secret of ['takuu loppui maaliskuussa', 'letku on vaihdettu kerran']) expect(await customer.frame.getByText(secret).count()).toBe(0);
});

test('two who reach for the same customer: one gets it, the other is told', async () => {
  const aino = await play.agent('fi');
  const other = await play.agent('fi', ville);
  const customer = await play.customer('fi');
  await customer.say('haluan ihmisen, sama asiakas');
  for (const agent of [aino, other]) await agent.open('sama asiakas');
  // Whose button has gone before the click was too late already.
  await Promise.all([aino, other].map((agent) => agent.button('take').click({ timeout: 3_000 }).catch(() => undefined)));
  const holds = async (agent: Agent): Promise<boolean> => (await agent.mine.getByRole('listitem').filter({ hasText: 'sama asiakas' }).count()) === 1;
  const told = async (agent: Agent): Promise<boolean> => (await agent.page.getByText(/on ottanut tämän keskustelun|Hoitaa:/).count()) > 0;
  const pairs = [[aino, other], [other, aino]] as const;
  const [winner, loser] = await until('one owner, and the other told', async () => {
    for (const pair of pairs) if ((await holds(pair[0])) && !(await holds(pair[1])) && (await told(pair[1]))) return pair;
    return undefined;
  });
  await winner.reply('Minä vastaan.');
  await customer.reads('Minä vastaan.');
  expect(await holds(loser)).toBe(false);
});

test('what is given back to the line or to the bot goes on there', async () => {
  const aino = await play.agent('fi');
  const customer = await play.customer('fi');
  await customer.say('haluan ihmisen, takaisin jonoon');
  await aino.take('takaisin jonoon');
  await aino.more('Palauta jonoon');
  await aino.waiting.getByRole('listitem').filter({ hasText: 'takaisin jonoon' }).waitFor();

  await aino.take('takaisin jonoon');
  await aino.more('Anna takaisin botille');
  await customer.reads(/Botti jatkaa tästä/);
  await customer.say('kauanko toimitus kestää');
  await customer.reads(/2–4 arkipäiv/);
});

test('a customer who writes wakes what was snoozed', async () => {
  const aino = await play.agent('fi');
  const customer = await play.customer('fi');
  await customer.say('haluan ihmisen, palataan huomenna');
  await aino.take('palataan huomenna');
  await aino.reply('Palaan asiaan huomenna.');
  await customer.reads('Palaan asiaan huomenna.');
  await aino.snooze('Huomiseen');
  await customer.reads(/Jatkamme tästä/);
  await aino.mine.getByText(/torkussa/).waitFor();
  await customer.say('ehdin sittenkin nyt');
  await aino.reads('ehdin sittenkin nyt');
  await until('awake', async () => (await aino.mine.getByText(/torkussa/).count()) === 0);
  await aino.reply('Hyvä, jatketaan.');
  await customer.reads('Hyvä, jatketaan.');
});
