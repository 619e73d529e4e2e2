import type { FakeDesk } from '@kohta/client/fake';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Console } from '../src/desk/console.ts';
import { chosen } from '../src/state/standing.ts';
import { actsOf, mayWrite } from '../src/state/acts.ts';
import { placeIn } from '../src/state/place.ts';
import { mine, takable } from '../src/state/select.ts';
import { fi } from '../src/texts/fi.ts';
import { around, desk, settle, tell } from './around.ts';
import { me, noon, own, said, snap, ville, event, colleague } from './help.ts';

beforeEach(() => { vi.useFakeTimers({ now: noon }); });
afterEach(() => { vi.useRealTimers(); });

describe('the console and its line', () => {
  test("opens with the desk's lists", async () => {
    const console = await around(desk([own('m')], [snap('w')])).open();
    expect(console.desk.value.link.state).toBe('online');
    expect(console.desk.value.line.order).toEqual(['w']);
    expect(mine(console.desk.value)).toHaveLength(1);
  });

  test('nobody signed in: the door', async () => {
    const world = around(desk());
    world.answers.session = { ok: false, why: 'refused', wait: 0 };
    expect((await world.open()).session.value).toEqual({ name: 'out', why: '' });
  });

  test("watches what is open and another's, and lets go of it", async () => {
    const fake = desk([own('m')], [snap('w1'), snap('w2')]);
    const console = await around(fake).open();
    for (const id of ['w1', 'w2', 'm']) console.select(id);
    await settle();
    expect(fake.socket.of('watch').map((frame) => frame.conversation)).toEqual(['w1', 'w2']);
    expect(fake.socket.of('unwatch').map((frame) => frame.conversation)).toEqual(['w1', 'w2']);
  });

  test('what is given at once comes with events alone: the console asks how it stands, and lets go of it again', async () => {
    const fake = desk();
    const console = await around(fake).open();
    fake.before = (socket, frame) => {
      if (frame.type === 'watch') socket.say({ type: 'signal', kind: 'snapshot', snapshot: own('n', { head: 1, language: 'sv', feeling: 'angry' }) });
      return false;
    };
    fake.event('n', 'message', { text: 'Hei' }, true);
    fake.event('n', 'assigned', { agent: me, from: { role: 'system' } });
    await settle();
    expect(mine(console.desk.value)[0]?.snap).toMatchObject({ language: 'sv', feeling: 'angry', state: 'agent', fence: 2, head: 2 });
    expect(fake.socket.of('watch').map((frame) => frame.conversation)).toEqual(['n']);
    expect(fake.socket.of('unwatch').map((frame) => frame.conversation)).toEqual(['n']);
  });

  test('an answer changes nothing of what is known already', async () => {
    const fake = desk([], [snap('w', { head: 4, head_start_s: 60 })]);
    const console = await around(fake).open();
    console.select('w');
    tell(fake, { type: 'signal', kind: 'snapshot', snapshot: snap('w', { head: 4, head_start_s: null }) });
    await settle();
    expect(console.desk.value.talks['w']?.snap.head_start_s).toBe(60);
  });

  test('what has moved where this agent sees nothing is not to be taken, until it comes back', async () => {
    const fake = desk([own('m')], [snap('w'), snap('x')]);
    const console = await around(fake).open();
    console.select('w');
    await settle();
    fake.before = (socket, frame) => {
      if (frame.type !== 'watch') return false;
      socket.say({ type: 'error', code: 'not_found', message: '', conversation: frame.conversation });
      return true;
    };
    tell(fake, { type: 'signal', kind: 'line', added: [], removed: ['w'], version: 2 });
    await settle();
    const talk = console.desk.value.talks['w']!;
    expect(talk.gone).toBe(true);
    expect(actsOf(talk, console.desk.value)).toEqual([]);
    expect(mayWrite(talk, console.desk.value)).toEqual({ reply: false, note: false });
    expect(placeIn(talk, console.desk.value, fi)).toBeNull();
    expect(takable(console.desk.value)).toBe('x');
    fake.before = () => false;
    tell(fake, { type: 'signal', kind: 'line', added: [snap('w')], removed: [], version: 3 });
    await settle();
    expect(actsOf(console.desk.value.talks['w']!, console.desk.value)).toEqual(['take']);
  });

  test('a take that finds nothing leaves nothing to take', async () => {
    const fake = desk([], [snap('w')]);
    fake.before = (socket, frame) => (frame.type === 'take' ? fake.refuse(socket, frame.key, 'not_found') : false);
    const console = await around(fake).open();
    console.take('w');
    await settle();
    expect(console.desk.value.line.order).toEqual([]);
    expect(actsOf(console.desk.value.talks['w']!, console.desk.value)).toEqual([]);
  });

  test('what is open is open again after a reload, what has ended is not', async () => {
    const fake = desk([own('m')], [snap('w')]);
    const world = around(fake);
    (await world.open()).select('m');
    const again = await world.open();
    expect(again.desk.value.selected).toBe('m');
    fake.event('m', 'closed', { by: 'agent', from: { ...me, role: 'agent' } });
    await settle();
    expect((await world.open()).desk.value.selected).toBeNull();
  });

  test('what is open no more, and not to be seen, leaves nothing open', async () => {
    const fake = desk();
    fake.before = (socket, frame) => {
      if (frame.type !== 'watch') return false;
      socket.say({ type: 'error', code: 'not_found', message: '', conversation: frame.conversation });
      return true;
    };
    const world = around(fake);
    world.session.set('kohta.open', 'gone');
    const console = await world.open();
    expect(console.desk.value.selected).toBeNull();
    expect(world.session.has('kohta.open')).toBe(false);
  });

  test('every write carries the fence that it relies on, a take from the line too', async () => {
    const fake = desk([own('m', { fence: 7 })], [snap('w', { fence: 0 }), snap('back', { fence: 3 })]);
    const console = await around(fake).open();
    console.write('m', 'reply', 'Hei');
    console.send('m', 'reply');
    console.write('m', 'note', 'muista');
    console.send('m', 'note');
    console.take('w');
    console.take('back');
    console.act('release', 'm');
    console.act('to_bot', 'm');
    console.act('resolve', 'm');
    console.transfer('m', { team: 'billing' }, '');
    console.snooze('m', noon);
    await settle();
    const sent = (['post', 'note', 'take', 'release', 'to_bot', 'resolve', 'transfer', 'snooze'] as const)
      .flatMap((type) => fake.socket.of(type).map((frame) => `${type} ${frame.conversation} ${'fence' in frame ? frame.fence : 'none'}`));
    expect(sent).toEqual(['post m 7', 'note m 7', 'take w 0', 'take back 3', 'release m 7', 'to_bot m 7', 'resolve m 7', 'transfer m 7', 'snooze m 7']);
  });

  test('one that slept sends with the fence from before: what changed hands meanwhile refuses it', async () => {
    const fake = desk([own('m', { fence: 7 })]);
    const console = await around(fake).open();
    fake.down = true;
    fake.socket.end(1006);
    await settle(2_000);
    console.write('m', 'reply', 'Hoidan sen');
    console.send('m', 'reply');
    fake.snapshots = [own('m', { fence: 12, head: 14 })];
    fake.down = false;
    console.wake();
    await settle(3_000);
    expect(console.desk.value.talks['m']?.snap.fence).toBe(12);
    expect(fake.socket.of('post')).toMatchObject([{ text: 'Hoidan sen', fence: 7 }]);
  });

  test('a second press takes nothing twice, and over from nobody', async () => {
    const fake = desk([], [snap('w', { fence: 0 })]);
    const taken = { type: 'error', conversation: 'w', code: 'conflict', message: '' } as const;
    const keys: string[] = [];
    fake.before = (_socket, frame) => {
      if (frame.type !== 'take') return false;
      keys.push(frame.key);
      return true;
    };
    const console = await around(fake).open();
    console.press('take');
    console.press('take');
    await settle();
    expect(keys).toHaveLength(1);
    tell(fake, { ...taken, key: keys[0] });
    await settle();
    expect(console.desk.value.notices).toMatchObject([{ conversation: 'w', why: 'conflict', sort: 'take' }]);
  });

  test('a press that a colleague was faster than takes over nothing; a later one does', async () => {
    const fake = desk([], [snap('w', { fence: 0 })]);
    const console = await around(fake).open();
    console.select('w');
    await settle();
    tell(fake, event('w', 1, 'assigned', colleague, { agent: ville }));
    await settle(10);
    console.press('take');
    console.act('takeOver', 'w');
    await settle(100);
    expect(fake.socket.of('take')).toEqual([]);
    await settle(1_000);
    console.act('takeOver', 'w');
    await settle();
    expect(fake.socket.of('take')).toMatchObject([{ conversation: 'w', fence: 1 }]);
  });

  test('a status that was said before a break is said again by itself, and before anything else', async () => {
    const fake = desk();
    const console = await around(fake).open();
    console.stand(chosen('online', ''));
    fake.down = true;
    fake.socket.end(1001);
    await settle(3_000);
    fake.down = false;
    console.wake();
    await settle(3_000);
    expect(fake.sockets.length).toBeGreaterThan(1);
    expect(fake.socket.of('presence')).toEqual([{ type: 'presence', status: 'online' }]);
    expect(console.desk.value.standing.status).toBe('online');
  });

  test('nothing is sent to a conversation that is not mine', async () => {
    const fake = desk([], [snap('w')]);
    const console = await around(fake).open();
    console.write('w', 'reply', 'Hei');
    console.send('w', 'reply');
    await settle();
    expect(fake.socket.of('post')).toEqual([]);
    expect(console.desk.value.drafts['w']?.reply).toBe('Hei');
  });

  test('the status of this session comes back after a reload and is said again after a break', async () => {
    const fake = desk();
    const world = around(fake);
    (await world.open()).stand(chosen('online', ''));
    const again = await world.open();
    expect(again.desk.value.standing.status).toBe('online');
    fake.socket.end(1012);
    await settle(3_000);
    expect(fake.socket.of('presence').at(-1)).toEqual({ type: 'presence', status: 'online' });
  });

  test('a line that was lost twice is asked for anew, once', async () => {
    const fake = desk([], [snap('w')]);
    const console = await around(fake).open();
    tell(fake, { type: 'signal', kind: 'line', added: [], removed: [], version: 5 });
    tell(fake, { type: 'heartbeat', heads: {}, line: { total: 2, version: 9 } });
    tell(fake, { type: 'heartbeat', heads: {}, line: { total: 2, version: 9 } });
    await settle(2_000);
    expect(fake.sockets).toHaveLength(2);
    expect(console.desk.value.link.state).toBe('online');
  });

  test('the session ended while the line was down: begins anew and says so', async () => {
    const fake = desk();
    const world = around(fake);
    await world.open();
    world.answers.session = { ok: false, why: 'refused', wait: 0 };
    fake.down = true;
    fake.socket.end(3503);
    await settle(2_000);
    expect(world.reloads).toHaveLength(1);
    expect((await world.open()).session.value).toEqual({ name: 'out', why: 'ended' });
  });

  test('what is open on the screen is marked as read, once, and only if it is mine', async () => {
    const fake = desk([own('m')], [snap('w')]);
    const console = await around(fake).open();
    fake.events.set('m', [said('m', 1)]);
    tell(fake, said('m', 1));
    tell(fake, said('w', 1));
    await settle();
    for (const id of ['m', 'm', 'w']) console.seen(id);
    await settle();
    expect(fake.socket.of('read')).toEqual([{ type: 'read', conversation: 'm', seq: 1 }]);
  });
});

