// npm run try -w agent-ui: the built console in Chromium before the scripted desk, the way an agent goes. Exit 1 with
// the first thing that is not as it should be.
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { desk } from './desk.mjs';
import { people } from './world.mjs';

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
  assert.match(await page.title(), /^Crisis\. \(2\) /);
  await item(page, 'Marja').click();
  await page.waitForFunction(() => !document.title.includes('('));
});

await way('an offer is accepted by its key, in its card alone', async (page, d) => {
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  d.offer();
  await page.getByRole('region', { name: 'For you' }).waitFor();
  await page.locator('[role=status]', { hasText: 'A conversation is offered to you: Pekka Aalto' }).waitFor({ state: 'attached' });
  await page.keyboard.press('a');
  await page.keyboard.press('d');
  assert.equal(await page.locator('.offer').count(), 1, 'a letter elsewhere answers nothing');
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('heading', { name: 'Pekka Aalto', level: 2 }).first().waitFor();
  await page.waitForFunction(() => document.querySelector('.offer') === null);
});

await way('an offer is declined with a reason, and one that goes by is seen afterwards', async (page, d) => {
  await page.getByLabel('My status').selectOption('online');
  d.offer();
  await page.getByRole('region', { name: 'For you' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.getByRole('button', { name: 'Not my field' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Accept' }).waitFor();
  await page.keyboard.press('d');
  await page.getByLabel('In your own words').fill('Tunnen hänet');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('.offer') === null);
  assert.equal(d.find('Pekka Aalto').events.at(-1).reason, 'Tunnen hänet');
  d.offer(1);
  await page.getByLabel('For your attention, 1 new').waitFor();
  await page.keyboard.press('v');
  await page.getByText('An offer to you went by: Pekka Aalto.').first().waitFor();
});

await way('the next in line is taken by its key, whoever it is', async (page, d) => {
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('x');
  await page.waitForFunction(() => document.activeElement?.id === 'reply');
  assert.equal(await page.locator('.item[aria-current]').innerText().then((text) => /Crisis/.test(text)), true);
  for (let i = 0; i < 3; i++) {
    await page.getByRole('button', { name: 'Take next' }).click();
    await page.waitForTimeout(150);
  }
  assert.equal(await page.getByRole('button', { name: 'Take next' }).count(), 0);
  d.line([], [], 1);
  await page.getByRole('button', { name: 'Take next' }).click();
  await page.getByText('Nobody whom you can help is waiting just now.').waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  assert.equal(await page.getByText('Nobody whom you can help').count(), 0);
});

await way('a status with a reason is said, kept over a reload, and told back', async (page, d) => {
  await page.getByLabel('My status').selectOption('away:lunch');
  await page.reload();
  await page.getByRole('list', { name: 'My conversations' }).waitFor();
  assert.equal(await page.getByLabel('My status').inputValue(), 'away:lunch');
  await page.getByLabel('My status').selectOption('other');
  await page.getByLabel('Reason').fill('hammaslääkäri');
  await page.keyboard.press('Enter');
  assert.equal(await page.getByLabel('My status').inputValue(), 'away:hammaslääkäri');
  await page.getByLabel('My status').selectOption('busy');
  await page.waitForTimeout(100);
  assert.deepEqual(d.said.map(({ status, reason }) => `${status} ${reason ?? ''}`.trim()), ['away lunch', 'away lunch', 'away hammaslääkäri', 'busy']);
});

await way('made away by the desk: told plainly, and not undone by a reload', async (page, d) => {
  await page.getByLabel('My status').selectOption('online');
  await page.waitForTimeout(100);
  d.stands('away', { reason: 'missed_offers' });
  await page.locator('.strip-state').getByText(/Conversations offered to you went by/).waitFor();
  await page.reload();
  await page.locator('.strip-state').getByText(/Conversations offered to you went by/).waitFor();
  assert.equal(d.said.at(-1).status, 'away');
  await page.getByRole('button', { name: 'Go online' }).click();
  await page.waitForTimeout(100);
  assert.equal(d.said.at(-1).status, 'online');
});

await way('a breather is told in minutes and can be cut short from the command bar', async (page, d) => {
  await page.getByLabel('My status').selectOption('online');
  await page.waitForTimeout(100);
  d.stands('online', { rest_until: new Date(Date.now() + 230_000).toISOString() });
  await page.getByText('The next conversation comes in about 4 min.').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('take one now');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('.strip-rest') === null);
  assert.deepEqual(d.said.map((f) => f.status), ['online', 'online']);
});

await way('passed on to a person: pending, refused, mine again', async (page, d) => {
  await item(page, 'Timo').click();
  await page.keyboard.press('t');
  await page.getByRole('radio', { name: /Ville/ }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Transfer' }).click();
  await page.getByRole('list', { name: 'Passed on, waiting for an answer' }).getByText('asked: Ville').waitFor();
  await item(page, 'Marja').click();
  d.refuses('Timo Saarela', 'busy');
  await page.getByLabel('For your attention, 1 new').click();
  await page.getByText('Ville could not take it. The conversation is yours again: Timo Saarela. In the middle of another.').last().waitFor();
  await page.getByRole('button', { name: 'Open' }).click();
  await page.locator('.notice').getByText('Ville Koski could not take it. The conversation is yours again.').waitFor();
  assert.equal(await page.getByText('asked: Ville').count(), 0);
});

await way('called in: marked, may write a note, leaves', async (page, d) => {
  d.calls('Eero Mäki', 'Onko takuu voimassa?');
  await page.getByRole('list', { name: 'My conversations' }).getByText('called in by: Ville').waitFor();
  await item(page, 'Eero').click();
  await log(page).getByText('Onko takuu voimassa?').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled'), 'true');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.keyboard.type('On, kesään asti');
  await page.keyboard.press('Control+Enter');
  await log(page).getByText('On, kesään asti').waitFor();
  await page.getByRole('button', { name: 'Leave the conversation' }).click();
  await log(page).getByText('You left the conversation').waitFor();
  await page.waitForFunction(() => ![...document.querySelectorAll('.item')].some((one) => one.textContent?.includes('Eero')));
});

await way('a colleague is called in with a word', async (page, d) => {
  await item(page, 'Marja').click();
  await page.keyboard.press('i');
  await page.getByRole('radio', { name: /Ville/ }).check();
  await page.getByRole('dialog').getByRole('textbox').fill('Näetkö veloituksen?');
  await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click();
  await log(page).getByText('Called in: Ville Koski').waitFor();
  await log(page).getByText('Näetkö veloituksen?').waitFor();
});

await way('an alert leads to the conversation and to whom it goes', async (page, d) => {
  d.alert('silence', 'Eero Mäki', { id: people[1].id, name: 'Ville Koski' });
  await page.getByLabel('For your attention, 1 new').click();
  await page.getByText('Waiting for an answer: Eero Mäki, with Ville.').or(page.getByText('Waiting for an answer: a customer, with Ville.')).last().waitFor();
  await page.getByRole('button', { name: 'Give to…' }).click();
  await page.getByRole('dialog').getByRole('radio', { name: 'Laskutus' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Transfer' }).click();
  await log(page).getByText('Transferred to: Laskutus').waitFor();
  assert.deepEqual(d.find('Eero Mäki').events.slice(-3).map((e) => e.kind), ['unassigned', 'assigned', 'transferred']);
});

await way('asleep, and back with a stale fence: what happened meanwhile, and the words are kept', async (page, d) => {
  await item(page, 'Marja').click();
  await reply(page).fill('Kuitti tulee');
  d.cut(true);
  await page.getByText(/No connection/).waitFor();
  await page.keyboard.press('Control+Enter');
  d.loses('Marja Heikkilä');
  d.up();
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.locator('.meanwhile').getByText('Ville Koski took the conversation').waitFor();
  await page.locator('.meanwhile').getByText('Ville Koski answered').waitFor();
  assert.equal(await reply(page).inputValue(), 'Kuitti tulee');
  assert.equal(d.find('Marja Heikkilä').events.filter((e) => e.text === 'Kuitti tulee').length, 0);
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
