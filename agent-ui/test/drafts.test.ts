import { describe, expect, test } from 'vitest';

import { boxOf, type Drafts, giveBack, keep, opened, recall, sent, type Shelf, suggest, takeOver, write } from '../src/state/drafts.ts';

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
  test('reply and note are two', () => expect(write(one, 'c', 'note', 'muista')).toEqual({ c: { reply: 'hei', note: 'muista', mode: 'note' } }));
  test('an empty one is forgotten', () => expect(write(one, 'c', 'reply', '')).toEqual({}));
  test.each([['', 'uusi'], ['  ', 'uusi'], ['vanha', 'uusi\n\nvanha'], ['uusi', 'uusi']])('given back over “%s”: “%s”', (there, after) =>
    expect(giveBack({ c: { reply: there, note: '' } }, 'c', 'reply', 'uusi')['c']?.reply).toBe(after));
  test('the suggestion goes before what is there, once', () => {
    const with1 = suggest(one, 'c', 'Hei Marja.');
    expect(with1['c']?.reply).toBe('Hei Marja. hei');
    expect(suggest(with1, 'c', 'Hei Marja.')).toBe(with1);
  });
});

describe('the box', () => {
  const both: Drafts = { c: { reply: 'hei', note: 'muista', mode: 'note' } };
  test.each([[{ reply: '', note: 'n' }, 'note'], [{ reply: 'r', note: '' }, 'reply'], [{ reply: 'r', note: 'n' }, 'reply'], [both['c']!, 'note'], [{ reply: '', note: '' }, 'reply']] as const)('%j opens as %s', (draft, box) =>
    expect(boxOf(draft)).toBe(box));
  test('what was written last is what opens, also after a reload', () => {
    expect(boxOf(write(both, 'c', 'reply', 'hei taas')['c']!)).toBe('reply');
    expect(boxOf(opened(write(both, 'c', 'reply', 'hei taas'), 'c', 'note')['c']!)).toBe('note');
  });
  test.each<[string, string, string, Drafts]>([
    ['the very words', 'reply', 'hei', { c: { reply: '', note: 'muista' } }], ['with spaces around', 'reply', ' hei\n', { c: { reply: '', note: 'muista' } }],
    ['other words', 'reply', 'moi', both], ['in the other box', 'note', 'hei', both],
  ])('%s that went out are no draft', (_what, kind, text, after) => expect(sent(both, 'c', kind as 'reply' | 'note', text)).toEqual(after));
});

describe('two windows', () => {
  const none = { reply: '', note: '' };
  const here: Drafts = { c: { reply: 'Hei Marja', note: '' } };
  test('what the other wrote is taken over', () => expect(takeOver({}, 'c', none, { reply: 'Hei', note: '' }, null)).toEqual({ c: { reply: 'Hei', note: '' } }));
  test('not into the box that is being written here', () => expect(takeOver(here, 'c', { reply: 'Hei', note: '' }, { reply: 'Moi', note: 'x' }, 'reply')).toEqual({ c: { reply: 'Hei Marja', note: 'x' } }));
  test('but what the other sent is empty there too', () => expect(takeOver(here, 'c', { reply: 'Hei Marja', note: '' }, none, 'reply')).toEqual({}));
  test('what was written on here stays, when the other sent less', () => expect(takeOver(here, 'c', { reply: 'Hei', note: '' }, none, 'reply')).toEqual(here));
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
