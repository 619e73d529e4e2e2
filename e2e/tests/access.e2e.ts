import { expect, test } from 'vitest';
import { Agent, aino } from '../agent.ts';
import { findings } from '../axe.ts';
import { picture } from '../browser.ts';
import { Customer } from '../customer.ts';
import { stage } from '../stage.ts';

const play = stage();

/** The frame that the widget runs in. */
function widgetFrame(customer: Customer) {
  const frame = customer.page.frames().find((each) => each.url().includes('/widget/'));
  if (!frame) throw new Error('the widget has no frame');
  return frame;
}

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 320],
] as const)('axe finds nothing in widget and console (%s, %d px)', async (colorScheme, width) => {
  const options = { colorScheme, viewport: { width, height: 800 } };
  const customer = new Customer((await play.seat('fi', options)).page, 'fi');
  const agent = new Agent((await play.seat('fi', options)).page, 'fi');

  await agent.page.goto(`${play.desk.url}/console/`);
  await agent.page.getByRole('button', { name: 'Kirjaudu', exact: true }).waitFor();
  expect(await findings(agent.page.mainFrame())).toEqual([]);
  await picture(agent.page, `access-${colorScheme}-${width}-signin`);
  await agent.arrive(play.desk.url, aino);
  expect(await findings(agent.page.mainFrame())).toEqual([]);

  await customer.page.goto(`${play.desk.url}/`);
  await customer.launcher.waitFor();
  expect(await findings(customer.page.mainFrame())).toEqual([]);
  await customer.open(`${play.desk.url}/`);
  await customer.say('missä mun paketti on');
  await customer.log.getByLabel('Tilausnumero').waitFor();
  expect(await findings(widgetFrame(customer))).toEqual([]);
  await picture(customer.page, `access-${colorScheme}-${width}-form`);

  await customer.say(`haluan ihmisen, ${colorScheme} ${width}`);
  await customer.reads(/Haen ihmisen/);
  expect(await findings(widgetFrame(customer))).toEqual([]);
  if (width > 480) expect(await findings(customer.page.mainFrame())).toEqual([]); // on a small screen nothing of the page is within reach behind the chat

  await agent.take(`${colorScheme} ${width}`);
  await agent.reply('Hei, Aino tässä');
  await agent.reads('Hei, Aino tässä');
  expect(await agent.page.getByRole('button', { name: 'Uusia viestejä' }).count()).toBe(0); // what one wrote is on the screen
  await customer.reads('Hei, Aino tässä');
  expect(await findings(agent.page.mainFrame())).toEqual([]);
  expect(await findings(widgetFrame(customer))).toEqual([]);
  await picture(agent.page, `access-${colorScheme}-${width}-console`);
  await picture(customer.page, `access-${colorScheme}-${width}-person`);

  // What opens on top: settings and rating of the widget, windows and menus of the console.
  await customer.frame.getByRole('button', { name: 'Asetukset' }).click();
  await customer.frame.getByText('Tekstin koko').first().waitFor();
  expect(await findings(widgetFrame(customer))).toEqual([]);
  await picture(customer.page, `access-${colorScheme}-${width}-settings`);
  await customer.frame.getByRole('button', { name: 'Takaisin keskusteluun' }).click();
  for (const [key, name] of [['t', 'Siirrä keskustelu'], ['s', 'Torkuta keskustelu'], ['?', 'Näppäimet'], ['/', 'Etsi tai tee jotain']] as const) {
    await agent.log.press(key);
    const dialog = agent.page.getByRole('dialog', { name });
    await dialog.waitFor();
    expect(await findings(agent.page.mainFrame())).toEqual([]);
    expect(await dialog.evaluate((it) => it.scrollWidth - it.clientWidth), `${name}: no line runs out of the window`).toBeLessThanOrEqual(0);
    await picture(agent.page, `access-${colorScheme}-${width}-${name.split(' ')[0]?.toLowerCase()}`);
    await agent.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }

  // Nothing runs out of the page sideways.
  for (const frame of [agent.page.mainFrame(), widgetFrame(customer)]) {
    expect(await frame.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  }

  await agent.button('resolve').click();
  await customer.dialog.getByRole('form', { name: 'Miten meni?' }).waitFor();
  expect(await findings(widgetFrame(customer))).toEqual([]);
  expect(await findings(agent.page.mainFrame())).toEqual([]);
});

test('who prefers less motion gets none', async () => {
  const customer = new Customer((await play.seat('fi', { reducedMotion: 'reduce' })).page, 'fi');
  await customer.open(`${play.desk.url}/`);
  await customer.say('hei');
  await customer.reads(/Miten voin auttaa|Mitä asiasi koskee/);
  const moving = await widgetFrame(customer).evaluate(() => document.getAnimations().filter((each) => Number(each.effect?.getComputedTiming().duration ?? 0) > 1).length);
  expect(moving).toBe(0);
});