describe('the agent and the desk', () => {
  const presences = (fake: FakeDesk): unknown[] => fake.sockets.flatMap((socket) => socket.of('presence')).map(({ status, reason }) => (reason === undefined ? status : `${status} ${reason}`));

  test('a reason goes with the status, and comes back after a reload', async () => {
    const fake = desk();
    const world = around(fake);
    (await world.open()).stand(chosen('away', 'lunch'));
    const again = await world.open();
    expect(again.desk.value.standing).toEqual(chosen('away', 'lunch'));
    expect(presences(fake)).toEqual(['away lunch', 'away lunch']);
  });

  test('whom the desk made away stays so over a break and a reload, until they say otherwise', async () => {
    const fake = desk();
    const world = around(fake);
    const console = await world.open();
    console.stand(chosen('online', ''));
    tell(fake, { type: 'signal', kind: 'presence', agent: me, status: 'away', reason: 'missed_offers' });
    await settle();
    expect(console.desk.value.standing.reason).toBe('missed_offers');
    fake.socket.end(1012);
    await settle(3_000);
    expect((await world.open()).desk.value.standing.reason).toBe('missed_offers');
    expect(presences(fake).slice(1)).not.toContain('online');
  });

  test('made away while the laptop slept: coming back does not undo it', async () => {
    const fake = desk();
    const console = await around(fake).open();
    console.stand(chosen('online', ''));
    fake.me.agent = Object.assign(fake.me.agent, { status: 'away', reason: 'missed_offers' });
    fake.socket.end(1012);
    await settle(3_000);
    expect(console.desk.value.standing.reason).toBe('missed_offers');
    expect(fake.socket.of('presence').map((frame) => frame.status)).not.toContain('online');
    console.ready();
    await settle();
    expect(fake.socket.of('presence').at(-1)?.status).toBe('online');
  });

  test('an ended lease is no word of the agent: who was online says so again', async () => {
    const fake = desk();
    const console = await around(fake).open();
    console.stand(chosen('online', ''));
    fake.me.agent = Object.assign(fake.me.agent, { status: 'offline' });
    fake.socket.end(1012);
    await settle(3_000);
    expect(console.desk.value.standing.status).toBe('online');
    expect(fake.socket.of('presence')).toMatchObject([{ status: 'online' }]);
  });

  test('a breather is heard, is not answered, and ends by being ready', async () => {
    const fake = desk();
    const console = await around(fake).open();
    console.stand(chosen('online', ''));
    await settle();
    tell(fake, { type: 'signal', kind: 'presence', agent: me, status: 'online', rest_until: new Date(noon + 240_000).toISOString() });
    await settle();
    expect(console.desk.value.standing.rest).toBe(noon + 240_000);
    expect(presences(fake)).toEqual(['online']);
    console.ready();
    await settle();
    expect(console.desk.value.standing.rest).toBeNull();
    expect(presences(fake)).toEqual(['online', 'online ready']);
  });

  test('the next in line, whichever it is, is opened when the desk has given it', async () => {
    const fake = desk([], [snap('w')]);
    fake.before = (socket, frame) => {
      if (frame.type !== 'take') return false;
      socket.say(event('w', 1, 'assigned', { role: 'agent', id: me.id }, { agent: me }, frame.key));
      socket.say({ type: 'ack', key: frame.key, conversation: 'w', seq: 1 });
      return true;
    };
    const console = await around(fake).open();
    console.press('takeNext');
    console.press('takeNext');
    await settle();
    expect(fake.socket.of('take')).toMatchObject([{ conversation: null }]);
    expect(console.desk.value.selected).toBe('w');
    expect(mine(console.desk.value)).toHaveLength(1);
  });

  test('nobody to help: it is said, and nothing is opened', async () => {
    const fake = desk([], [snap('w')]);
    fake.before = (socket, frame) => frame.type === 'take' && fake.refuse(socket, frame.key, 'not_found');
    const console = await around(fake).open();
    console.takeNext();
    await settle();
    expect(console.desk.value.selected).toBeNull();
    expect(console.desk.value.notices).toMatchObject([{ why: 'none', conversation: null }]);
    expect(console.desk.value.sends).toEqual([]);
  });

  test('declining says why, in own words or none, and the offer goes with the answer', async () => {
    const fake = desk();
    fake.before = (socket, frame) => {
      if (frame.type !== 'decline') return false;
      socket.say({ type: 'ack', key: frame.key, conversation: frame.conversation, seq: 1 });
      return true;
    };
    const console = await around(fake).open();
    for (const id of ['o1', 'o2']) tell(fake, { type: 'signal', kind: 'offer', snapshot: snap(id), until: new Date(noon + 60_000).toISOString(), from: ville });
    await settle();
    expect(console.voice.said.value).toContain('Sinulle tarjotaan keskustelua');
    console.press('decline', 'o2');
    expect(console.declining.value).toBe('o2');
    console.decline('o2', ' Tunnen hänet ');
    console.decline('o1', '');
    await settle();
    expect(fake.socket.of('decline').map((frame) => [frame.conversation, frame.reason])).toEqual([['o2', 'Tunnen hänet'], ['o1', undefined]]);
    expect([console.desk.value.offers, console.declining.value]).toEqual([[], null]);
  });

  test('what is not mine is given away by taking it first, and not if the take is refused', async () => {
    const fake = desk([], [snap('w1'), snap('w2')]);
    fake.before = (socket, frame) => {
      if (frame.type !== 'take') return false;
      if (frame.conversation === 'w2') return fake.refuse(socket, frame.key, 'conflict');
      socket.say({ type: 'ack', key: frame.key, conversation: 'w1', seq: 1 });
      return true;
    };
    const console = await around(fake).open();
    console.transfer('w1', { agent: ville.id }, 'katso tämä');
    console.transfer('w2', { agent: ville.id }, '');
    await settle();
    expect(fake.socket.of('transfer')).toMatchObject([{ conversation: 'w1', agent: ville.id, note: 'katso tämä' }]);
    expect(fake.socket.of('transfer')[0]).not.toHaveProperty('fence');
  });

  test('what was passed on is watched until it is answered, what I am called in to is not', async () => {
    const fake = desk([own('m', { head: 1 })]);
    fake.events.set('m', [said('m', 1)]);
    const console = await around(fake).open();
    tell(fake, event('m', 2, 'transferred', { role: 'agent', id: me.id }, { agent: ville }));
    tell(fake, { type: 'signal', kind: 'invite', snapshot: snap('c', { state: 'agent', agent: ville, invited: [{ id: me.id }] }), from: ville, note: 'tule' });
    await settle();
    console.select('c');
    await settle();
    expect(fake.socket.of('watch').map((frame) => frame.conversation)).toEqual(['m']);
    tell(fake, event('m', 3, 'assigned', colleague, { agent: ville }));
    await settle();
    expect(fake.socket.of('unwatch').map((frame) => frame.conversation)).toEqual(['m']);
  });

  test('an alert about what is not known here can be opened', async () => {
    const fake = desk();
    fake.events.set('far', [said('far', 1)]);
    const console = await around(fake).open();
    tell(fake, { type: 'signal', kind: 'alert', what: 'silence', conversation: 'far', agent: ville });
    await settle();
    console.openNews(console.desk.value.news[0]?.id ?? 0, 'far');
    await settle();
    expect(console.desk.value.talks['far']?.events).toHaveLength(1);
    expect(console.desk.value.news).toEqual([]);
  });
});

