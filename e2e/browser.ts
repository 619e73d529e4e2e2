import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Language } from './names.ts';

const flags = [
  '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const locales: Record<Language, string> = { fi: 'fi-FI', sv: 'sv-SE', en: 'en-GB' };

const screenshots = join(import.meta.dirname, 'screenshots');

/** The system's Chromium with an empty profile. Who launches it, closes it. */
export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: executable(), headless: true, chromiumSandbox: false, args: flags });
}

function executable(): string {
  const wish = process.env['KOHTA_CHROMIUM'];
  if (wish) return wish;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // the next name
    }
  }
  throw new Error('there is no Chromium in the PATH: install it, or name it in KOHTA_CHROMIUM');
}

/** Somebody at a browser of their own: cookies, storage and language are theirs alone. */
export interface Seat {
  context: BrowserContext;
  page: Page;
  /** What went wrong in any of its pages: errors, policy reports, dialogs, requests to places other than this machine. */
  faults: string[];
}

/** Opens a browser of its own for somebody who speaks the language. */
export async function seat(browser: Browser, language: Language, options: BrowserContextOptions = {}): Promise<Seat> {
  const context = await browser.newContext({ locale: locales[language], timezoneId: 'Europe/Helsinki', ...options });
  context.setDefaultTimeout(20_000);
  const faults: string[] = [];
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy report: ${event.violatedDirective} ${event.blockedURI}`));
  });
  context.on('page', (page) => observe(page, faults));
  return { context, page: await context.newPage(), faults };
}

function observe(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') faults.push(`request to ${request.url()}`);
  });
}

/** A lost connection and a refused sign-in are what some tests are about; the browser writes them down as errors. */
function expected(text: string): boolean {
  return /net::ERR_|WebSocket connection to|status of (401|503|502)/.test(text);
}

/** Keeps a picture of the page for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}
