// Takes pictures of the widget in every state, and runs axe over each: `npm run look -w widget -- DIR`.
// Exit 1 if axe finds a fault, or the page reports a breach of its policy.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { Desk } from './desk.mjs';

const out = process.argv[2] ?? 'pictures';
mkdirSync(out, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let faults = 0;

async function shoot(name, { lang = 'fi', width = 380, height = 640, colorScheme = 'light', size, contrast, path, hash } = {}, play) {
  const desk = new Desk();
  desk.pace = 0;
  const url = await desk.listen();
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'fi-FI', reducedMotion: 'reduce', bypassCSP: false });
  const page = await context.newPage();
  page.on('console', (m) => { if (m.type() === 'error' && !m.text().includes('ERR_CONNECTION_REFUSED')) { faults++; console.log(name, m.text()); } });
  page.on('pageerror', (e) => { faults++; console.log(name, e.message); });
  if (size || contrast) await page.addInitScript(([s, c]) => localStorage.setItem('kohta.prefs', JSON.stringify({ size: s, contrast: c })), [size, contrast]);
  await page.goto(`${url}${path ?? '/widget/'}?site=demo&lang=${lang}${hash ?? ''}`);
  await page.getByRole(hash && hash !== '#good' ? 'heading' : 'textbox').first().waitFor();
  const say = async (text) => {
    await page.getByRole('textbox').last().fill(text);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(80);
  };
  await play({ desk, page, say, context });
  await page.waitForTimeout(200);
  await page.screenshot({ path: `${out}/${name}.png` });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  for (const v of violations) {
    faults++;
    console.log(name, v.id, v.help, v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | '));
  }
  const over = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll('.log-in, .settings')].some((e) => e.scrollWidth > e.clientWidth + 1));
  if (over) { faults++; console.log(name, 'wider than the window'); }
  await context.close();
  desk.sockets.close();
  desk.server.closeAllConnections();
  desk.server.close();
}

