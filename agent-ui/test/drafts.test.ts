import { describe, expect, test } from 'vitest';

import { type Drafts, giveBack, keep, recall, type Shelf, suggest, write } from '../src/state/drafts.ts';

function shelf(entries: Record<string, string> = {}): Shelf & { readonly entries: Map<string, string> } {
  const kept = new Map(Object.entries(entries));
  return {
    entries: kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    key: (i) => [...kept.keys()][i] ?? null,
    get length() { return kept.size; },
  };
}

describe('drafts', () => {
  const one: Drafts = { c: { reply: 'hei', note: '' } };
  test('reply and note are two', () => expect(write(one, 'c', 'note', 'muista')).toEqual({ c: { reply: 'hei', note: 'muista' } }));
  test('an empty one is forgotten', () => expect(write(one, 'c', 'reply', '')).toEqual({}));
  test.each([['', 'uusi'], ['  ', 'uusi'], ['vanha', 'uusi\n\nvanha'], ['uusi', 'uusi']])('given back over “%s”: “%s”', (there, after) =>
    expect(giveBack({ c: { reply: there, note: '' } }, 'c', 'reply', 'uusi')['c']?.reply).toBe(after));
  test('the suggestion goes before what is there, once', () => {
    const with1 = suggest(one, 'c', 'Hei Marja.');
    expect(with1['c']?.reply).toBe('Hei Marja. hei');
    expect(suggest(with1, 'c', 'Hei Marja.')).toBe(with1);
  });
});

describe('the shelf', () => {
  test("what is kept is recalled, each agent's apart", () => {
    const s = shelf();
    keep(s, 'aino', 'c1', { reply: 'hei', note: '' });
    keep(s, 'ville', 'c2', { reply: '', note: 'muista' });
    expect(recall(s, 'aino')).toEqual({ c1: { reply: 'hei', note: '' } });
  });
  test('an empty draft leaves the shelf', () => {
    const s = shelf();
    keep(s, 'aino', 'c1', { reply: 'hei', note: '' });
    keep(s, 'aino', 'c1', { reply: '', note: '' });
    expect(s.entries.size).toBe(0);
  });
  test('what cannot be read is skipped', () =>
    expect(recall(shelf({ 'kohta.draft.aino.c1': '{', 'kohta.draft.aino.c2': '7', 'kohta.draft.aino.c3': '{"reply":"x"}' }), 'aino')).toEqual({ c3: { reply: 'x', note: '' } }));
  test('a full shelf says so and throws nothing', () => {
    const full = { ...shelf(), setItem: () => { throw new Error('full'); } };
    expect(keep(full, 'aino', 'c', { reply: 'x', note: '' })).toBe(false);
  });
});
