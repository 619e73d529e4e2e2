// npm run try -w agent-ui: the built console in Chromium before the scripted desk, the way an agent goes. Exit 1 with
// the first thing that is not as it should be.
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { desk } from './desk.mjs';

const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const only = process.argv[2] ?? '';
let bad = 0;

async function way(name, run) {
  if (!name.includes(only)) return;
  const d = await desk();
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(4_000);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (m) => { if (m.type() === 'error' && /Content Security|policy/i.test(m.text())) errors.push(m.text()); });
  page.on('dialog', (dialog) => { errors.push(`a dialog: ${dialog.message()}`); void dialog.dismiss(); });
  page.on('request', (request) => { if (new URL(request.url()).host !== new URL(d.url).host && !request.url().startsWith('data:')) errors.push(`a request to ${request.url()}`); });
  try {
    await page.goto(d.url);
    await page.getByLabel('Email').fill('aino@demo.example');
    await page.getByLabel('Password').fill('kohta-demo');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('list', { name: 'My conversations' }).waitFor();
    await run(page, d, context);
    assert.deepEqual(errors, []);
    console.log(`ok  ${name}`);
  } catch (error) {
    bad++;
    console.log(`BAD ${name}: ${error.message}`);
    await page.screenshot({ path: join(tmpdir(), `kohta-try-${bad}.png`) });
  }
  await context.close();
  await d.close();
}

const item = (page, name) => page.getByRole('listitem').filter({ hasText: name }).getByRole('button').first();
const reply = (page) => page.getByRole('textbox', { name: 'Reply' });
const log = (page) => page.getByRole('log', { name: 'Messages' });

