import { calledBy, initials } from '@kohta/look';
import type { Words } from './words.ts';

/**
 * The page around the frame. It is whoever first speaks from the parent window: from then on only that origin is
 * heard, and only it is spoken to. Who may embed the frame is decided by the desk's frame-ancestors.
 */
export type FromPage =
  | { kohta: 'open' | 'hide'; modal: boolean }
  | { kohta: 'page'; url: string; title: string; referrer: string };
export type ToPage =
  | { kohta: 'close' }
  | { kohta: 'state'; unread: number; label: string; initials: string; live: boolean; language: string };

let origin: string | null = null;
let last: ToPage | null = null;

export const embedded = parent !== window;

let take: ((word: FromPage) => void) | null = null;
let early: FromPage[] = [];

// at once: the page speaks as soon as the frame is loaded, which may be before the words of a language are
addEventListener('message', (m: MessageEvent<unknown>) => {
  if (!embedded || m.source !== parent || (origin !== null && m.origin !== origin)) return;
  const word = read(m.data);
  if (!word) return;
  origin = m.origin;
  if (last) say(last);
  if (take) take(word);
  else early.push(word);
});

/** Hears the page, also what it said before. */
export function hear(how: (word: FromPage) => void): void {
  take = how;
  early.forEach(how);
  early = [];
}

/** Tells the page; a state that it could not hear yet is told when it has spoken. */
export function say(word: ToPage): void {
  last = word.kohta === 'state' ? word : null;
  if (!embedded || origin === null) return;
  last = null;
  parent.postMessage(word, origin);
}

/** One word of the page, or null if it is none. Pure. */
export function read(data: unknown): FromPage | null {
  if (typeof data !== 'object' || data === null) return null;
  const d = data as Record<string, unknown>;
  if (d['kohta'] === 'open' || d['kohta'] === 'hide') return { kohta: d['kohta'], modal: d['modal'] === true };
  if (d['kohta'] !== 'page') return null;
  const { url, title, referrer } = d;
  if (typeof url !== 'string' || typeof title !== 'string' || typeof referrer !== 'string') return null;
  return { kohta: 'page', url, title, referrer };
}

/** How the launcher shows what is unread: its name, and whose face it has. Pure. */
export function launcher({ count, person }: { count: number; person: string | null }, t: Words): { unread: number; label: string; initials: string } {
  const name = calledBy(person ?? '');
  const news = name ? t.answeredBy(name) : count === 1 ? t.oneNew : t.manyNew(`${count}`);
  return { unread: count, label: count > 0 ? `${t.openChat}, ${news}` : t.openChat, initials: count > 0 && person ? initials(person) : '' };
}
