import { describe, expect, test } from 'vitest';

import { actOf, letters, type Place, type Press } from '../src/state/keys.ts';
import { ahead, dayOfYear, daysToMonday, duration, fieldValue, firstSeen, morning, ring, stamp, waitRange } from '../src/state/time.ts';
import { catalogues, LANGUAGES, type Texts } from '../src/texts/index.ts';

const { fi, sv, en } = catalogues;
const tuesday = new Date(2026, 2, 17, 14, 40).getTime();
const day = 86_400_000;

describe('time', () => {
  test.each([[-1, '0 s'], [40_000, '40 s'], [360_000, '6 min'], [4_800_000, '1 h 20 min']])('%i ms is %s', (ms, words) => expect(duration(ms, fi)).toBe(words));

  test.each<[number, Texts, string]>([
    [tuesday - 480_000, fi, '14.32'], [tuesday - 480_000, en, '14:32'], [tuesday - day, fi, 'ma 14.40'], [tuesday - 10 * day, sv, '7.3.2026'], [tuesday - 10 * day, en, '7 March'],
  ])('%i was %#', (at, texts, words) => expect(stamp(at, tuesday, texts)).toBe(words));

  test.each<[number, Texts, string]>([
    [tuesday + 1_200_000, fi, 'klo 15.00'], [tuesday + 1_200_000, en, '15:00'], [morning(tuesday, 1), fi, 'huomenna klo 9.00'],
    [morning(tuesday, 1), sv, 'i morgon kl. 9.00'], [morning(tuesday, 2), fi, 'to 9.00'], [morning(tuesday, 12), fi, '29.3.2026 klo 9.00'],
  ])('%i will be %#', (at, texts, words) => expect(ahead(at, tuesday, texts)).toBe(words));

  test('the day of a year', () => expect([dayOfYear(tuesday, fi), dayOfYear(tuesday, en)]).toEqual(['17.3.', '17 Mar']));
  test.each<[number, Texts, string]>([
    [tuesday - 60_000, fi, 'Ensimmäinen käynti tänään'], [tuesday - day, fi, 'Ensimmäinen käynti 16.3.'], [tuesday - day, sv, 'Första besöket 16.3.'],
    [tuesday - day, en, 'First visit 16 Mar'], [tuesday - 400 * day, fi, 'Asiakas vuodesta 2025'], [tuesday + day, sv, 'Första besöket i dag'],
  ])('first seen %i: %#', (at, texts, words) => expect(firstSeen(at, tuesday, texts)).toBe(words));
  test('a wait is a range with about', () => expect([waitRange(120, 240, fi), waitRange(120, 240, sv), waitRange(120, 240, en)]).toEqual(['noin 2–4 min', 'cirka 2–4 min', 'about 2–4 min']));
  test('the value of a field is local', () => expect(fieldValue(tuesday)).toBe('2026-03-17T14:40'));
  test.each([[0, 1], [1, 7], [2, 6], [6, 2]])('from weekday %i it is %i days to Monday', (weekday, days) =>
    expect(daysToMonday(new Date(2026, 2, 15 + weekday).getTime())).toBe(days));
  test.each([[0, 4, 0], [60_000, 10, 1], [149_000, 25, 1], [150_000, 25, 2], [300_000, 50, 3], [599_000, 100, 3], [600_000, 100, 4], [9e9, 100, 4]])('the ring after %i ms: %i %%, step %i', (ms, full, step) =>
    expect(ring(ms)).toEqual({ full, step }));
});

describe('keys', () => {
  const press = (key: string, more: Partial<Press> = {}): Press => ({ key, ctrl: false, meta: false, alt: false, repeat: false, ...more });
  const free: Place = { typing: false, dialog: false, single: true, offer: true };
  test.each(letters.map(({ key, act }) => [key, act] as const))('%s is %s', (key, act) => expect(actOf(press(key), free)).toBe(act));
  test.each<[string, Press, Place, string | null]>([
    ['a capital letter counts', press('J'), free, 'next'],
    ['no letter while one types', press('e'), { ...free, typing: true }, null],
    ['no letter behind a window', press('e'), { ...free, dialog: true }, null],
    ['no letter when they are off', press('e'), { ...free, single: false }, null],
    ['Ctrl K while one types', press('k', { ctrl: true }), { ...free, typing: true, single: false }, 'command'],
    ['Cmd K as well', press('k', { meta: true }), free, 'command'],
    ["Ctrl E is the browser's", press('e', { ctrl: true }), free, null],
    ['a held j walks on', press('j', { repeat: true }), free, 'next'],
    ['a held e resolves once', press('e', { repeat: true }), free, null],
    ['a without an offer is nothing', press('a'), { ...free, offer: false }, null],
    ['another key is nothing', press('z'), free, null],
  ])('%s', (_what, pressed, place, act) => expect(actOf(pressed, place)).toBe(act));
  test('no key does two things', () => expect(new Set(letters.map(({ key }) => key)).size).toBe(letters.length));
});

describe('texts', () => {
  type Tree = { readonly [key: string]: unknown };
  const leaves = (tree: object, path = ''): [string, unknown][] => Object.entries(tree as Tree).flatMap(([key, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null ? leaves(value, `${path}${key}.`) : [[path + key, value]]);
  const words = (value: unknown): string => (typeof value === 'function' ? String(value(...Array(value.length).fill('2'))) : String(value));

  test.each(LANGUAGES)('%s has every key, with as many variables', (language) => {
    const shape = (texts: object): string[] => leaves(texts).map(([path, value]) => `${path}/${typeof value === 'function' ? value.length : 'text'}`).sort();
    expect(shape(catalogues[language])).toEqual(shape(en));
  });
  test.each(LANGUAGES)('%s: nothing is empty, nothing shouts', (language) => {
    for (const [path, value] of leaves(catalogues[language])) {
      expect(words(value).trim(), path).not.toBe('');
      expect(words(value), path).not.toMatch(/[!]|valitettavasti/i);
    }
  });
  test('what a screen reader and a test look for', () => {
    expect([fi, sv, en].map((t) => [t.signin.email, t.signin.password, t.signin.submit, t.lists.waiting, t.lists.mine, t.reply.reply, t.reply.send, t.lists.take, t.talk.resolve, t.talk.transfer, t.reply.note, t.bar.status])).toEqual([
      ['Sähköposti', 'Salasana', 'Kirjaudu', 'Odottavat', 'Omat keskustelut', 'Vastaus', 'Lähetä', 'Ota', 'Ratkaise', 'Siirrä', 'Muistiinpano', 'Oma tila'],
      ['E-post', 'Lösenord', 'Logga in', 'Väntande', 'Mina samtal', 'Svar', 'Skicka', 'Ta', 'Lös', 'Flytta', 'Anteckning', 'Min status'],
      ['Email', 'Password', 'Sign in', 'Waiting', 'My conversations', 'Reply', 'Send', 'Take', 'Resolve', 'Transfer', 'Note', 'My status'],
    ]);
  });
});
