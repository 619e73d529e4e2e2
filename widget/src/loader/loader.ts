/**
 * The button on other people's pages. It stores and fetches nothing until the customer opens the chat; then it makes
 * a frame of the desk's origin, and speaks with that origin alone.
 */
import { over, sheet } from './modal.ts';
import { style } from './style.ts';
import { pick, words, type Language } from './texts.ts';
import { mark as number } from './title.ts';

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
  let undo: (() => void) | undefined;     // of what the chat over the whole screen does to the page
  let unread = 0;
  let title = (): void => undefined;

  const host = document.createElement('kohta-chat');
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet(style)];
  const button = document.createElement('button');
  button.type = 'button';
  const word = document.createElement('p');
  word.setAttribute('role', 'status');
  root.append(button, word);
  face('', '');
  button.onclick = () => open();
  document.body.append(host);
  const narrow = matchMedia('(max-width:480px)');

  function face(label: string, initials: string): void {
    button.ariaLabel = label || words[language].open;
    button.title = words[language].open;
    button.className = initials && 'p';
    button.replaceChildren(mark(), initials, badge(unread));
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
      tell();
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

  /** Whether the chat is shown, and whether it is all that there is to see: then the page behind it is out of reach, and keeps still. */
  function tell(): void {
    const modal = narrow.matches && frame?.hidden === false;
    if (modal) undo ??= over(document, host);
    else {
      undo?.();
      undo = undefined;
    }
    say({ kohta: shown ? 'open' : 'hide', modal });
  }

  /** What is unread is told by the title too, while nobody looks at the page. */
  function count(): void {
    title();
    title = number(document, unread);
  }

  /** Where the customer is; also pages that change without loading. */
  function page(): void {
    const here = { kohta: 'page', url: location.href, title: document.title, referrer: document.referrer };
    const now = JSON.stringify(here);
    if (!ready || document.hidden || now === told) return;
    told = now;
    say(here);
  }

  function open(focus = true): void {
    frame ??= make();
    shown = true;
    wants = focus;
    word.textContent = '';
    if (lives) show();
    else button.ariaBusy = 'true';
  }

  function show(): void {
    if (!frame) return;
    frame.hidden = false;
    button.hidden = true;
    leave('open');
    tell();
    if (wants) frame.focus();
  }

  function close(): void {
    button.ariaBusy = null;
    if (!shown) return;
    shown = false;
    if (frame) frame.hidden = true;
    tell();
    if (button.hidden) {
      button.hidden = false;
      button.focus();
    }
    leave(live ? 'live' : null);
  }

  function heard(m: MessageEvent<unknown>): void {
    if (m.origin !== origin || m.source !== frame?.contentWindow) return;
    const d = m.data as { kohta?: unknown; unread?: unknown; label?: unknown; initials?: unknown; live?: unknown; language?: unknown } | null;
    if (d?.kohta === 'close') close();
    if (d?.kohta !== 'state') return;
    clearTimeout(given);
    button.ariaBusy = null;
    if (!lives && shown) show();
    lives = true;
    live = d.live === true;
    language = pick([String(d.language)]);
    if (frame) {
      frame.title = words[language].title;
      frame.lang = language;
    }
    if (!shown) leave(live ? 'live' : null);
    unread = Number(d.unread) || 0;
    face(`${d.label ?? ''}`, `${d.initials ?? ''}`);
    count();
  }

  addEventListener('message', heard);
  narrow.onchange = tell;
  document.addEventListener('visibilitychange', count);
  setInterval(page, 1000);
  const left = was();
  if (left === 'open' && !narrow.matches) open(false);
  else if (left) frame = make();
  (window as { Kohta?: object }).Kohta = { open: () => open(), close };
}

function mark(): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 36 24');
  svg.ariaHidden = 'true';
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

function badge(unread: number): HTMLElement {
  const element = document.createElement('i');
  element.ariaHidden = 'true';
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
