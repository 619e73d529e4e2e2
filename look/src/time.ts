import type { Language } from './language.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How long: “40 s”, “6 min”, “1 h 20 min”, “3 d”. Never less than 0 s. */
export function span(ms: number, language: Language): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  const min = Math.floor(s / 60);
  if (min < 60) return `${min} min`;
  const h = Math.floor(min / 60);
  if (h >= 48) return `${Math.floor(h / 24)} ${language === 'fi' ? 'pv' : 'd'}`;
  return min % 60 === 0 ? `${h} h` : `${h} h ${min % 60} min`;
}

/** The time of day where the reader is: “14.32”, in English “14:32”. */
export function clock(at: Date, language: Language): string {
  return `${at.getHours()}${language === 'en' ? ':' : '.'}${String(at.getMinutes()).padStart(2, '0')}`;
}

/** A date: “17.3.2026”, in English “17 March”, with the year if it is another one. */
export function date(at: Date, now: Date, language: Language): string {
  if (language !== 'en') return `${at.getDate()}.${at.getMonth() + 1}.${at.getFullYear()}`;
  const year = at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' } as const;
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', ...year });
}

/** Whole days of the calendar from `at` to `now`; negative for the future. */
export function daysBetween(at: Date, now: Date): number {
  const midnight = (d: Date) => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  return Math.round((midnight(now) - midnight(at)) / DAY);
}

/** When it was, as short as is clear: “14.32” today, “ti 14.32” this week, then the date. */
export function moment(at: Date, now: Date, language: Language): string {
  const days = daysBetween(at, now);
  if (days === 0) return clock(at, language);
  if (Math.abs(days) < 7) return `${weekday(at, language, 'short')} ${clock(at, language)}`;
  return date(at, now, language);
}

/**
 * When it will be: “huomenna klo 8”, “to 19.3.2026 klo 9.30”; with an end, when between: “huomenna klo 8–9”, in English
 * “tomorrow between 8 and 9”.
 */
export function appointment(at: Date, now: Date, language: Language, end?: Date | null): string {
  const days = -daysBetween(at, now);
  const words = { fi: ['tänään', 'huomenna', ' klo '], sv: ['i dag', 'i morgon', ' kl. '], en: ['today', 'tomorrow', end ? ' between ' : ' at '] }[language];
  const day = (days >= 0 && words.slice(0, 2)[days]) || `${weekday(at, language, 'short')} ${date(at, now, language)}`;
  return day + words[2] + hour(at, language) + (end ? (language === 'en' ? ' and ' : '–') + hour(end, language) : '');
}

/** “8”, “8.30”; in English the afternoon is written out, since 3 could be either. */
function hour(at: Date, language: Language): string {
  return at.getMinutes() > 0 || (language === 'en' && at.getHours() > 12) ? clock(at, language) : `${at.getHours()}`;
}

/** The line above a day's messages: “Tänään”, “tiistai 17. maaliskuuta”, with the year if it is another one. */
export function dayLine(at: Date, now: Date, language: Language): string {
  const days = daysBetween(at, now);
  const near = { fi: ['Tänään', 'Eilen'], sv: ['I dag', 'I går'], en: ['Today', 'Yesterday'] }[language][days];
  if (near) return near;
  const year = at.getFullYear() === now.getFullYear();
  return at.toLocaleDateString(TAG[language], year
    ? { weekday: 'long', day: 'numeric', month: 'long' }
    : { day: 'numeric', month: 'long', year: 'numeric' });
}

const TAG = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' } as const;

function weekday(at: Date, language: Language, length: 'short' | 'long'): string {
  return at.toLocaleDateString(TAG[language], { weekday: length });
}

/** A wait in whole minutes or hours, from low to high, as it is told: never narrower than what was measured. */
export interface Range { low: number; high: number; unit: 'min' | 'h' }

export function range(low_s: number, high_s: number): Range {
  const unit = high_s > 90 * 60 ? 'h' : 'min';
  const size = unit === 'h' ? 3600 : 60;
  return { low: Math.floor(low_s / size), high: Math.max(1, Math.ceil(high_s / size)), unit };
}

/** “2–4 min”, “1–2 h”; “< 2 min” where it may be at once. */
export function rangeShort(r: Range): string {
  if (r.low === 0) return `< ${r.high} ${r.unit}`;
  return `${r.low === r.high ? r.low : `${r.low}–${r.high}`} ${r.unit}`;
}