await way('the next in line is taken, answered and resolved', async (page, d) => {
  await page.getByLabel('My status').selectOption('online');
  await page.getByRole('button', { name: 'Take', exact: true }).click();
  await page.waitForFunction(() => document.activeElement?.id === 'reply');
  await page.keyboard.type('Hei. Olen tässä.');
  await page.keyboard.press('Control+Enter');
  await log(page).getByText('Hei. Olen tässä.').waitFor();
  assert.equal(await reply(page).inputValue(), '');
  await page.getByText('Read', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Resolve' }).click();
  await log(page).getByText('Resolved').waitFor();
  assert.equal(await page.getByRole('list', { name: 'Waiting' }).getByRole('listitem').count(), 3);
});

await way('the baton is open until the first reply, then folds by itself', async (page) => {
  await item(page, 'Oskari').click();
  const open = () => page.locator('.baton').evaluate((b) => b.open);
  assert.equal(await open(), true);
  await page.getByRole('button', { name: 'Take', exact: true }).click();
  await page.getByRole('button', { name: 'Resolve' }).waitFor();
  assert.equal(await open(), true);
  await reply(page).fill('Hei Oskari');
  await page.keyboard.press('Control+Enter');
  await log(page).getByText('Hei Oskari').waitFor();
  await page.waitForFunction(() => !document.querySelector('.baton').open);
  await page.locator('.baton summary').click();
  await reply(page).fill('Katson');
  await page.keyboard.press('Control+Enter');
  await log(page).getByText('Katson', { exact: true }).waitFor();
  assert.equal(await open(), true, 'what a hand opened stays open');
});

await way('the whole way by keyboard', async (page) => {
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('j');
  assert.match(await page.locator('.item[aria-current]').innerText(), /Visitor/);
  await page.keyboard.press('j');
  assert.match(await page.locator('.item[aria-current]').innerText(), /Oskari/);
  await page.keyboard.press('o');
  await page.waitForFunction(() => document.activeElement?.id === 'reply');
  await page.keyboard.type('jeesus');
  assert.equal(await reply(page).inputValue(), 'jeesus', 'letters are letters in a field');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.keyboard.type('Muista lasku');
  await page.keyboard.press('Control+Enter');
  await log(page).getByText('Muista lasku').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  assert.equal(await reply(page).inputValue(), 'jeesus');
  await page.keyboard.press('Escape');
  await page.keyboard.press('b');
  assert.equal(await page.locator('.baton').evaluate((b) => b.open), false);
  await page.keyboard.press('s');
  await page.getByRole('dialog').getByRole('button', { name: /In 1 hour/ }).click();
  await log(page).getByText(/Snoozed until/).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('marja');
  await page.keyboard.press('Enter');
  assert.equal(await page.getByRole('heading', { name: 'Marja Heikkilä', level: 2 }).first().isVisible(), true);
  await page.keyboard.press('t');
  await page.getByRole('radio').first().waitFor();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await log(page).getByText(/Transferred to: Ville/).waitFor();
});

await way('a draft lives over a reload and a sign-out', async (page, d) => {
  await item(page, 'Marja').click();
  await reply(page).fill('puolikas');
  await page.reload();
  await item(page, 'Marja').click();
  assert.equal(await reply(page).inputValue(), 'puolikas');
  await page.getByLabel('Own menu, AL').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Email').fill('aino@demo.example');
  await page.getByLabel('Password').fill('kohta-demo');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await item(page, 'Marja').click();
  assert.equal(await reply(page).inputValue(), 'puolikas');
});

await way('taken over in the middle of a sentence', async (page, d) => {
  await item(page, 'Marja').click();
  await reply(page).fill('kesken');
  d.takenBy('Marja Heikkilä');
  await page.getByText(/Ville Koski has taken this conversation/).waitFor();
  assert.equal(await reply(page).inputValue(), 'kesken');
  assert.equal(await page.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled'), 'true');
});

await way('the network goes and comes back', async (page, d) => {
  await item(page, 'Marja').click();
  d.cut(true);
  await page.getByText(/No connection/).waitFor();
  await reply(page).fill('Lähtee kun pääsee');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Not sent yet, kept on this device').waitFor();
  await page.reload();
  d.up();
  await item(page, 'Marja').click();
  await page.waitForFunction(() => document.querySelectorAll('.turn-own').length > 1);
  await log(page).getByText('Lähtee kun pääsee').waitFor();
  assert.equal(d.find('Marja Heikkilä').events.filter((e) => e.text === 'Lähtee kun pääsee').length, 1);
});

await way('the session ends', async (page, d) => {
  await item(page, 'Marja').click();
  await reply(page).fill('jää talteen');
  d.signOutAll();
  d.cut();
  await page.getByText(/Your session ended/).waitFor({ timeout: 8_000 });
});

await way('the customer writes while another is open', async (page, d) => {
  await item(page, 'Timo').click();
  d.says('Marja Heikkilä', 'vielä yksi asia');
  await page.locator('.unread').first().waitFor();
  assert.match(await page.title(), /^\(2\) /);
  await item(page, 'Marja').click();
  await page.waitForFunction(() => document.title === 'Kohta');
});

await way('an offer is accepted by its key', async (page, d) => {
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  d.offer();
  await page.getByRole('region', { name: 'For you' }).waitFor();
  await page.keyboard.press('a');
  await page.getByRole('heading', { name: 'Pekka Aalto', level: 2 }).first().waitFor();
  await page.waitForFunction(() => document.querySelector('.offer') === null);
});

await way('the suggestion goes into the reply', async (page) => {
  await item(page, 'Timo').click();
  await page.locator('.baton').evaluate((b) => { b.open = true; });
  await page.getByRole('button', { name: 'Use' }).click();
  assert.equal(await reply(page).inputValue(), 'Hei Timo. Autan sinut sisään.');
});

await way('what a customer sends is text', async (page, d) => {
  const evil = '<img src=x onerror=alert(1)><script>alert(2)</script> javascript:alert(3) https://evil.example/x';
  const t = d.find('Marja Heikkilä');
  t.visitor.name = '<b onmouseover=alert(4)>Marja</b>';
  await item(page, 'Timo').click();
  d.says('<b onmouseover=alert(4)>Marja</b>', evil);
  await page.getByRole('list', { name: 'My conversations' }).getByText('<b onmouseover').waitFor();
  await page.locator('.item', { hasText: 'onmouseover' }).click();
  await log(page).getByText('<img src=x').waitFor();
  assert.equal(await log(page).locator('img, script').count(), 0);
  assert.equal(await log(page).locator('a', { hasText: 'evil.example' }).getAttribute('rel'), 'noopener noreferrer nofollow');
});

await way('a window that closes gives the focus back, and the next key opens another', async (page) => {
  await item(page, 'Marja').click();
  for (const [key, name] of [['t', 'Transfer the conversation'], ['s', 'Snooze the conversation'], ['?', 'Keys']]) {
    await page.keyboard.press(key);
    await page.getByRole('dialog', { name }).waitFor();
    await page.keyboard.press('Escape');
  }
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'item');
});

await way('on a narrow screen Escape leaves the reply for the conversation, which rests at the newest', async (page) => {
  await item(page, 'Marja').click();
  await page.setViewportSize({ width: 320, height: 700 });
  await reply(page).fill('Kuitti tulee');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'talk');
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Note' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  assert.equal(await reply(page).inputValue(), 'Kuitti tulee');
  const left = await page.evaluate(() => { const talk = document.getElementById('talk'); return talk === null ? -1 : talk.scrollHeight - talk.clientHeight - talk.scrollTop; });
  assert.ok(Math.abs(left) < 2, `${left} px from the newest`);
});

await way('the ring in the head is of the conversation that is open, from the first picture on', async (page) => {
  const crisis = (selector) => page.evaluate(async (wanted) => {
    document.querySelector(wanted)?.click();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return document.querySelector('.talk-head .ring')?.classList.contains('crisis');
  }, selector);
  assert.equal(await crisis('.item-crisis'), true);
  assert.equal(await crisis('.item:not(.item-crisis)'), false);
  assert.equal(await crisis('.item-crisis'), true);
});

await way('a narrow screen shows one view at a time', async (page) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await item(page, 'Marja').click();
  assert.equal(await page.getByRole('list', { name: 'Waiting' }).isVisible(), false);
  await reply(page).waitFor();
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Customer' }).click();
  await page.getByText('Whole history').waitFor();
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /Lists/ }).click();
  await page.getByRole('list', { name: 'Waiting' }).waitFor();
});

await browser.close();
process.exit(bad === 0 ? 0 : 1);
