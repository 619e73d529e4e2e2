import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { alarm, heardFrom, titleOf } from '../src/state/announce.ts';
import { wordOfSender } from '../src/state/hands.ts';
import type { Desk } from '../src/state/model.ts';
import { owedAt } from '../src/state/owed.ts';
import { placeIn } from '../src/state/place.ts';
import { mine } from '../src/state/select.ts';
import { en } from '../src/texts/en.ts';
import { around, desk, settle, tell } from './around.ts';
import { agent, answered, at, bot, colleague, event, happened, me, noon, own, run, said, snap, system, ville, welcome } from './help.ts';

beforeEach(() => { vi.useFakeTimers({ now: noon }); });
afterEach(() => { vi.useRealTimers(); });

const order = (desk: Desk): string => mine(desk).map((talk) => talk.snap.conversation).join(' ');
const named = (id: string, name: string) => own(id, { visitor: { id: `v-${id}`, name } });
const with2 = run([{ type: 'welcome', welcome: welcome([named('m', 'Marja'), named('t', 'Timo')]) }]);
const answers = (c: string, seq: number) => answered(c, seq);

describe('my conversations', () => {
  test.each<[string, readonly ReturnType<typeof said>[], number]>([
    ['who writes again is owed since the first word', [answers('m', 1), said('m', 10), said('m', 50)], 10],
    ['an answer begins anew', [said('m', 1), answers('m', 5), said('m', 9), answers('m', 20), said('m', 30)], 30],
    ["the bot's answers are none, and what was said before a person was called is not owed", [said('m', 1), event('m', 2, 'message', bot, { text: 'x' }), event('m', 3, 'escalated', system, { reason: 'asked' }), said('m', 8)], 8],
    ['a log that begins later tells the first that is known', [said('m', 40), said('m', 50)], 40],
  ])('%s', (_what, events, seconds) => {
    const after = run([happened('m', ...events)], with2);
    expect(owedAt(after.talks['m']!)).toBe(noon + seconds * 1000);
  });

  test('who writes again does not fall behind who wrote once, and unread words stand first', () => {
    const both = run([happened('m', said('m', 10)), happened('t', said('t', 20)), { type: 'seen', conversation: 'm', seq: 10 }, { type: 'seen', conversation: 't', seq: 20 }], with2);
    expect(order(both)).toBe('m t');
    const again = run([happened('m', said('m', 30)), { type: 'seen', conversation: 'm', seq: 30 }], both);
    expect(order(again)).toBe('m t');
    expect(order(run([happened('t', said('t', 40))], again))).toBe('t m');
  });

  test('what is opened does not move until another is', () => {
    const both = run([happened('m', said('m', 10)), happened('t', said('t', 20)), { type: 'seen', conversation: 'm', seq: 10 }], with2);
    const open = run([{ type: 'select', conversation: 't' }, { type: 'seen', conversation: 't', seq: 20 }], both);
    expect([order(both), order(open), order(run([{ type: 'select', conversation: 'm' }], open))]).toEqual(['t m', 't m', 'm t']);
  });

  test('j walks past each once, though reading moves them', async () => {
    const fake = desk(['a', 'b', 'c'].map((id) => own(id)));
    const console = await around(fake).open();
    ['a', 'b', 'c'].forEach((id, i) => tell(fake, { ...said(id, 1), at: at(i) }));
    await settle();
    const walked: (string | null)[] = [];
    for (let i = 0; i < 3; i++) {
      console.press('next');
      await settle();
      walked.push(console.desk.value.selected);
      console.seen(console.desk.value.selected ?? '');
    }
    expect(walked).toEqual(['a', 'b', 'c']);
  });
});

describe('a place in the line', () => {
  const line = run([{ type: 'welcome', welcome: welcome([], [snap('a'), snap('b')]) }]);
  const place = (desk: Desk, id: string) => placeIn(desk.talks[id]!, desk, en)?.place;
  test('is told', () => expect([place(line, 'a'), place(line, 'b')]).toEqual([1, 2]));
  test('not while it is held out to somebody', () => expect(place(run([{ type: 'line', added: [snap('a', { head: 1, offer: { agent: ville.id, until: at(30) } })], removed: [], version: 2 }], line), 'a')).toBeNull());
  test('nor beyond the end of the line', () => expect(place({ ...line, line: { ...line.line, total: 1 } }, 'b')).toBeNull());
});

