import { describe, expect, test } from 'vitest';

import { changeLine, leaveLine, type Line, lineBeat, type Place, wholeLine } from '../src/state/line.ts';
import { mine, waiting } from '../src/state/select.ts';
import { at, run, said, snap, welcome, happened, event, colleague, ville, me, system } from './help.ts';

const place = (conversation: string, more: Partial<Place> = {}): Place => ({ conversation, position: null, crisis: false, since: 100, ...more });
const places: Record<string, Place> = { a: place('a', { since: 1 }), b: place('b', { since: 2 }), c: place('c', { since: 3 }), x: place('x', { crisis: true, since: 9 }) };
const placeOf = (id: string): Place => places[id] ?? place(id);
const line = (order: string[], version: number | null = 5, total = order.length): Line => wholeLine(order, total, version);

describe('a change of the line', () => {
  test.each<[string, Line, Parameters<typeof changeLine>[1], string[], number]>([
    ['a newcomer goes where the server says', line(['a', 'b']), { added: [place('n', { position: 2 })], removed: [], version: 6 }, ['a', 'n', 'b'], 3],
    ['a place beyond the end is the end', line(['a']), { added: [place('n', { position: 40 })], removed: [], version: 6 }, ['a', 'n'], 2],
    ['without a place, who came first is first', line(['a', 'c']), { added: [place('n', { since: 2 })], removed: [], version: 6 }, ['a', 'n', 'c'], 3],
    ['a crisis goes first', line(['a', 'b']), { added: [place('n', { crisis: true, since: 9 })], removed: [], version: 6 }, ['n', 'a', 'b'], 3],
    ['behind a crisis that is there', line(['x', 'a']), { added: [place('n', { crisis: true, since: 10 })], removed: [], version: 6 }, ['x', 'n', 'a'], 3],
    ['who leaves is gone', line(['a', 'b', 'c']), { added: [], removed: ['b'], version: 6 }, ['a', 'c'], 2],
    ['told anew without a place, one stays where it is', line(['b', 'a']), { added: [place('a', { since: 1 })], removed: [], version: 6 }, ['b', 'a'], 2],
    ['told anew with a place, one moves', line(['b', 'a']), { added: [place('a', { position: 1 })], removed: [], version: 6 }, ['a', 'b'], 2],
    ['removed and added at once is there', line(['a', 'b']), { added: [place('a', { position: 2 })], removed: ['a'], version: 6 }, ['b', 'a'], 2],
    ['an old change changes nothing', line(['a'], 5), { added: [place('n')], removed: ['a'], version: 5 }, ['a'], 1],
    ['the first change after a welcome without a version counts', line(['a'], null), { added: [], removed: ['a'], version: 1 }, [], 0],
    ['the order that is told holds, whatever was before', line(['a', 'b', 'c']), { added: [place('n')], removed: ['b'], version: 6, total: 12, order: ['n', 'c', 'a'] }, ['n', 'c', 'a'], 12],
    ['an order alone moves', line(['a', 'b'], 5, 9), { added: [], removed: [], version: 6, order: ['b', 'a'] }, ['b', 'a'], 2],
    ['an old order changes nothing', line(['a', 'b']), { added: [], removed: [], version: 4, order: ['b', 'a'] }, ['a', 'b'], 2],
    ['the total that is told holds', line(['a'], 5, 9), { added: [], removed: ['a'], version: 6, total: 8 }, [], 8],
  ])('%s', (_what, before, change, order, total) => {
    const after = changeLine(before, change, placeOf);
    expect(after.order).toEqual(order);
    expect(after.total).toBe(total);
    expect(after.version).toBe(Math.max(change.version, before.version ?? 0));
  });

  test('two heartbeats in a row with a version that never came: the line is behind', () => {
    const once = lineBeat(line(['a']), { total: 1, version: 6 });
    expect(once.behind).toBe(1);
    expect(lineBeat(once, { total: 1, version: 6 }).behind).toBe(2);
    expect(changeLine(once, { added: [], removed: [], version: 6 }, placeOf).behind).toBe(0);
    expect(lineBeat(line(['a']), { total: 1, version: 5 })).toEqual(line(['a']));
  });

  test('who is taken leaves once', () => {
    const after = leaveLine(line(['a', 'b']), 'a');
    expect([after.order, after.total]).toEqual([['b'], 1]);
    expect(leaveLine(after, 'a')).toBe(after);
  });
});

describe('the line in the desk', () => {
  const ids = (desk: Parameters<typeof waiting>[0]): string[] => waiting(desk).map((talk) => talk.snap.conversation);

  test("the welcome's order is kept, whoever came first", () => {
    expect(ids(run([{ type: 'welcome', welcome: welcome([], [snap('b', { since: at(9) }), snap('a')]) }]))).toEqual(['b', 'a']);
  });

  test('a reset gives the whole anew', () => {
    const desk = run([
      { type: 'welcome', welcome: welcome([], [snap('a'), snap('b')], 3) },
      { type: 'line', added: [snap('c'), snap('a')], removed: [], version: 2, reset: true },
    ]);
    expect(ids(desk)).toEqual(['c', 'a']);
    expect(desk.line.version).toBe(2);
  });

  test('one that is told anew is shown anew, where the order says', () => {
    const desk = run([
      { type: 'welcome', welcome: welcome([], [snap('a', { head: 1 }), snap('b', { head: 4, feeling: 'calm' })], 3) },
      { type: 'line', added: [snap('b', { head: 6, feeling: 'angry' })], removed: [], version: 4, total: 7, order: ['b', 'a'] },
    ]);
    expect(ids(desk)).toEqual(['b', 'a']);
    expect(desk.line.total).toBe(7);
    expect(desk.talks['b']?.snap.feeling).toBe('angry');
  });

  test('a conversation that a colleague took leaves the line when it is watched', () => {
    const desk = run([
      { type: 'welcome', welcome: welcome([], [snap('a', { head: 1 })], 3) },
      happened('a', said('a', 1), event('a', 2, 'assigned', colleague, { agent: ville })),
    ]);
    expect(ids(desk)).toEqual([]);
  });

  test('what left the line unseen may be ours by the next event: nothing that is known of it is lost', () => {
    const before = run([{ type: 'welcome', welcome: welcome([], [snap('a', { feeling: 'calm' })], 1) }, { type: 'line', added: [], removed: ['a'], version: 2 }]);
    expect(before.line.order).toEqual([]);
    const after = run([happened('a', event('a', 1, 'assigned', system, { agent: me }))], before);
    expect(mine(after)[0]?.snap).toMatchObject({ language: 'fi', feeling: 'calm', state: 'agent' });
  });

  test('of those who left the line as many are remembered as there is room for, and what is open', () => {
    const many = Array.from({ length: 80 }, (_, i) => snap(`w${i}`, { customer_at: at(i) }));
    const before = run([{ type: 'welcome', welcome: welcome([], many, 1) }, { type: 'select', conversation: 'w0' }]);
    const after = run([{ type: 'line', added: [], removed: many.map((one) => one.conversation), version: 2 }], before);
    expect(Object.keys(after.talks)).toHaveLength(51);
    expect(after.talks['w0']).toBeDefined();
    expect(after.talks['w79']).toBeDefined();
  });
});