const greet = ({ say }) => say('moi');
const form = async ({ say, page }) => {
  await say('paketti parcel');
  const [number, email] = [page.locator('form.card input').first(), page.locator('form.card input').last()];
  await number.fill('10482');
  await email.fill('marja@posti.example');
  await page.locator('form.card .btn-main').click();
  await page.waitForTimeout(150);
};
const line = ({ say }) => say('ihminen person människa');
const crisis = ({ say }) => say('en jaksa enää tätä, en näe syytä jatkaa, orkar inte, go on');
const person = async (o) => {
  await line(o);
  const { me, talk } = o.desk.one;
  o.desk.person(me, talk);
  await o.page.waitForTimeout(100);
};
const talked = async (o) => {
  await person(o);
  await o.say('Kiitos. Saanko siitä kuitin?');
  const { me, talk } = o.desk.one;
  o.desk.tell(me, { type: 'signal', kind: 'read', conversation: talk.snapshot.conversation, by: 'agent', seq: talk.log.length });
  o.desk.tell(me, { type: 'signal', kind: 'typing', conversation: talk.snapshot.conversation, from: { role: 'agent', name: 'Aino Lahti' } });
};
const offline = async (o) => {
  await person(o);
  o.desk.sockets.close();
  for (const ws of o.desk.sockets.clients) ws.terminate();
  o.desk.server.closeAllConnections();
  await new Promise((resolve) => { o.desk.server.close(resolve); });
  await o.page.waitForTimeout(2300);
  await o.say('The one at the station would be best');
  await o.say('And can my sister collect it for me?');
};
const rating = async (o) => {
  await person(o);
  const { me, talk } = o.desk.one;
  o.desk.close(me, talk, 'agent');
  await o.page.waitForTimeout(100);
  await o.page.locator('.rate label').nth(3).click();
};
const settings = async (o) => {
  await greet(o);
  await o.page.locator('.who .btn-icon').first().click();
};
const night = ({ say }) => say('yö natt night');
const pick = async ({ page }, i) => {
  await page.locator('.house .options .btn').nth(i).click();
  await page.waitForTimeout(150);
};
const leave = async (o) => {
  await night(o);
  await pick(o, 0);
  await o.page.locator('.house input').fill('marja@');
  await o.page.locator('.house .btn-main').click();
  await o.page.waitForTimeout(100);
};
const times = async (o) => {
  await night(o);
  await pick(o, 1);
};
const called = async (o) => {
  await times(o);
  await pick(o, 0);
  await o.page.locator('.house input').fill('040 123 4567');
  await o.page.locator('.house .btn-main').click();
  await o.page.waitForTimeout(150);
};
const longer = async (o) => {
  await line(o);
  o.desk.longer(o.desk.one.me, o.desk.one.talk);
};
const house = (kind, fields) => ({ me, talk, desk }) => desk.event(me, talk, kind, { from: { role: 'system' }, ...fields });
const lost = async (o) => {
  await talked(o);
  const { me, talk } = o.desk.one;
  const at = { ...o, me, talk };
  house('message', { text: 'Autoimmeko sinua tässä? Kirjoita, jos jokin jäi auki.' })(at);
  talk.snapshot.state = 'waiting';
  house('unassigned', { reason: 'agent_lost', agent: talk.snapshot.agent })(at);
  o.desk.tell(me, { type: 'signal', kind: 'line', conversation: talk.snapshot.conversation, position: 1, wait: null });
};
const silent = async (o) => {
  await talked(o);
  const { me, talk } = o.desk.one;
  house('message', { text: 'Suljemme keskustelun nyt. Kirjoita milloin vain, jatkamme tästä.' })({ ...o, me, talk });
  talk.snapshot.state = 'closed';
  house('closed', { by: 'system' })({ ...o, me, talk });
};
const long = async (o) => {
  await o.page.getByRole('textbox').fill('ä'.repeat(9000));
  await o.page.keyboard.press('Enter');
};
const letter = { path: '/chat/', hash: '#good' };
const expired = { path: '/chat/', hash: '#old' };
const wish = process.argv[3];
const shots = [
  ['empty', {}, async () => undefined], ['greet', {}, greet], ['form', {}, form], ['line', {}, line], ['person', {}, talked], ['crisis', {}, crisis],
  ['offline-en', { lang: 'en' }, offline], ['rating-sv', { lang: 'sv' }, rating], ['settings', {}, settings], ['long', {}, long],
  ['greet-dark', { colorScheme: 'dark' }, greet], ['form-dark', { colorScheme: 'dark' }, form], ['line-dark', { colorScheme: 'dark' }, line],
  ['person-dark', { colorScheme: 'dark' }, talked], ['crisis-dark', { colorScheme: 'dark' }, crisis], ['rating-dark', { colorScheme: 'dark' }, rating], ['settings-dark', { colorScheme: 'dark' }, settings],
  ['form-320', { width: 320, height: 568, lang: 'en' }, form], ['line-320', { width: 320, height: 568, lang: 'sv' }, line], ['person-320', { width: 320, height: 568 }, talked],
  ['rating-320', { width: 320, height: 568 }, rating], ['settings-320', { width: 320, height: 568, lang: 'sv' }, settings],
  ['night', {}, night], ['night-dark', { colorScheme: 'dark' }, night], ['night-320', { width: 320, height: 568, lang: 'sv' }, night], ['night-xl', { size: 'xl', lang: 'en' }, night],
  ['leave', {}, leave], ['leave-dark', { colorScheme: 'dark' }, leave], ['leave-320', { width: 320, height: 568 }, leave], ['leave-320-xl', { width: 320, height: 568, size: 'xl' }, leave],
  ['times', {}, times], ['times-320-xl', { width: 320, height: 568, size: 'xl', lang: 'sv' }, times], ['called', {}, called], ['called-dark', { colorScheme: 'dark', lang: 'en' }, called], ['called-320', { width: 320, height: 568, lang: 'sv' }, called],
  ['longer', {}, longer], ['longer-dark', { colorScheme: 'dark' }, longer], ['longer-320', { width: 320, height: 568, lang: 'sv' }, longer], ['longer-320-xl', { width: 320, height: 568, size: 'xl' }, longer],
  ['lost', {}, lost], ['lost-dark', { colorScheme: 'dark' }, lost], ['silent', {}, silent], ['expired', expired, async () => undefined], ['expired-320-xl', { ...expired, width: 320, height: 568, size: 'xl', lang: 'sv' }, async () => undefined],
  ['letter', { ...letter, width: 390, height: 780 }, called], ['letter-wide', { ...letter, width: 1200, height: 700 }, talked], ['letter-settings', { ...letter, width: 390, height: 780 }, settings],
  ['person-xl', { size: 'xl' }, talked], ['line-320-xl', { width: 320, height: 568, size: 'xl' }, line], ['rating-320-xl', { width: 320, height: 568, size: 'xl' }, rating], ['form-contrast', { contrast: 'more' }, form],
];
for (const [name, options, play] of shots) if (!wish || name.startsWith(wish)) await shoot(name, options, play);
await browser.close();
console.log(faults === 0 ? 'no faults' : `${faults} faults`);
process.exit(faults ? 1 : 0);