describe('what is read out', () => {
  test('a crisis that comes to the line, at once and once', () => {
    const before = run([{ type: 'welcome', welcome: welcome() }]);
    const after = run([{ type: 'line', added: [snap('w', { reason: 'crisis' })], removed: [], version: 1 }], before);
    expect(alarm(before, after, en)).toContain('Somebody may be in danger: Visitor');
    expect(alarm(after, run([{ type: 'names', names: {} }, { type: 'line', added: [snap('x')], removed: [], version: 2 }], after), en)).toBe('');
  });

  test("the danger of one's own customer too, and who waits already when one comes", () => {
    expect(alarm(with2, run([happened('m', event('m', 1, 'feeling', system, { feeling: 'crisis' }))], with2), en)).toContain('Marja');
    const empty = run([]);
    expect(alarm(empty, run([{ type: 'welcome', welcome: welcome([], [snap('w', { feeling: 'crisis' })]) }], empty), en)).not.toBe('');
  });

  test('who writes elsewhere than on the screen', () => {
    const open = run([{ type: 'select', conversation: 'm' }], with2);
    expect(heardFrom(open, run([happened('t', said('t', 1))], open), en)).toEqual(['Marja Heikkilä']);
    expect(heardFrom(open, run([happened('m', said('m', 1))], open), en)).toEqual([]);
    expect(heardFrom(open, run([happened('t', event('t', 1, 'message', agent, { text: 'x' }))], open), en)).toEqual([]);
  });

  test('not oftener than one can listen to', async () => {
    const fake = desk([own('m'), own('t')]);
    const console = await around(fake).open();
    tell(fake, said('m', 1));
    await settle();
    expect(console.voice.said.value).toBe('Uusia viestejä: Marja Heikkilä.');
    console.voice.say('muuta');
    tell(fake, said('t', 1));
    await settle(1_000);
    expect(console.voice.said.value).toBe('muuta');
    await settle(5_000);
    expect(console.voice.said.value).toBe('Uusia viestejä: Marja Heikkilä.');
  });

  test('what was done, by whom it was with', async () => {
    const fake = desk([named('m', 'Marja')]);
    fake.before = (socket, frame) => {
      if (frame.type !== 'resolve') return false;
      socket.say({ type: 'ack', key: frame.key, conversation: 'm', seq: 1 });
      return true;
    };
    const console = await around(fake).open();
    console.select('m');
    console.act('resolve', 'm');
    await settle();
    expect([console.voice.said.value, console.focus.value?.what]).toEqual(['Ratkaistu: Marja.', 'stay']);
  });

  test.each<[Desk, string]>([
    [with2, 'Kohta'], [run([happened('m', said('m', 1))], with2), '(1) Kohta'],
    [run([{ type: 'line', added: [snap('w'), snap('x')], removed: [], version: 1 }], with2), 'Kohta, 2 waiting'],
    [run([{ type: 'line', added: [snap('w', { reason: 'crisis' })], removed: [], version: 1 }], with2), 'Crisis. Kohta, 1 waiting'],
  ])('the title %#', (desk, title) => expect(titleOf(desk, en)).toBe(title));
});

describe('the word of a colleague who passes on', () => {
  const passed = event('m', 2, 'transferred', colleague, { agent: { id: me.id }, note: 'letku on vaihdettu' });
  test('is there until somebody has it', () => {
    expect(wordOfSender([said('m', 1), passed])).toBe('letku on vaihdettu');
    expect(wordOfSender([said('m', 1), passed, event('m', 3, 'assigned', agent, { agent: { id: me.id } })])).toBe('');
    expect(wordOfSender([said('m', 1)])).toBe('');
  });

  test('is fetched with the offer', async () => {
    const fake = desk();
    fake.events.set('o', [said('o', 1), { ...passed, conversation: 'o' }]);
    const console = await around(fake).open();
    tell(fake, { type: 'signal', kind: 'offer', snapshot: snap('o', { head: 2, offer: { agent: me.id, until: at(30), from: ville.id } }), until: at(30), from: ville });
    await settle();
    expect(wordOfSender(console.desk.value.talks['o']!.events)).toBe('letku on vaihdettu');
  });
});
