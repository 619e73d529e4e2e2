import { LANGUAGES, pickLanguage, type Language } from '@kohta/look';
import { cell } from './cell.ts';
import { getObject, set } from './kept.ts';

/** The customer's own settings, the same on every website that this desk serves. */
export interface Prefs { language: Language; size: Size; contrast: 'normal' | 'more'; sound: boolean }
export type Size = 's' | 'm' | 'l' | 'xl';
export const SIZES: readonly Size[] = ['s', 'm', 'l', 'xl'];

const KEY = 'kohta.prefs';

/** The settings that were kept, over what the page asks for. Pure. */
export function read(kept: Record<string, unknown>, asked: string | null, device: readonly string[]): Prefs {
  const one = <T>(all: readonly T[], v: unknown, or: T): T => (all.includes(v as T) ? v as T : or);
  return {
    language: one(LANGUAGES, kept['language'], pickLanguage(asked, ...device)),
    size: one(SIZES, kept['size'], 'm'),
    contrast: one(['normal', 'more'] as const, kept['contrast'], 'normal'),
    sound: kept['sound'] === true,
  };
}

export const prefs = cell<Prefs>(read(getObject(KEY), new URLSearchParams(location.search).get('lang'), navigator.languages));

/** Changes a setting and keeps it. Only what the customer chose is kept. */
export function choose(change: Partial<Prefs>): void {
  prefs.value = { ...prefs.value, ...change };
  set(KEY, JSON.stringify({ ...getObject(KEY), ...change }));
}

/** Another window changed them. */
export function reread(key: string | null): void {
  if (key === KEY) prefs.value = read(getObject(KEY), prefs.value.language, []);
}
