import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Desk } from '../../widget/dev/desk.mjs';
import { findings } from '../axe.ts';
import { launch, seat, type Seat } from '../browser.ts';
import { heard, listen } from '../ear.ts';
import { until } from '../until.ts';

// What the house says to who waits, in a real browser; the desk is a small one that says exactly what the test wants.

let browser: Browser;
let desk: Desk;
let url: string;
let taken: Seat;

beforeAll(async () => { browser = await launch(); });
afterAll(async () => { await browser.close(); });
beforeEach(async () => {
  desk = new Desk();
  desk.pace = 0;
  url = await desk.listen();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();        // the desk's: “klo 8” is the same for both
  taken = await seat(browser, 'fi', { viewport: { width: 380, height: 640 }, timezoneId: timeZone });
});
afterEach(async () => {
  await taken.context.close();
  desk.sockets.close();
  desk.server.closeAllConnections();
  desk.server.close();
  expect(taken.faults).toEqual([]);
});

/** The chat in a window of its own, as the frame is. */
async function chat(path = '/widget/?site=demo&lang=fi'): Promise<Page> {
  await taken.page.goto(url + path);
  await taken.page.getByRole('textbox', { name: 'Viesti', exact: true }).waitFor();
  return taken.page;
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Viesti', exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.id ?? '');

async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 30; i++) {
    if (await page.evaluate((wanted) => document.activeElement?.textContent?.trim() === wanted, name)) return;
    await page.keyboard.press('Shift+Tab');
  }
  throw new Error(`no way by keyboard to ${name}`);
}

test('at night, by keyboard alone: a call is booked, stands after a reload, and is cancelled', async () => {
  await listen(taken.context);
  const page = await chat();
  await say(page, 'yö');
  await page.getByRole('heading', { name: 'Juuri nyt paikalla ei ole ketään.' }).waitFor();
  expect(await page.getByText('Ihmiset palaavat huomenna klo 8').count()).toBeGreaterThan(1);        // in the card, in the head, beside the button

  await tabTo(page, 'Soittakaa minulle');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Milloin sopii?' }).waitFor();
  await tabTo(page, 'Huomenna klo 8–9');
  await page.keyboard.press('Enter');

  const phone = page.getByRole('textbox', { name: 'Puhelinnumero' });
  await phone.waitFor();
  await until('the focus to be on the number that was asked for', async () => (await focused(page)) === 'phone');
  expect([await phone.getAttribute('autocomplete'), await phone.getAttribute('type')]).toEqual(['tel', 'tel']);
  await page.keyboard.type('040');
  await page.keyboard.press('Enter');
  await page.getByText('Tarkista numero. Esimerkki: 040 123 4567').waitFor();
  expect(await phone.getAttribute('aria-invalid')).toBe('true');
  expect(await phone.evaluate((it) => document.getElementById(it.getAttribute('aria-describedby') ?? '')?.textContent)).toContain('Tarkista numero');
  await page.keyboard.press('End');
  await page.keyboard.type(' 123 4567');
  expect(await phone.getAttribute('aria-invalid')).toBeNull();
  await page.keyboard.press('Enter');

  await page.getByRole('heading', { name: 'Soitamme huomenna klo 8–9.' }).waitFor();
  expect(await page.getByText('Puhelinnumero: 040 123 4567').count()).toBe(1 + 1);        // in the log, and read aloud
  await page.reload();
  await page.getByRole('heading', { name: 'Soitamme huomenna klo 8–9.' }).waitFor();
  expect(await page.getByRole('banner').or(page.locator('header')).first().textContent()).toContain('Soitamme huomenna klo 8–9');
  await page.getByRole('button', { name: 'Peru soitto' }).click();
  await page.getByRole('heading', { name: 'Olet jonossa' }).waitFor();
  expect(await page.getByRole('button', { name: 'Peru soitto' }).count()).toBe(0);
});

test('each word of the house is heard once, with what there is to choose', async () => {
  await listen(taken.context);
  const page = await chat();
  await say(page, 'yö');
  await page.getByRole('button', { name: 'Jätän viestin' }).click();
  await page.getByRole('textbox', { name: 'Mitä haluat kertoa?' }).waitFor();
  const all = await heard(page);
  const times = (line: string) => all.filter((h) => h.includes(line)).length;
  expect(times('Juuri nyt paikalla ei ole ketään. Ihmiset palaavat huomenna klo 8.')).toBe(1);
  expect(times('Vaihtoehdot: Jätän viestin, Soittakaa minulle, Odotan')).toBe(1);
  expect(times('Sinä: Jätän viestin')).toBe(1);
  expect(times('Kirjoita viestisi. Vastaamme sähköpostiin.')).toBe(1);
  expect(times('Lomake: Sähköposti, Mitä haluat kertoa?')).toBe(1);
});

test('a message is left; what is missing is said at the field, and writing elsewhere is not disturbed', async () => {
  const page = await chat();
  await say(page, 'yö');
  await page.getByRole('button', { name: 'Jätän viestin' }).click();
  const email = page.getByRole('textbox', { name: 'Sähköposti' });
  await email.waitFor();
  expect(await email.getAttribute('autocomplete')).toBe('email');
  await email.fill('marja@');
  await page.locator('.house form button[type=submit]').click();
  await page.getByText('Tarkista osoite. Esimerkki: nimi@posti.fi').waitFor();
  expect(await page.getByText('Tämä tarvitaan.').count()).toBe(1);
  await until('the focus to be on the first fault', async () => (await focused(page)) === 'email');
  expect(await findings(page.mainFrame())).toEqual([]);
  await say(page, 'vielä yksi asia');
  await until('the words to be delivered', async () => (await page.getByText('vielä yksi asia').count()) > 1);
  expect(await email.inputValue()).toBe('marja@');        // other words leave the form as it is
  await email.fill('marja@posti.example');
  await page.getByRole('textbox', { name: 'Mitä haluat kertoa?' }).fill('Takki on\nliian pieni.');
  await page.locator('.house form button[type=submit]').click();
  await page.getByText('Kiitos. Vastaamme sähköpostiisi huomenna.').first().waitFor();
  expect(await page.locator('header').first().textContent()).toContain('Viimeistään: huomenna klo 8');
});

