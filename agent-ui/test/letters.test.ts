import type { FakeDesk } from '@kohta/client/fake';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Console } from '../src/desk/console.ts';
import { actOf, isWord } from '../src/state/keys.ts';
import { noQuiet, press, type Quiet } from '../src/state/quiet.ts';
import { asksFirst, doubtOf } from '../src/state/sure.ts';
import { around, desk, settle } from './around.ts';
import { at, event, noon, own, run, said, snap, system, welcome } from './help.ts';

beforeEach(() => { vi.useFakeTimers({ now: noon }); });
afterEach(() => { vi.useRealTimers(); });

const place = { typing: false, dialog: false, single: true, offer: false };
const pressed = (key: string) => ({ key, ctrl: false, meta: false, alt: false, repeat: false });

/** As the page does it: a letter goes to the console unless a window is open, which has its own keys. */
async function type(console: Console, words: string): Promise<void> {
  for (const key of words) {
    const here = { ...place, dialog: console.dialog.peek() !== null };
    const act = actOf(pressed(key), here);
    if (act !== null) console.letter(act);
    else if (isWord(pressed(key), here)) console.stray();
    await vi.advanceTimersByTimeAsync(120);
  }
}

describe('letters beside a field', () => {
  test.each(['hello there', 'ello', 'ok exactly', 'kehno exo', 'e o e x', 'jerkjerk', 'to you'])('“%s” ends nothing', async (words) => {
    const fake = desk([own('m'), own('m2')], [snap('w')]);
    const console = await around(fake).open();
    console.select('m');
    await type(console, words);
    await settle();
    expect(fake.socket.of('resolve')).toEqual([]);
  });

  test.each(['hello there', 'ello', 'elo x o x'])('“%s” takes nobody from the line', async (words) => {
    const fake = desk([own('m')], [snap('w')]);
    const console = await around(fake).open();
    console.select('m');
    await type(console, words);
    await settle();
    expect(fake.socket.of('take')).toEqual([]);
    expect(console.desk.value.drafts).toEqual({});
  });

  test('e asks, and yes resolves; o does nothing for two seconds after it', async () => {
    const fake = desk([own('m')], [snap('w')]);
    const console = await around(fake).open();
    console.select('m');
    console.letter('resolve');
    await settle();
    expect([console.dialog.value, fake.socket.of('resolve').length]).toEqual(['resolve', 0]);
    await settle(1_500);
    console.sure('resolve', 'm');
    await settle(1_900);
    console.letter('take');
    await settle();
    expect([fake.socket.of('resolve').length, fake.socket.of('take').length, console.dialog.value]).toEqual([1, 0, null]);
    await settle(2_000);
    console.letter('take');
    await settle();
    expect(fake.socket.of('take')).toHaveLength(1);
  });

  test('who has found the field and left it is heard again at once', async () => {
    const fake = desk([own('m')], [snap('w')]);
    const console = await around(fake).open();
    console.letter('take');
    console.write('m', 'reply', 'hei');
    console.select('m');
    console.letter('note');
    await settle();
    expect(console.desk.value.modes).toEqual({ m: 'note' });
  });

  test("e over a colleague's conversation asks nothing", async () => {
    const console = await around(desk([], [snap('w')])).open();
    console.select('w');
    console.letter('resolve');
    expect(console.dialog.value).toBeNull();
  });

  test.each<[string, readonly (readonly [string | null, number])[], readonly boolean[]]>([
    ['one after the other', [['next', 0], ['next', 100], ['baton', 200]], [true, true, true]],
    ['right after a change nothing is heard', [['take', 0], ['baton', 500], ['baton', 1_400]], [true, false, false]],
    ['a second later it is', [['take', 0], ['baton', 1_000]], [true, true]],
    ['walking on does not make it longer', [['take', 0], ['next', 900], ['next', 1_000]], [true, false, true]],
    ['a letter that stands for nothing is the beginning of words', [[null, 0], ['resolve', 100]], [false, false]],
    ['o not within two seconds of e', [['resolve', 0], ['take', 1_500], ['takeNext', 2_600]], [true, false, true]],
  ])('%s', (_what, presses, heard) => {
    let quiet: Quiet = noQuiet;
    expect(presses.map(([act, now]) => {
      const after = press(quiet, act as Parameters<typeof press>[1], now + 1);
      quiet = after.quiet;
      return after.heard;
    })).toEqual(heard);
  });
});

const resolved = (fake: FakeDesk): string[] => fake.socket.of<'resolve'>('resolve').map(({ conversation }) => conversation);

describe('letting a conversation go', () => {
  const promise = { at: at(3_600), channel: 'phone' };

  test('the button does it at once, but for words that were not sent', async () => {
    const fake = desk([own('m'), own('n')]);
    const console = await around(fake).open();
    console.select('m');
    console.act('resolve', 'm');
    console.select('n');
    console.write('n', 'reply', 'Hoidan');
    console.act('resolve', 'n');
    await settle();
    expect([resolved(fake), console.dialog.value]).toEqual([['m'], 'resolve']);
    console.sure('resolve', 'n');
    await settle();
    expect(resolved(fake)).toEqual(['m', 'n']);
  });

  test('a promised call that is ahead is told of, one that was taken back is not', () => {
    const before = run([{ type: 'welcome', welcome: welcome([own('m', { head: 1, promise }), own('late', { promise: { at: at(-60) } })]) }]);
    const doubts = (id: string, desk = before) => doubtOf('resolve', desk.talks[id]!, desk, noon).promise;
    expect([doubts('m'), doubts('late'), doubtOf('release', before.talks['m']!, before, noon).promise]).toEqual(['call', null, null]);
    const after = run([{ type: 'events', conversation: 'm', events: [event('m', 2, 'promised', system, { reason: 'cancelled' })], now: noon }], before);
    expect(doubts('m', after)).toBeNull();
  });

  test('the last word of the customer alone lets the button be', () => {
    const before = run([{ type: 'welcome', welcome: welcome([own('m')]) }, { type: 'events', conversation: 'm', events: [said('m', 1)], now: noon }]);
    const doubt = doubtOf('resolve', before.talks['m']!, before, noon);
    expect([doubt.last, asksFirst(doubt)]).toEqual([true, false]);
  });
});
