import { describe, expect, test } from 'vitest';
import {
  appointment, calledBy, clock, date, dayLine, feelings, initials, LANGUAGES, moment, pickLanguage, pieces, plainName, range,
  rangeShort, reasons, shared, span, type Language,
} from '../src/index.ts';

const now = new Date(2026, 2, 17, 14, 40);       // a Tuesday

describe('time', () => {
  test.each([
    [0, '0 s'], [-5, '0 s'], [40_000, '40 s'], [59_999, '59 s'], [60_000, '1 min'], [6 * 60_000, '6 min'], [80 * 60_000, '1 h 20 min'],
    [120 * 60_000, '2 h'], [47 * 3_600_000, '47 h'], [72 * 3_600_000, '3 pv'],
  ])('a span of %i ms is %s', (ms, words) => expect(span(ms, 'fi')).toBe(words));

  test.each<[Date, Language, string]>([
    [new Date(2026, 2, 17, 14, 32), 'fi', '14.32'],
    [new Date(2026, 2, 17, 9, 5), 'fi', '9.05'],
    [new Date(2026, 2, 17, 14, 32), 'en', '14:32'],
    [new Date(2026, 2, 16, 14, 32), 'fi', 'ma 14.32'],
    [new Date(2026, 2, 11, 14, 32), 'fi', 'ke 14.32'],
    [new Date(2026, 2, 10, 14, 32), 'fi', '10.3.2026'],
    [new Date(2025, 11, 24, 14, 32), 'sv', '24.12.2025'],
    [new Date(2026, 2, 9, 14, 32), 'en', '9 March'],
    [new Date(2025, 2, 9, 14, 32), 'en', '9 March 2025'],
  ])('%s in %s is %s', (at, language, words) => expect(moment(at, now, language)).toBe(words));

  test('days of the calendar count, not hours', () => {
    expect(moment(new Date(2026, 2, 16, 23, 59), new Date(2026, 2, 17, 0, 1), 'fi')).toBe('ma 23.59');
  });

  test.each<[Date, Language, string]>([
    [now, 'fi', 'Tänään'],
    [new Date(2026, 2, 16), 'sv', 'I går'],
    [new Date(2026, 2, 3), 'fi', 'tiistai 3. maaliskuuta'],
    [new Date(2026, 2, 3), 'sv', 'tisdag 3 mars'],
    [new Date(2026, 2, 3), 'en', 'Tuesday 3 March'],
    [new Date(2024, 10, 12), 'fi', '12. marraskuuta 2024'],
  ])('the line above %s in %s: %s', (at, language, words) => expect(dayLine(at, now, language)).toBe(words));

  test.each<[Date, Language, string]>([
    [new Date(2026, 2, 17, 16, 0), 'fi', 'tänään klo 16'],
    [new Date(2026, 2, 18, 8, 0), 'fi', 'huomenna klo 8'],
    [new Date(2026, 2, 18, 8, 0), 'sv', 'i morgon kl. 8'],
    [new Date(2026, 2, 18, 8, 0), 'en', 'tomorrow at 8'],
    [new Date(2026, 2, 17, 16, 0), 'en', 'today at 16:00'],
    [new Date(2026, 2, 19, 9, 30), 'fi', 'to 19.3.2026 klo 9.30'],
    [new Date(2026, 2, 19, 9, 30), 'en', 'Thu 19 March at 9:30'],
  ])('an appointment %s in %s: %s', (at, language, words) => expect(appointment(at, now, language)).toBe(words));

  test.each<[Date, Date, Language, string]>([
    [new Date(2026, 2, 18, 8), new Date(2026, 2, 18, 9), 'fi', 'huomenna klo 8–9'],
    [new Date(2026, 2, 18, 8), new Date(2026, 2, 18, 9), 'sv', 'i morgon kl. 8–9'],
    [new Date(2026, 2, 18, 8), new Date(2026, 2, 18, 9), 'en', 'tomorrow between 8 and 9'],
    [new Date(2026, 2, 19, 12, 30), new Date(2026, 2, 19, 13, 30), 'en', 'Thu 19 March between 12:30 and 13:30'],
    [new Date(2026, 2, 19, 12, 30), new Date(2026, 2, 19, 13, 30), 'fi', 'to 19.3.2026 klo 12.30–13.30'],
  ])('an appointment from %s to %s in %s: %s', (at, end, language, words) => expect(appointment(at, now, language, end)).toBe(words));

  test('a clock and a date by themselves', () => {
    expect(clock(now, 'sv')).toBe('14.40');
    expect(date(now, now, 'fi')).toBe('17.3.2026');
  });
});