test('the place and the wait change in their place, and are read once a minute at most', async () => {
  await listen(taken.context);
  await taken.page.clock.install();
  const page = await chat();
  await say(page, 'ihminen');
  await page.getByRole('heading', { name: 'Olet jonossa toisena' }).waitFor();
  const { me, talk } = desk.one;
  const signal = (position: number, low_s: number, high_s: number) =>
    desk.tell(me, { type: 'signal', kind: 'line', conversation: talk.snapshot.conversation, position, wait: { low_s, high_s } });
  const places = async () => (await heard(page)).filter((h) => h.startsWith('Olet jonossa'));
  expect(await places()).toEqual(['Olet jonossa toisena. Vastaus noin 2–4 minuutin päästä']);

  const card = page.locator('.house');
  const before = await card.boundingBox();
  signal(2, 60, 180);
  await page.getByText('Vastaus noin 1–3 minuutin päästä').first().waitFor();
  expect(await card.boundingBox()).toEqual(before);
  signal(1, 60, 120);
  await page.getByRole('heading', { name: 'Olet jonossa ensimmäisenä' }).waitFor();
  expect(await places()).toHaveLength(1);        // a minute has not passed
  await page.clock.fastForward(61_000);
  await until('the new place to be read', async () => (await places()).length === 2);
  expect((await places())[1]).toBe('Olet jonossa ensimmäisenä. Vastaus noin 1–2 minuutin päästä');
});

test('past the range the house says so, gives a new one, and offers more than to wait', async () => {
  const page = await chat();
  await say(page, 'ihminen');
  await page.getByRole('heading', { name: 'Olet jonossa toisena' }).waitFor();
  desk.longer(desk.one.me, desk.one.talk);
  await page.getByText('Uusi arvio: 5–10 minuuttia').first().waitFor();
  await page.getByText('Vastaus noin 5–10 minuutin päästä').first().waitFor();
  await page.getByRole('button', { name: 'Odotan' }).click();
  await until('the choice to be settled', async () => (await page.getByRole('button', { name: 'Odotan' }).count()) === 0);
  await page.getByRole('heading', { name: 'Olet jonossa ensimmäisenä' }).waitFor();
  expect(await page.locator('.turn-me').getByText('Odotan').count()).toBe(1);
});

const kept = (context: BrowserContext): Promise<string> =>
  context.storageState().then(({ origins }) => JSON.stringify(origins.map((o) => o.localStorage)));

test("a letter's link: the token leaves the address at once, is this page's identity alone, and lasts", async () => {
  const asked: string[] = [];
  taken.page.on('request', (request) => asked.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
  const page = await chat('/chat/?site=demo&lang=fi#good');
  expect(page.url()).toBe(`${url}/chat/?site=demo&lang=fi`);
  expect(asked.filter((each) => each.includes('good'))).toEqual([]);
  await page.goBack().catch(() => null);
  expect(page.url()).not.toContain('good');
  await page.goto(`${url}/chat/?site=demo&lang=fi`);
  await say(page, 'moi');
  await page.getByRole('button', { name: 'Lasku tai maksu' }).waitFor();
  await page.reload();
  await page.getByText('Autan tilauksissa').first().waitFor();        // the same visitor
  expect(await page.getByRole('button', { name: 'Sulje chat' }).count()).toBe(0);        // there is nothing behind it
  const store = await kept(taken.context);
  expect(store).toContain('kohta.demo/chat.link');
  expect(store).not.toContain('kohta.demo.token');
});

test('a link that is no longer good: said kindly, and a way on', async () => {
  await taken.page.goto(`${url}/chat/?site=demo&lang=fi#old`);
  const page = taken.page;
  await page.getByRole('heading', { name: 'Tämä linkki ei enää toimi' }).waitFor();
  expect(page.url()).not.toContain('old');
  expect(desk.visitors.size).toBe(0);        // nobody became another visitor unasked
  expect(await findings(page.mainFrame())).toEqual([]);
  await page.getByRole('button', { name: 'Aloita uusi keskustelu' }).click();
  await say(page, 'moi');
  await page.getByText('Autan tilauksissa').first().waitFor();
  await page.reload();
  await page.getByText('Autan tilauksissa').first().waitFor();
});

test('the letters are stopped from the page, and with them the link', async () => {
  const page = await chat('/chat/?site=demo&lang=fi#good');
  const [stopped] = await Promise.all([
    page.waitForRequest((request) => request.url().endsWith('/api/v1/links/stop')),
    page.getByRole('button', { name: 'Asetukset' }).click().then(() => page.getByRole('button', { name: 'Lopeta sähköpostit' }).click()),
  ]);
  expect(stopped.postDataJSON()).toEqual({ link: 'good' });
  await page.getByRole('heading', { name: 'Tämä linkki ei enää toimi' }).waitFor();
  expect(await kept(taken.context)).not.toContain('good');
});
