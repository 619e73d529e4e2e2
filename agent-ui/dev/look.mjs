// npm run look -w agent-ui -- DIR: pictures of the console at several widths, by day and by night, and what axe says
// of each. Exit 1 when axe or the policy has a complaint.
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { desk } from './desk.mjs';

const out = process.argv[2] ?? 'shots';
const only = process.argv[3] ?? '';
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const { readFile } = await import('node:fs/promises');
const axeSource = await readFile(axe, 'utf8');
let complaints = 0;

async function check(page, name) {
  const found = await page.evaluate(async (source) => {
    if (!window.axe) (0, eval)(source);
    const result = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return result.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 4).map((n) => `${n.html.slice(0, 140)} | ${n.any.concat(n.all).map((c) => c.message).join('; ').slice(0, 160)}`).join('\n    ')}`);
  }, axeSource);
  for (const one of found) { complaints++; console.log(`axe ${name}: ${one}`); }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) { complaints++; console.log(`${name}: ${wide} px too wide`); }
}

async function enter(page, url, open = 'Marja Heikkilä') {
  await page.goto(url);
  await page.getByLabel(/Sähköposti|E-post|Email/).fill('aino@demo.example');
  await page.getByLabel(/Salasana|Lösenord|Password/).fill('kohta-demo');
  await page.getByRole('button', { name: /^(Kirjaudu|Logga in|Sign in)$/ }).click();
  await page.locator('.item').first().waitFor();
  if (open) await page.locator('.item', { hasText: open }).click();
  await page.waitForTimeout(400);
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--headless'] });
await mkdir(out, { recursive: true });

async function scene(name, { width, height = 980, scheme = 'light', locale = 'fi-FI', scale = 1, font = 16 }, run) {
  if (only && !name.includes(only)) return;
  const d = await desk();
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale, deviceScaleFactor: scale, timezoneId: 'Europe/Helsinki', bypassCSP: false });
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  page.on('console', (m) => { if (m.type() === 'error' && !/401|429|Failed to load resource|WebSocket/.test(m.text())) { complaints++; console.log(`${name}: ${m.text()}`); } });
  page.on('pageerror', (e) => { complaints++; console.log(`${name}: ${e.message}`); });
  try {
    await run(page, d);
    await page.screenshot({ path: `${out}/${name}.png` });
    // the check needs eval, which the policy of the page forbids: it runs through the debugger
    await check(page, name);
  } catch (error) {
    complaints++;
    console.log(`${name}: ${error.message}`);
    await page.screenshot({ path: `${out}/${name}-failed.png` });
  }
  await context.close();
  await d.close();
}

const online = async (page) => { await page.getByLabel(/Oma tila|Min status|My status/).selectOption('online'); };
/** Called in to one, and another passed on and not answered yet. */
async function hands(page, d) {
  await enter(page, d.url, 'Timo');
  await online(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  await page.locator('.whom-one', { hasText: 'Ville' }).click();
  await page.locator('.sheet .btn-main').click();
  await page.locator('.item-mark').first().waitFor();
  d.calls('Eero Mäki', 'Vieläkö takuu on voimassa?');
  await page.locator('.item', { hasText: 'Eero' }).click();
  await page.waitForTimeout(300);
}
async function everyNews(page, d, open = 'Marja Heikkilä') {
  await enter(page, d.url, open);
  await online(page);
  d.nudges('Marja Heikkilä');
  d.alert('silence', 'Eero Mäki', { id: 'v', name: 'Ville Koski' });
  d.raises('Oskari Nieminen');
  d.alert('raised', 'Oskari Nieminen');
  d.offer(1);
  d.calls('Eero Mäki', 'Vieläkö takuu on voimassa?');
  await page.waitForTimeout(2_500);
}
/** The laptop sleeps; meanwhile the conversation goes to another; what was written is sent when it wakes. */
async function slept(page, d) {
  d.cut(true);
  await page.locator('.strip-off').waitFor();
  d.loses('Marja Heikkilä');
  await page.keyboard.press('Control+Enter');
  d.up();
  await page.locator('.meanwhile').waitFor({ timeout: 20_000 });
}
const draft = async (page) => {
  await page.getByRole('textbox', { name: /Vastaus|Svar|Reply/ }).fill('Rahat näkyvät tililläsi torstaina, ja kuitti tulee sähköpostiin heti.');
};

for (const scheme of ['light', 'dark']) {
  await scene(`wide-${scheme}`, { width: 1440, scheme }, async (page, d) => { await enter(page, d.url); await online(page); await page.keyboard.press('Escape'); await page.locator('.baton summary').click(); await page.waitForTimeout(200); await draft(page); });
  await scene(`baton-open-${scheme}`, { width: 1440, scheme }, async (page, d) => { await enter(page, d.url); await online(page); await draft(page); await page.evaluate(() => { const b = document.querySelector('.baton'); b.open = true; }); await page.waitForTimeout(200); });
  await scene(`waiting-${scheme}`, { width: 1440, scheme }, async (page, d) => { await enter(page, d.url, 'Oskari'); });
  await scene(`mid-${scheme}`, { width: 1000, scheme }, async (page, d) => { await enter(page, d.url); await online(page); });
  await scene(`narrow-${scheme}`, { width: 700, scheme }, async (page, d) => { await enter(page, d.url); await online(page); });
  await scene(`phone-talk-${scheme}`, { width: 320, height: 720, scheme }, async (page, d) => { await enter(page, d.url); await online(page); await draft(page); });
  await scene(`phone-lists-${scheme}`, { width: 320, height: 720, scheme }, async (page, d) => { await enter(page, d.url, ''); await online(page); });
  await scene(`phone-cust-${scheme}`, { width: 320, height: 720, scheme }, async (page, d) => { await enter(page, d.url); await page.locator('.tabbar button').nth(2).click(); await page.waitForTimeout(300); });
  await scene(`signin-${scheme}`, { width: 1000, height: 700, scheme }, async (page, d) => { await page.goto(d.url); await page.getByLabel('Sähköposti').fill('aino@demo.example'); await page.getByLabel('Salasana').fill('väärä'); await page.getByRole('button', { name: 'Kirjaudu' }).click(); await page.locator('.wrong span').waitFor(); });
  await scene(`transfer-${scheme}`, { width: 1200, height: 800, scheme }, async (page, d) => { await enter(page, d.url); await page.keyboard.press('t'); await page.locator('.whom-one').first().waitFor(); });
  await scene(`command-${scheme}`, { width: 1200, height: 800, scheme }, async (page, d) => { await enter(page, d.url); await page.keyboard.press('Control+k'); await page.keyboard.type('s'); });
}
await scene('snooze', { width: 1200, height: 800 }, async (page, d) => { await enter(page, d.url); await page.keyboard.press('s'); await page.locator('.sheet-snooze').waitFor(); });
await scene('keys', { width: 1200, height: 800 }, async (page, d) => { await enter(page, d.url); await page.keyboard.press('?'); await page.locator('.sheet-keys').waitFor(); });
await scene('menu', { width: 1200, height: 800 }, async (page, d) => { await enter(page, d.url); await page.locator('.top > .menu summary').click(); });
await scene('offer', { width: 1440 }, async (page, d) => { await enter(page, d.url); await online(page); d.offer(30); await page.locator('.offer').waitFor(); });
await scene('why-not', { width: 1440 }, async (page, d) => { await enter(page, d.url); await online(page); d.offer(30); await page.locator('.offer').waitFor(); await page.keyboard.press('Escape'); await page.keyboard.press('g'); await page.keyboard.press('d'); await page.locator('.whynot').waitFor(); });
for (const scheme of ['light', 'dark']) {
  await scene(`line-${scheme}`, { width: 1440, scheme }, async (page, d) => { await enter(page, d.url, 'Linnea'); await online(page); d.raises('Oskari Nieminen'); await page.locator('.lane-raised').waitFor(); });
  await scene(`hands-${scheme}`, { width: 1440, scheme }, hands);
  await scene(`news-${scheme}`, { width: 1200, scheme }, async (page, d) => { await everyNews(page, d); await page.locator('.news summary').click(); });
  await scene(`phone-line-${scheme}`, { width: 320, height: 720, scheme }, async (page, d) => { await enter(page, d.url, ''); await online(page); d.raises('Oskari Nieminen'); await page.locator('.lane-raised').waitFor(); });
  await scene(`phone-place-${scheme}`, { width: 320, height: 720, scheme }, async (page, d) => { await enter(page, d.url, 'Linnea'); });
  await scene(`phone-news-${scheme}`, { width: 320, height: 720, scheme }, async (page, d) => { await everyNews(page, d); await page.locator('.news summary').click(); });
  await scene(`phone-offer-${scheme}`, { width: 320, height: 720, scheme }, async (page, d) => { await enter(page, d.url); await online(page); d.offer(30); await page.locator('.offer').waitFor(); await page.locator('.offer .btn-bare').click(); });
  await scene(`rest-${scheme}`, { width: 1440, scheme }, async (page, d) => { await enter(page, d.url); await online(page); await page.waitForTimeout(100); d.stands('online', { rest_until: new Date(Date.now() + 230_000).toISOString() }); await page.locator('.strip-rest').waitFor(); });
  await scene(`made-away-${scheme}`, { width: 1000, scheme }, async (page, d) => { await enter(page, d.url); await online(page); await page.waitForTimeout(100); d.stands('away', { reason: 'missed_offers' }); await page.locator('.strip-state').waitFor(); });
}
await scene('invite', { width: 1200, height: 800 }, async (page, d) => { await enter(page, d.url); await page.keyboard.press('i'); await page.locator('.whom-one').first().waitFor(); });
await scene('away', { width: 1200, height: 800 }, async (page, d) => { await enter(page, d.url); await page.getByLabel('Oma tila').selectOption('other'); await page.locator('.sheet-away').waitFor(); });
await scene('promise', { width: 1440 }, async (page, d) => { await enter(page, d.url, ''); d.calls('Eero Mäki', 'Vieläkö takuu on voimassa?'); await page.locator('.item', { hasText: 'Eero' }).click(); await page.waitForTimeout(400); });
await scene('slept', { width: 1440 }, async (page, d) => { await enter(page, d.url); await online(page); await draft(page); await slept(page, d); });
await scene('phone-slept', { width: 320, height: 720 }, async (page, d) => { await enter(page, d.url); await online(page); await draft(page); await slept(page, d); });
await scene('line-big-text', { width: 1440 }, async (page, d) => { await enter(page, d.url, 'Linnea'); d.raises('Oskari Nieminen'); d.offer(30); await page.evaluate(() => { document.documentElement.style.setProperty('font-size', '200%'); }); await page.waitForTimeout(300); });
await scene('line-big-phone', { width: 640, height: 900 }, async (page, d) => { await enter(page, d.url, ''); d.raises('Oskari Nieminen'); await page.evaluate(() => { document.documentElement.style.setProperty('font-size', '200%'); }); await page.waitForTimeout(300); });
await scene('line-sv', { width: 1440, locale: 'sv-FI' }, async (page, d) => { await everyNews(page, d, 'Linnea'); d.offer(30); await page.locator('.news summary').click(); });
await scene('line-en', { width: 1440, locale: 'en-GB' }, async (page, d) => { await everyNews(page, d, 'Linnea'); d.offer(30); await page.locator('.news summary').click(); });
await scene('conflict', { width: 1440 }, async (page, d) => { await enter(page, d.url); await online(page); await draft(page); d.takenBy('Marja Heikkilä'); await page.locator('.notice').waitFor(); });
await scene('offline', { width: 1440 }, async (page, d) => { await enter(page, d.url); await online(page); await draft(page); d.cut(true); await page.locator('.strip-off').waitFor(); await page.keyboard.press('Control+Enter'); await page.waitForTimeout(300); });
await scene('big-text', { width: 1440, height: 980 }, async (page, d) => { await enter(page, d.url); await page.addStyleTag({ content: '' }).catch(() => undefined); await page.evaluate(() => { document.documentElement.style.setProperty('font-size', '200%'); }); await page.waitForTimeout(300); });
await scene('big-text-phone', { width: 640, height: 900 }, async (page, d) => { await enter(page, d.url); await page.evaluate(() => { document.documentElement.style.setProperty('font-size', '200%'); }); await page.waitForTimeout(300); });
await scene('sv', { width: 1440, locale: 'sv-FI' }, async (page, d) => { await enter(page, d.url, 'Linnea'); });
await scene('en', { width: 1440, locale: 'en-GB' }, async (page, d) => { await enter(page, d.url); await online(page); });
await scene('unfolded', { width: 1440 }, async (page, d) => { await enter(page, d.url); await page.locator('.folded summary').click(); await page.waitForTimeout(200); });

await browser.close();
console.log(complaints === 0 ? 'nothing to complain of' : `${complaints} complaints`);
process.exit(complaints === 0 ? 0 : 1);
