import { describe, expect, test } from 'vitest';
import type { KohtaEvent } from '@kohta/client';
import { address, alive, asked, current, heads, reduce, start, unread } from '../src/app/state.ts';
import { AINO, aino, after, bot, kept, me, NOW, says, talk, told, welcome } from './make.ts';

describe('a conversation', () => {
  test('is folded from its events', () => {
    const s = told(talk('c', says(me, 'moi'), says(bot, 'hei'), { kind: 'escalated', reason: 'asked' }, { kind: 'assigned', agent: AINO }));
    expect(current(s)?.snapshot).toMatchObject({ conversation: 'c', state: 'agent', agent: AINO, head: 4 });
    expect(asked(s)).toBe(true);
    expect(heads(s)).toEqual({ c: 4 });
  });

  test('is as the desk says, unless the desk is behind', () => {
    let s = told(talk('c', says(me, 'moi'), { kind: 'escalated', reason: 'asked' }));
    s = reduce(s, { do: 'welcome', frame: welcome({ conversation: 'c', state: 'waiting', head: 2, position: 3 }), anew: false });
    expect(current(s)?.snapshot.position).toBe(3);
    s = reduce(s, { do: 'welcome', frame: welcome({ conversation: 'c', state: 'bot', head: 1 }), anew: false });
    expect(current(s)?.snapshot.state).toBe('waiting');
    expect(current(s)?.events).toHaveLength(2);
  });

  test('that is open comes last, whenever it began', () => {
    const old = talk('a', says(me, '1'));
    const closed = talk('b', says(me, '2'), { kind: 'closed', by: 'agent' }).map((e): KohtaEvent => ({ ...e, at: new Date(2026, 2, 17, 16).toISOString() }));
    expect(told(old, closed).order).toEqual(['b', 'a']);
  });

  test('of another identity is forgotten; what waits to be sent is not', () => {
    const post = kept({ type: 'post', key: 'k', conversation: null, text: 'x' });
    let s = reduce(told(talk('c', says(me, 'moi'))), { do: 'kept', kept: [post] });
    s = reduce(s, { do: 'welcome', frame: welcome(), anew: true });
    expect(s.order).toEqual([]);
    expect(s.kept).toEqual([post]);
  });

  test('its place in the line and its signs come by signals', () => {
    let s = told(talk('c', says(me, 'moi'), { kind: 'escalated', reason: 'asked' }));
    s = reduce(s, { do: 'signal', at: 1, signal: { type: 'signal', kind: 'line', conversation: 'c', position: 2, wait: { low_s: 60, high_s: 120 } } });
    expect(current(s)?.snapshot).toMatchObject({ position: 2, wait: { low_s: 60, high_s: 120 } });
    s = reduce(s, { do: 'signal', at: 5, signal: { type: 'signal', kind: 'typing', conversation: 'c', from: { role: 'agent', name: 'Aino' } } });
    expect(current(s)?.typing).toEqual({ name: 'Aino', until: 6005 });
    s = reduce(s, { do: 'signal', at: 7, signal: { type: 'signal', kind: 'read', conversation: 'c', by: 'agent', seq: 1 } });
    expect(current(s)).toMatchObject({ readAt: 7, snapshot: { read: { agent: 1 } } });
    expect(reduce(s, { do: 'signal', at: 9, signal: { type: 'signal', kind: 'read', conversation: 'c', by: 'agent', seq: 1 } })).toBe(s);
    expect(reduce(s, { do: 'signal', at: 9, signal: { type: 'signal', kind: 'typing', conversation: 'elsewhere', from: aino } })).toBe(s);
  });

  test('typing ends when the message comes', () => {
    let s = told(talk('c', says(me, 'moi')));
    s = reduce(s, { do: 'signal', at: 5, signal: { type: 'signal', kind: 'typing', conversation: 'c', from: aino } });
    s = reduce(s, { do: 'events', conversation: 'c', events: [{ ...talk('c', says(aino, 'hei'))[0]!, seq: 2 }] });
    expect(current(s)?.typing).toBeNull();
  });
});

describe('the past', () => {
  test('is ready when every conversation of the welcome has been told', () => {
    let s = after({ do: 'welcome', frame: welcome({ conversation: 'c', head: 2 }), anew: false });
    expect([s.ready, s.greeted]).toEqual([false, false]);
    const [one, two] = talk('c', says(me, 'moi'), says(bot, 'hei'));
    s = reduce(s, { do: 'events', conversation: 'c', events: [one!] });
    expect(s.ready).toBe(false);
    s = reduce(s, { do: 'events', conversation: 'c', events: [two!] });
    expect(s.ready).toBe(true);
  });
  test('that is empty is greeted', () => {
    expect(after({ do: 'welcome', frame: welcome(), anew: false })).toMatchObject({ ready: true, greeted: true });
    expect(start.ready).toBe(false);
  });
});

describe('new words go', () => {
  const now = NOW.getTime();
  test.each([
    ['nowhere yet', [], null],
    ['into the open conversation', [talk('c', says(me, 'moi'))], 'c'],
    ['back to the agent who closed today', [talk('c', says(me, 'moi'), { kind: 'closed', by: 'agent' })], 'c'],
    ['into a new one after the customer ended it', [talk('c', says(me, 'moi'), { kind: 'closed', by: 'visitor' })], null],
  ])('%s', (_name, talks, where) => expect(address(told(...talks), now)).toBe(where));
  test('into a new one after a day', () => {
    expect(address(told(talk('c', says(me, 'moi'), { kind: 'closed', by: 'agent' })), now + 25 * 3_600_000)).toBeNull();
  });
});

describe('unread', () => {
  const s = told(talk('c', says(me, '1'), says(bot, '2'), says(aino, '3'), says(me, '4')));
  test("counts others' messages after the last that was seen, and names the person", () => {
    expect(unread(s)).toEqual({ count: 2, person: 'Aino Lahti' });
    expect(unread(reduce(s, { do: 'seen', seen: { c: 2 } }))).toEqual({ count: 1, person: 'Aino Lahti' });
    expect(unread(reduce(s, { do: 'seen', seen: { c: 3 } }))).toEqual({ count: 0, person: null });
  });
  test('what was seen in one window is seen in all, and never unseen', () => {
    const seen = reduce(reduce(s, { do: 'seen', seen: { c: 3 } }), { do: 'seen', seen: { c: 1, d: 4 } });
    expect(seen.seen).toEqual({ c: 3, d: 4 });
    expect(reduce(s, { do: 'signal', at: 0, signal: { type: 'signal', kind: 'read', conversation: 'c', by: 'visitor', seq: 3 } }).seen).toEqual({ c: 3 });
    expect(reduce(start, { do: 'welcome', frame: welcome({ conversation: 'c', read: { visitor: 2 } }), anew: false }).seen).toEqual({ c: 2 });
  });
});

test('something may still come while a conversation is open or words wait', () => {
  expect(alive(told())).toBe(false);
  expect(alive(told(talk('c', says(me, 'moi'))))).toBe(true);
  expect(alive(told(talk('c', says(me, 'moi'), { kind: 'closed', by: 'visitor' })))).toBe(false);
  expect(alive(reduce(told(), { do: 'kept', kept: [kept({ type: 'ask_human', key: 'k', conversation: null })] }))).toBe(true);
});
