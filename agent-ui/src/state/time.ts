import * as look from '@kohta/look';

import type { Texts } from '../texts/index.ts';

const minute = 60_000;

/** How long something took: “40 s”, “6 min”, “1 h 20 min”. Never negative. */
export function duration(ms: number, texts: Texts): string {
  return look.span(ms, texts.language);
}

/** The time of day: “14.32”, in English “14:32”. */
export function clock(at: number, texts: Texts): string {
  return look.clock(new Date(at), texts.language);
}

/** When something was: the time today, with the weekday this week, else the date. */
export function stamp(at: number, now: number, texts: Texts): string {
  return look.moment(new Date(at), new Date(now), texts.language);
}

/** A time to come, as short as is clear: “klo 15.00” today, “huomenna klo 9.00”, then the weekday, then the date. */
export function ahead(at: number, now: number, texts: Texts): string {
  const days = -look.daysBetween(new Date(at), new Date(now));
  const time = clock(at, texts);
  if (days <= 0) return texts.time.clock(time);
  if (days === 1) return texts.time.tomorrow(time);
  return days < 7 ? stamp(at, now, texts) : `${stamp(at, now, texts)} ${texts.time.clock(time)}`;
}

/** Since when a customer is known: the first visit by its day within this year, before that the year alone. */
export function firstSeen(at: number, now: number, texts: Texts): string {
  const words = texts.customer;
  if (look.daysBetween(new Date(at), new Date(now)) <= 0) return words.firstToday;
  const year = new Date(at).getFullYear();
  return year === new Date(now).getFullYear() ? words.firstVisit(dayOfYear(at, texts)) : words.firstSeen(String(year));
}

/** The day within a year that is known: “17.3.”, in English “17 Mar”. */
export function dayOfYear(at: number, texts: Texts): string {
  const day = new Date(at);
  if (texts.language !== 'en') return `${day.getDate()}.${day.getMonth() + 1}.`;
  return day.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}

/** A wait as it was told: “noin 2–4 min”. */
export function waitRange(low: number, high: number, texts: Texts): string {
  return texts.time.about(look.rangeShort(look.range(low, high)));
}

/** The parts of a ring: how full it is (whole percents, full after ten minutes) and which of the five steps of colour. */
export function ring(ms: number): { full: number; step: 0 | 1 | 2 | 3 | 4 } {
  const part = Math.min(1, Math.max(0, ms) / (10 * minute));
  const full = Math.max(4, Math.round(part * 100));
  if (part >= 1) return { full: 100, step: 4 };
  if (part >= 0.5) return { full, step: 3 };
  if (part >= 0.25) return { full, step: 2 };
  if (part >= 0.1) return { full, step: 1 };
  return { full, step: 0 };
}

/** Nine in the morning, `days` days after now, local time. */
export function morning(now: number, days: number): number {
  const d = new Date(now);
  d.setDate(d.getDate() + days);
  d.setHours(9, 0, 0, 0);
  return d.getTime();
}

/** Days from now to the next Monday, 1 to 7. */
export function daysToMonday(now: number): number {
  return ((8 - new Date(now).getDay()) % 7) || 7;
}

/** The value of a datetime-local field. */
export function fieldValue(at: number): string {
  const d = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
}