describe('no draft is lost', () => {
  const reply = (console: Console): string => console.desk.value.drafts['m']?.reply ?? '';

  test('over a reload', async () => {
    const world = around(desk([own('m')]));
    (await world.open()).write('m', 'reply', 'puolikas laus');
    expect(reply(await world.open())).toBe('puolikas laus');
  });

  test('over signing out', async () => {
    const world = around(desk([own('m')]));
    const console = await world.open();
    console.write('m', 'note', 'muista');
    await console.signOut();
    expect(world.reloads).toHaveLength(1);
    expect((await world.open()).desk.value.drafts['m']?.note).toBe('muista');
  });

  test('over a conflict: the words come back and stay over a reload', async () => {
    const fake = desk([own('m')]);
    const world = around(fake);
    fake.before = (socket, frame) => {
      if (frame.type !== 'post') return false;
      socket.say({ type: 'error', key: frame.key, conversation: 'm', code: 'conflict', message: '' });
      return true;
    };
    const console = await world.open();
    console.write('m', 'reply', 'Hoidan sen');
    console.send('m', 'reply');
    expect(reply(console)).toBe('');
    await settle();
    expect(reply(console)).toBe('Hoidan sen');
    expect(console.desk.value.notices).toMatchObject([{ why: 'conflict', textBack: true }]);
    expect(reply(await world.open())).toBe('Hoidan sen');
  });

  test('over being taken over', async () => {
    const fake = desk([own('m', { head: 1 })]);
    fake.events.set('m', [said('m', 1)]);
    const console = await around(fake).open();
    console.write('m', 'reply', 'kesken');
    tell(fake, event('m', 2, 'assigned', colleague, { agent: ville }));
    await settle();
    expect(mine(console.desk.value)).toEqual([]);
    expect(reply(console)).toBe('kesken');
  });

  test('without a network the words wait in the log, and go out when it is back', async () => {
    const fake = desk([own('m')]);
    const console = await around(fake).open();
    fake.down = true;
    fake.socket.end(1006);
    await settle(2_000);
    expect(console.desk.value.link.state).toBe('offline');
    console.write('m', 'reply', 'Hei');
    console.send('m', 'reply');
    expect(console.desk.value.sends).toMatchObject([{ text: 'Hei', type: 'post' }]);
    fake.down = false;
    console.wake();
    await settle(3_000);
    expect(fake.sockets.flatMap((socket) => socket.of('post'))).toMatchObject([{ text: 'Hei' }]);
    expect(console.desk.value.link.state).toBe('online');
  });

  test('one that is too long for a frame stays where it is', async () => {
    const console = await around(desk([own('m')])).open();
    console.write('m', 'reply', 'ä'.repeat(40_000));
    expect(console.send('m', 'reply')).toBe(false);
    expect(reply(console)).toHaveLength(40_000);
  });
});