describe('waits', () => {
  test.each([
    [120, 240, '2–4 min'], [61, 179, '1–3 min'], [60, 60, '1 min'], [10, 50, '< 1 min'], [0, 180, '< 3 min'], [3600, 7200, '1–2 h'], [3600, 5400, '60–90 min'],
  ])('%i–%i s', (low, high, short) => expect(rangeShort(range(low, high))).toBe(short));
});

test('every text exists in every language, and none breaks the voice', () => {
  for (const c of [shared, feelings, reasons]) {
    const keys = Object.keys(c.fi).sort();
    for (const l of LANGUAGES) {
      expect(Object.keys(c[l]).sort()).toEqual(keys);
      for (const [key, text] of Object.entries(c[l]) as [string, string | ((...v: string[]) => string)][]) {
        const words = typeof text === 'function' ? text('Aino', 'Ville') : text;
        expect(words, `${l}.${key}`).toMatch(/\S/);
        expect(words, `${l}.${key}`).not.toMatch(/!|valitettavasti|tyvärr|unfortunately|\p{Emoji_Presentation}/iu);
      }
    }
  }
});

test('the language is the first wish that can be met', () => {
  expect(pickLanguage(null, 'de-DE', 'sv-FI', 'fi')).toBe('sv');
  expect(pickLanguage('FI_fi')).toBe('fi');
  expect(pickLanguage('de', undefined, '')).toBe('en');
});

describe('names', () => {
  test.each([['Aino Lahti', 'AL'], ['aino', 'A'], ['Väinö Äijälä-Öhman', 'VÄ'], ['Anna Maija Korpi', 'AK'], ['', ''], ['😀 x', '😀X']])(
    '%s has the initials %s', (name, letters) => expect(initials(name)).toBe(letters));
  test('do not hide anything', () => {
    expect(plainName('Ai\u202eno\u200b \n Lahti')).toBe('Aino Lahti');
    expect(calledBy(' Aino  Lahti')).toBe('Aino');
  });
});

describe('links', () => {
  test.each<[string, unknown[]]>([
    ['ei linkkiä', [{ text: 'ei linkkiä' }]],
    ['katso https://posti.fi/a?b=1. Kiitos', [{ text: 'katso ' }, { text: 'https://posti.fi/a?b=1', href: 'https://posti.fi/a?b=1' }, { text: '. Kiitos' }]],
    ['https://posti.fi', [{ text: 'https://posti.fi', href: 'https://posti.fi/' }]],
    ['(http://a.fi)', [{ text: '(' }, { text: 'http://a.fi', href: 'http://a.fi/' }, { text: ')' }]],
    ['https://pаypal.com', [{ text: 'https://xn--pypal-4ve.com', href: 'https://xn--pypal-4ve.com/' }]],
    ['javascript:alert(1) data:text/html,x', [{ text: 'javascript:alert(1) data:text/html,x' }]],
    ['https://posti.fi@evil.example/', [{ text: 'https://posti.fi@evil.example/' }]],
    ['https://a\u202e.fi', [{ text: 'https://a.fi', href: 'https://a.fi/' }]],
    ['mailto:a@b.fi', [{ text: 'a@b.fi', href: 'mailto:a@b.fi' }]],
    ['https://a.fi/n%C3%A5got/käyttö#%D7%A9%20x%E2%80%AE', [{
      text: 'https://a.fi/något/käyttö#%D7%A9%20x%E2%80%AE', href: 'https://a.fi/n%C3%A5got/k%C3%A4ytt%C3%B6#%D7%A9%20x%E2%80%AE',
    }]],
    ['', []],
  ])('%s', (text, out) => expect(pieces(text)).toEqual(out));
});
