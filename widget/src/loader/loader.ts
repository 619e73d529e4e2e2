/**
 * The button on other people's pages. It stores and fetches nothing until the customer opens the chat; then it makes
 * a frame of the desk's origin, and speaks with that origin alone.
 */
import { style } from './style.ts';
import { label, pick, words, type Language } from './texts.ts';

const script = (document.currentScript ?? document.querySelector('script[data-site][src*="widget.js"]')) as HTMLScriptElement | null;

/** How long a frame that is loaded may be silent, and one that is not: then it is the browser's page about a desk that is away. */
const MUTE = 3000;
const LATE = 20_000;

/** In this window's session: the chat was left open, or closed while something may still come. */
const KEY = 'kohta';
type Left = 'open' | 'live';

function mount(from: HTMLScriptElement): void {
  const origin = new URL(from.src).origin;
  const site = from.dataset['site'] ?? 'default';
  let language: Language = pick([from.dataset['lang'], document.documentElement.lang, ...navigator.languages]);
  let frame: HTMLIFrameElement | null = null;
  let ready = false;
  let shown = false;
  let lives = false;          // the frame has spoken, so it has its own way to be closed
  let wants = false;          // the focus goes into the frame when it is shown
  let given: ReturnType<typeof setTimeout> | undefined;
  let live = false;
  let told = '';

  const host = document.createElement('kohta-chat');
  const root = host.attachShadow({ mode: 'open' });
  dress(root);
  const button = document.createElement('button');
  button.type = 'button';
  const word = document.createElement('p');
  word.setAttribute('role', 'status');
  root.append(button, word);
  face(0, null);
  button.onclick = () => open();
  document.body.append(host);

  function face(unread: number, person: string | null): void {
    button.setAttribute('aria-label', label(language, unread, person));
    button.title = words[language].open;
    button.className = unread > 0 && person ? 'p' : '';
    button.replaceChildren(mark(), initials(unread > 0 ? person : null), badge(unread));
  }

  function make(): HTMLIFrameElement {
    const made = document.createElement('iframe');
    made.title = words[language].title;
    made.lang = language;
    made.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-popups allow-downloads');
    made.allow = 'autoplay';
    made.src = `${origin}/widget/?site=${encodeURIComponent(site)}&lang=${language}`;
    made.hidden = true;
    made.onload = () => {
      ready = true;
      told = '';
      if (!lives) wait(MUTE);
      page();
      say({ kohta: shown ? 'open' : 'hide' });
    };
    root.append(made);
    wait(LATE);
    return made;
  }

  function wait(ms: number): void {
    clearTimeout(given);
    given = setTimeout(fail, ms);
  }

  /** No chat behind the frame. It goes, and the next press tries again. */
  function fail(): void {
    frame?.remove();
    frame = null;
    ready = false;
    if (shown) word.textContent = words[language].away;
    close();
  }

  function say(word: object): void {
    if (ready) frame?.contentWindow?.postMessage(word, origin);
  }

  /** Where the customer is; also pages that change without loading. */
  function page(): void {
    const here = { kohta: 'page', url: location.href, title: document.title, referrer: document.referrer };
    const now = JSON.stringify(here);
    if (!ready || now === told) return;
    told = now;
    say(here);
  }

  function open(focus = true): void {
    frame ??= make();
    shown = true;
    wants = focus;
    word.textContent = '';
    if (lives) show();
    else button.setAttribute('aria-busy', 'true');
    say({ kohta: 'open' });
  }

  function show(): void {
    if (!frame) return;
    frame.hidden = false;
    button.hidden = true;
    leave('open');
    if (wants) frame.focus();
  }

  function close(): void {
    button.removeAttribute('aria-busy');
    if (!shown) return;
    shown = false;
    if (frame) frame.hidden = true;
    if (button.hidden) {
      button.hidden = false;
      button.focus();
    }
    leave(live ? 'live' : null);
    say({ kohta: 'hide' });
  }

  function heard(m: MessageEvent<unknown>): void {
    if (m.origin !== origin || m.source !== frame?.contentWindow || typeof m.data !== 'object' || m.data === null) return;
    const d = m.data as { kohta?: unknown; unread?: unknown; person?: unknown; live?: unknown; language?: unknown };
    if (d.kohta === 'close') close();
    if (d.kohta !== 'state') return;
    clearTimeout(given);
    button.removeAttribute('aria-busy');
    if (!lives && shown) show();
    lives = true;
    live = d.live === true;
    language = pick([String(d.language)]);
    if (frame) {
      frame.title = words[language].title;
      frame.lang = language;
    }
    if (!shown) leave(live ? 'live' : null);
    face(typeof d.unread === 'number' ? d.unread : 0, typeof d.person === 'string' ? d.person : null);
  }

  addEventListener('message', heard);
  setInterval(page, 1000);
  const left = was();
  if (left === 'open' && innerWidth > 480) open(false);
  else if (left) frame = make();
  (window as { Kohta?: object }).Kohta = { open: () => open(), close };
}

/** A host page may forbid style elements; a sheet made by script is not one. */
function dress(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const element = document.createElement('style');
    element.textContent = style;
    root.append(element);
  }
}

function mark(): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 36 24');
  svg.setAttribute('aria-hidden', 'true');
  const add = (name: string, shape: Record<string, string>) => {
    const element = document.createElementNS(svg.namespaceURI, name);
    for (const [k, v] of Object.entries(shape)) element.setAttribute(k, v);
    svg.append(element);
  };
  add('rect', { class: 'q', x: '1', y: '2', width: '20', height: '20', rx: '4' });
  add('circle', { class: 'c', cx: '24.5', cy: '12', r: '10' });
  add('path', { class: 'b', d: 'M20.2 3.4A4 4 0 0 1 21 6V18A4 4 0 0 1 20.2 20.6A10 10 0 0 1 20.2 3.4Z' });
  return svg;
}

function initials(person: string | null): string {
  const names = person?.trim().split(/\s+/) ?? [];
  return (names.length > 1 ? [names[0], names.at(-1)] : names).map((n) => [...(n ?? '')][0] ?? '').join('').toUpperCase();
}

function badge(unread: number): HTMLElement {
  const element = document.createElement('i');
  element.setAttribute('aria-hidden', 'true');
  element.textContent = unread > 9 ? '9+' : unread > 0 ? String(unread) : '';
  return element;
}

function leave(left: Left | null): void {
  try {
    if (left) sessionStorage.setItem(KEY, left);
    else sessionStorage.removeItem(KEY);
  } catch {
    // blocked: the next page begins anew
  }
}

function was(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

if (script && !document.querySelector('kohta-chat')) {
  if (document.body) mount(script);
  else addEventListener('DOMContentLoaded', () => mount(script));
}
