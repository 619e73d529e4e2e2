import { describe, expect, test } from 'vitest';

import { commands, matching } from '../src/state/commands.ts';
import { itemOf, nextOwn, passedAway } from '../src/state/select.ts';
import { asideUntil } from '../src/state/snooze.ts';
import { newestWord } from '../src/state/talks.ts';
import { en } from '../src/texts/en.ts';
import { agent, answered, customer, event, happened, noon, own, run, said, snap, ville, welcome } from './help.ts';

const local = (hours: number): number => new Date(2026, 2, 17, hours).getTime();
const iso = (hours: number): string => new Date(local(hours)).toISOString();

describe('a snooze', () => {
  test('tells what the customer reads, in their language', () => {
    expect(asideUntil(local(15), own('m', { language: 'fi' }), local(12), en)).toEqual({ told: 'Jatkamme tästä: klo 15.00', language: 'fi', sooner: '' });
    expect(asideUntil(local(15), own('m', { language: 'de' }), local(12), en).told).toBe('We go on here: 15:00');
  });
  test.each<[string, string, number, string]>([
    ['a call before it ends it', 'phone', 14, 'A call is promised: 14:00. The conversation comes back then.'],
    ['so does a letter', 'email', 14, 'A reply by mail is promised: 14:00. The conversation comes back then.'],
    ['one after it does not', 'phone', 16, ''],
  ])('%s', (_what, channel, hour, sooner) => expect(asideUntil(local(15), own('m', { promise: { at: iso(hour), channel } }), local(12), en)).toMatchObject({ told: '', sooner }));
  test('a promise that is over is none', () => expect(asideUntil(local(15), own('m', { promise: { at: iso(11) } }), local(12), en).told).not.toBe(''));
});

describe('after a conversation', () => {
  const both = run([{ type: 'welcome', welcome: welcome([own('m'), own('n')]) }, { type: 'select', conversation: 'm' }]);
  test('the next of mine is at hand', () => {
    const over = run([happened('m', event('m', 1, 'closed', agent, { by: 'agent' }))], both);
    expect(nextOwn(over)?.snap.conversation).toBe('n');
    expect(nextOwn(run([happened('n', event('n', 1, 'closed', agent, { by: 'agent' }))], over))).toBeNull();
  });
  test('what I passed on is over for me, what was taken from me with words in the box is not', () => {
    const passed = run([happened('m', event('m', 1, 'transferred', agent, { agent: ville }))], both);
    expect(passedAway(passed.talks['m']!, passed)).toBe(true);
    expect(passedAway(both.talks['m']!, both)).toBe(false);
    const wrote = run([{ type: 'write', conversation: 'm', kind: 'reply', text: 'x' }], passed);
    expect(passedAway(wrote.talks['m']!, wrote)).toBe(false);
  });
});

test('the newest words are what people say and note, not what is felt or read', () => {
  const after = run([happened('m', said('m', 1), answered('m', 2), event('m', 3, 'feeling', { role: 'system' }, { feeling: 'calm' }))]);
  expect(newestWord(after.talks['m']!)).toBe(2);
});

test('the words of an item are of the conversation, but for a note', () => {
  const line = run([{ type: 'welcome', welcome: welcome([own('m', { language: 'sv' })]) }, happened('m', event('m', 1, 'message', customer, { text: 'hej' }))]);
  expect(itemOf(line.talks['m']!, line, noon, en).saidIn).toBe('sv');
  const note = run([{ type: 'write', conversation: 'm', kind: 'note', text: 'muista' }], line);
  expect(itemOf(note.talks['m']!, note, noon, en).saidIn).toBeUndefined();
});

test('a conversation that a supervisor was told of is found too', () => {
  const told = run([
    { type: 'welcome', welcome: welcome() }, { type: 'alert', what: 'silence', conversation: 'far', who: 'Ville', now: noon },
    { type: 'snapshot', snapshot: snap('far', { state: 'agent', agent: ville, about: 'letku' }) },
  ]);
  expect(matching(commands(told, en), 'letku')).toHaveLength(1);
});
