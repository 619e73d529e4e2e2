import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Console } from '../src/desk/console.ts';
import { itemOf, modeOf, unsent } from '../src/state/select.ts';
import { chosen } from '../src/state/standing.ts';
import { en } from '../src/texts/en.ts';
import { around, desk, settle, tell } from './around.ts';
import { answered, colleague, event, me, noon, own, said, snap, ville } from './help.ts';

beforeEach(() => { vi.useFakeTimers({ now: noon }); });
afterEach(() => { vi.useRealTimers(); });

const reply = (console: Console): string => console.desk.value.drafts['m']?.reply ?? '';
const key = `kohta.draft.${me.id}.m`;
const kept = (text: string): string => JSON.stringify({ reply: text, note: '' });

describe('one agent in two windows', () => {
  test('what is written in the other is here too, and sent there it is sent', async () => {
    const console = await around(desk([own('m')])).open();
    console.select('m');
    console.shelved(key, null, kept('Hoidan sen'), false);
    expect(reply(console)).toBe('Hoidan sen');
    console.shelved(key, kept('Hoidan sen'), null, true);
    expect(reply(console)).toBe('');
    await settle();
  });

  test("another agent's shelf is not heard", async () => {
    const console = await around(desk([own('m')])).open();
    console.shelved('kohta.draft.someone.m', null, kept('x'), false);
    console.shelved('kohta.theme', null, 'dark', false);
    expect(console.desk.value.drafts).toEqual({});
  });

  test('words of mine that come from the other window are no draft any more; older ones and other words are', async () => {
    const fake = desk([own('m', { head: 2 })]);
    fake.events.set('m', [said('m', 1), answered('m', 2, 'Hoidan sen')]);
    const console = await around(fake).open();
    console.write('m', 'reply', 'Hoidan sen');
    tell(fake, answered('m', 2, 'Hoidan sen'));
    await settle();
    expect(reply(console)).toBe('Hoidan sen');
    tell(fake, event('m', 3, 'message', colleague, { text: 'Hoidan sen' }));
    await settle();
    expect(reply(console)).toBe('Hoidan sen');
    tell(fake, answered('m', 4, 'Hoidan sen', 'other-window'));
    await settle();
    expect(reply(console)).toBe('');
  });

  test('the same words again are a draft again, though the first are on their way', async () => {
    const fake = desk([own('m')]);
    const console = await around(fake).open();
    console.write('m', 'reply', 'ok');
    console.send('m', 'reply');
    console.write('m', 'reply', 'ok');
    await settle();
    expect([reply(console), fake.socket.of('post').length]).toEqual(['ok', 1]);
  });

  test('a window that has said nothing stands as the desk says the agent stands', async () => {
    const fake = desk();
    fake.me.agent = Object.assign({ ...me }, { status: 'online' as const });
    expect((await around(fake).open()).desk.value.standing).toEqual(chosen('online', ''));
    const world = around(fake);
    world.session.set('kohta.status', 'away:lunch');
    expect((await world.open()).desk.value.standing).toEqual(chosen('away', 'lunch'));
  });
});

describe('a note stays a note', () => {
  test('over a reload, with words and without', async () => {
    const world = around(desk([own('m'), own('n')]));
    const console = await world.open();
    console.mode('n', 'note');
    console.mode('m', 'note');
    console.write('m', 'note', 'Muista lasku');
    const again = (await world.open()).desk.value;
    expect([modeOf(again, 'm'), modeOf(again, 'n')]).toEqual(['note', 'note']);
    world.session.clear();
    const later = (await world.open()).desk.value;
    expect([modeOf(later, 'm'), modeOf(later, 'n')]).toEqual(['note', 'reply']);
    expect(itemOf(later.talks['m']!, later, noon, en)).toMatchObject({ by: 'Note draft:', said: 'Muista lasku' });
  });
});

describe('what was not sent', () => {
  const ids = (console: Console): readonly string[] => unsent(console.desk.value).map(({ id }) => id);

  test('stays in its lane when the conversation ends or goes to another', async () => {
    const fake = desk([own('m', { head: 1 }), own('n', { head: 1 })]);
    for (const id of ['m', 'n']) fake.events.set(id, [said(id, 1)]);
    const console = await around(fake).open();
    console.write('m', 'reply', 'Kiitos');
    console.write('n', 'note', 'Soita');
    expect(ids(console)).toEqual([]);
    tell(fake, event('m', 2, 'closed', { role: 'visitor' }, { by: 'visitor' }));
    tell(fake, event('n', 2, 'assigned', colleague, { agent: ville }));
    await settle();
    expect(unsent(console.desk.value).map(({ id, parts }) => [id, parts])).toEqual([['m', [{ kind: 'reply', text: 'Kiitos' }]], ['n', [{ kind: 'note', text: 'Soita' }]]]);
    console.discard('m');
    expect(ids(console)).toEqual(['n']);
  });

  test('of one that is not known here any more, the desk is asked whose it was', async () => {
    const fake = desk();
    const world = around(fake);
    world.shelf.set(key, kept('Kiitos'));
    fake.before = (socket, frame) => {
      if (frame.type === 'watch') socket.say({ type: 'signal', kind: 'snapshot', snapshot: snap('m', { state: 'closed', head: 1, visitor: { id: 'v', name: 'Marja' } }) });
      return false;
    };
    const console = await world.open();
    expect(unsent(console.desk.value)[0]?.talk?.snap.visitor?.name).toBe('Marja');
    expect(fake.socket.of('unwatch')).toMatchObject([{ conversation: 'm' }]);
  });

  test('what waits in the line, and what is written before it is taken, is in its place', async () => {
    const fake = desk([], [snap('m')]);
    const console = await around(fake).open();
    console.write('m', 'reply', 'Kohta');
    expect(ids(console)).toEqual([]);
    tell(fake, event('b', 1, 'message', { role: 'visitor' }, { text: 'hei' }));
    await settle();
    console.select('b');
    console.write('b', 'reply', 'Hei');
    expect(ids(console)).toEqual([]);
  });
});
