import { describe, expect, test } from 'vitest';

import { chimeOf } from '../src/state/chimes.ts';
import { draftOf } from '../src/state/drafts.ts';
import { fenceOf } from '../src/state/fences.ts';
import type { Desk, Send } from '../src/state/model.ts';
import { explain } from '../src/state/refusals.ts';
import { itemOf, mine, step, takable, unreadInAll } from '../src/state/select.ts';
import { unread } from '../src/state/talks.ts';
import { catalogues } from '../src/texts/index.ts';
import { agent, answered, at, bot, colleague, customer, event, happened, me, noon, own, run, said, snap, system, ville, welcome } from './help.ts';

const talk = (desk: Desk, id: string) => {
  const found = desk.talks[id];
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};
const ids = (desk: Desk): string[] => mine(desk).map((one) => one.snap.conversation);
const withMine = run([{ type: 'welcome', welcome: welcome([own('a', { head: 1 })]) }, { type: 'link', state: 'online' }]);
const post = (key: string, text: string): Send => ({ key, conversation: 'a', type: 'post', text, at: noon });

describe('my conversations', () => {
  test('whose customer waits longest is first, then whose turn it is, then the snoozed', () => {
    const desk = run([{
      type: 'welcome',
      welcome: welcome([
        own('snoozed-late', { state: 'snoozed', due: { at: at(900), what: 'wake' } }),
        own('snoozed-soon', { state: 'snoozed', due: { at: at(300), what: 'wake' } }),
        own('theirs-old', { customer_last: false, customer_at: at(1) }),
        own('theirs-new', { customer_last: false, customer_at: at(50) }),
        own('waits-short', { customer_at: at(60) }),
        own('waits-long', { customer_at: at(2) }),
      ]),
    }]);
    expect(ids(desk)).toEqual(['waits-long', 'waits-short', 'theirs-new', 'theirs-old', 'snoozed-soon', 'snoozed-late']);
  });

  test('whoever may be in danger is first, however short they have waited', () => {
    const desk = run([{ type: 'welcome', welcome: welcome([own('old', { customer_at: at(1) }), own('crisis', { customer_at: at(50), reason: 'crisis' }), own('answered', { customer_last: false, feeling: 'crisis', customer_at: at(2) })]) }]);
    expect(ids(desk)).toEqual(['answered', 'crisis', 'old']);
  });

  test('an event of a conversation never heard of makes it known', () => {
    const desk = run([happened('n', said('n', 1), event('n', 2, 'escalated', system, { reason: 'asked' }), event('n', 3, 'assigned', system, { agent: { id: me.id } }))], withMine);
    expect(ids(desk)).toContain('n');
    expect(talk(desk, 'n').snap).toMatchObject({ fence: 3, reason: 'asked', customer_at: at(1), customer_last: true, visitor: { id: 'v-1', name: 'Marja Heikkilä' } });
  });

  test('what the welcome no longer names has gone to somebody', () => {
    const desk = run([{ type: 'welcome', welcome: welcome([]) }], withMine);
    expect(ids(desk)).toEqual([]);
  });

  test('events that the snapshot holds already change nothing but the log', () => {
    const desk = run([happened('a', event('a', 1, 'closed', system, { by: 'system' }))], withMine);
    expect(talk(desk, 'a').snap.state).toBe('agent');
    expect(talk(desk, 'a').events).toHaveLength(1);
  });

  test('the same event twice counts once', () => {
    const once = run([happened('a', said('a', 2))], withMine);
    expect(run([happened('a', said('a', 2))], once)).toBe(once);
  });
});

describe('unread', () => {
  const spoken = run([happened('a', said('a', 2), said('a', 3))], withMine);

  test("the customer's words after what was read count", () => expect(unreadInAll(spoken)).toBe(2));
  test('what another window read counts as read', () =>
    expect(unreadInAll(run([{ type: 'read', conversation: 'a', by: 'agent', seq: 2 }], spoken))).toBe(1));
  test('what was seen here counts as read', () =>
    expect(unreadInAll(run([{ type: 'seen', conversation: 'a', seq: 3 }], spoken))).toBe(0));
  test('a read mark never goes back', () =>
    expect(unreadInAll(run([{ type: 'seen', conversation: 'a', seq: 3 }, { type: 'seen', conversation: 'a', seq: 1 }], spoken))).toBe(0));
  test('own words read what was before them', () => expect(unread(talk(run([happened('a', answered('a', 4), said('a', 5))], spoken), 'a'))).toBe(1));
  test("notes and the bot's words do not count", () =>
    expect(unread(talk(run([happened('a', event('a', 4, 'note', colleague, { text: 'x' }))], spoken), 'a'))).toBe(2));
});

describe('what is sent', () => {
  const sent = run([
    { type: 'write', conversation: 'a', kind: 'reply', text: '' },
    { type: 'outbox', sends: [post('k1', 'Hoidan sen')] },
  ], withMine);

  test('stands in the log until its event comes', () => {
    const acked = run([{ type: 'outbox', sends: [] }], sent);
    expect(acked.sends).toMatchObject([{ key: 'k1', acked: true }]);
    expect(run([happened('a', answered('a', 2, 'Hoidan sen', 'k1'))], acked).sends).toEqual([]);
  });

  test('is gone at once when the event came first', () => {
    const event1 = run([happened('a', answered('a', 2, 'Hoidan sen', 'k1'))], sent);
    expect(run([{ type: 'outbox', sends: [] }], event1).sends).toEqual([]);
  });

  test('comes back into the draft when it is refused, before what was written since', () => {
    const refused = run([
      { type: 'write', conversation: 'a', kind: 'reply', text: 'ja vielä' },
      { type: 'refused', key: 'k1', conversation: 'a', sort: 'post', text: 'Hoidan sen', why: 'conflict' },
      { type: 'outbox', sends: [] },
    ], sent);
    expect(draftOf(refused.drafts, 'a').reply).toBe('Hoidan sen\n\nja vielä');
    expect(refused.sends).toEqual([]);
    expect(refused.notices).toMatchObject([{ conversation: 'a', why: 'conflict', textBack: true }]);
  });

  test('the notice of a refusal goes when the next is sent, and not before', () => {
    const refused = run([{ type: 'refused', key: 'k1', conversation: 'a', sort: 'post', text: 'x', why: 'conflict' }, { type: 'outbox', sends: [] }], sent);
    expect(refused.notices).toHaveLength(1);
    expect(run([{ type: 'outbox', sends: [post('k2', 'x')] }], refused).notices).toEqual([]);
  });

  test('an offer that went by needs no word', () => {
    const desk = run([
      { type: 'offer', snapshot: snap('o'), until: noon + 1000 },
      { type: 'refused', key: 'k', conversation: 'o', sort: 'accept', text: '', why: 'conflict' },
    ], withMine);
    expect([desk.offers, desk.notices]).toEqual([[], []]);
  });
});

describe('when a conversation changes hands', () => {
  const taken = run([
    { type: 'write', conversation: 'a', kind: 'reply', text: 'kesken' },
    happened('a', event('a', 2, 'unassigned', colleague, { reason: 'taken_over', agent: { id: me.id } }), event('a', 3, 'assigned', colleague, { agent: ville })),
  ], withMine);

  test('it leaves my list, the draft stays, and the reason is told', () => {
    expect(ids(taken)).toEqual([]);
    expect(draftOf(taken.drafts, 'a').reply).toBe('kesken');
    const notice = taken.notices[0];
    if (notice === undefined) throw new Error('no notice');
    expect(explain(notice, taken.talks['a'], taken, catalogues.fi)).toBe('Ville Koski on ottanut tämän keskustelun. Keskustelu ei ole enää sinulla. Kirjoittamasi on tallessa.');
  });

  test('words are said to be kept only where there are some: a draft, or what has not gone out', () => {
    const lost = { id: 1, conversation: 'a', why: 'lost', sort: null, textBack: false, by: 'Ville Koski', after: null } as const;
    const told = (desk: Desk): string => explain(lost, taken.talks['a'], desk, catalogues.fi);
    const silent = run([{ type: 'write', conversation: 'a', kind: 'reply', text: '' }], taken);
    expect(told(silent)).toBe('Ville Koski on ottanut tämän keskustelun. Keskustelu ei ole enää sinulla.');
    expect(told(run([{ type: 'write', conversation: 'a', kind: 'note', text: 'soita' }], silent))).toContain('Kirjoittamasi on tallessa.');
    const sending = run([{ type: 'outbox', sends: [post('k1', 'Hoidan sen')] }], silent);
    expect(told(sending)).toContain('Kirjoittamasi on tallessa.');
    expect(told(run([{ type: 'outbox', sends: [] }], sending))).not.toContain('Kirjoittamasi');
  });

  test('what I gave away myself is not told to me', () => {
    expect(run([happened('a', event('a', 2, 'unassigned', agent, { reason: 'released' }))], withMine).notices).toEqual([]);
  });

  test('what the customer ended is not told as a loss', () => {
    expect(run([happened('a', event('a', 2, 'closed', customer, { by: 'visitor' }))], withMine).notices).toEqual([]);
  });

  test.each([
    ['mine again', own('a'), 'Keskustelu ehti muuttua. Keskustelu on taas sinulla. Tarkista teksti ja lähetä se.'],
    ['in the line', snap('a'), 'Keskustelu palasi jonoon. Tekstisi on taas vastauskentässä.'],
    ['closed', snap('a', { state: 'closed' }), 'Keskustelu on päättynyt. Tekstisi on taas vastauskentässä.'],
  ])('a conflict is explained by what is so now: %s', (_what, now, words) => {
    const desk = run([{ type: 'welcome', welcome: welcome([], [now]) }]);
    expect(explain({ id: 1, conversation: 'a', why: 'conflict', sort: 'post', textBack: true, by: null, after: null }, desk.talks['a'], desk, catalogues.fi)).toBe(words);
  });

  test('who was slower at the line is told what is known: that it changed, and then who has it', () => {
    const slower = run([
      { type: 'welcome', welcome: welcome([], [snap('w')]) }, { type: 'select', conversation: 'w' },
      { type: 'refused', key: 'k', conversation: 'w', sort: 'take', text: '', why: 'conflict' },
    ]);
    const told = (desk: Desk): string[] => desk.notices.map((notice) => explain(notice, desk.talks['w'], desk, catalogues.fi));
    expect(told(slower)).toEqual(['Keskustelu ehti muuttua.']);
    expect(told(run([happened('w', event('w', 1, 'assigned', colleague, { agent: ville }))], slower))).toEqual(['Ville Koski on ottanut tämän keskustelun.']);
  });
});

describe('offers', () => {
  const offered = run([{ type: 'offer', snapshot: snap('o'), until: noon + 30_000 }], withMine);
  test('one is there until its time', () => {
    expect(run([{ type: 'beat', now: noon + 29_999 }], offered).offers).toHaveLength(1);
    expect(run([{ type: 'beat', now: noon + 30_000 }], offered).offers).toEqual([]);
  });
  test('it goes when somebody has the conversation', () =>
    expect(run([happened('o', event('o', 1, 'assigned', agent, { agent: me }))], offered).offers).toEqual([]));
  test('the welcome brings back one that stands', () =>
    expect(run([{ type: 'welcome', welcome: welcome([], [snap('o', { offer: { agent: me.id, until: at(30) } })]) }]).offers).toEqual([{ conversation: 'o', until: noon + 30_000, from: '' }]));
});

describe('an item of the list', () => {
  const fi = catalogues.fi;
  const item = (desk: Desk, id: string) => itemOf(talk(desk, id), desk, noon + 60_000, fi);
  test('a crisis is said in one word, without the feeling beside it', () => {
    const desk = run([{ type: 'welcome', welcome: welcome([], [snap('c', { reason: 'crisis', feeling: 'crisis' })]) }]);
    expect(item(desk, 'c')).toMatchObject({ reason: 'Kriisi', feeling: null, crisis: true });
  });
  test('a draft stands in the place of the last words', () =>
    expect(item(run([{ type: 'write', conversation: 'a', kind: 'note', text: ' Soita\nhuomenna ' }], withMine), 'a')).toMatchObject({ by: 'Muistiinpanon luonnos:', said: 'Soita huomenna', draft: true }));
  test('the turn is theirs when they were answered', () =>
    expect(item(run([happened('a', answered('a', 2, 'Kokeile nyt'))], withMine), 'a')).toMatchObject({ instead: 'vuoro hänellä', by: 'Sinä:', said: 'Kokeile nyt' }));
  test.each<[string, Partial<ReturnType<typeof snap>>, string]>([
    ["one's own words", { last: { role: 'agent', text: 'Hei', at: at(1), id: me.id, name: me.name } }, 'Sinä:'],
    ["a colleague's", { last: { role: 'agent', text: 'Hei', at: at(1), ...ville } }, 'Ville:'],
    ['words of somebody who is not told', { last: { role: 'agent', text: 'Hei', at: at(9) } }, ''],
    ['words whose speaker the log tells', { last: { role: 'agent', text: 'Kokeile', at: at(2) } }, 'Ville:'],
    ["the customer's", { last: { role: 'visitor', text: 'Hei', at: at(1) } }, ''],
  ])('who said the last words: %s', (_what, more, by) => {
    const desk = run([
      { type: 'welcome', welcome: welcome([own('a', { head: 2, ...more })]) },
      happened('a', said('a', 1), event('a', 2, 'message', colleague, { text: 'Kokeile' })),
    ]);
    expect(item(desk, 'a').by).toBe(by);
  });
  test("the bot's words are not shown as what was said last", () =>
    expect(item(run([happened('b', said('b', 1, 'haloo'), event('b', 2, 'message', bot, { text: 'Haen ihmisen, koska pyysit.' }))]), 'b')).toMatchObject({ by: '', said: 'haloo' }));
  test('a snoozed one tells when it comes back', () =>
    expect(item(run([{ type: 'welcome', welcome: welcome([own('s', { state: 'snoozed', reason: 'asked', due: { at: new Date(2026, 2, 20, 15, 0).toISOString(), what: 'wake' } })]) }]), 's')).toMatchObject({ instead: 'torkussa', reason: 'pe 15.00' }));
  test('somebody without a name is a visitor with the end of an id', () =>
    expect(item(run([{ type: 'welcome', welcome: welcome([], [snap('c', { visitor: { id: '0198a000-0000-7000-8000-00000000be0f' } })]) }]), 'c').name).toBe('Vierailija BE0F'));
  test('a name cannot turn the line around', () =>
    expect(item(run([{ type: 'welcome', welcome: welcome([], [snap('c', { visitor: { id: 'v', name: '\u202EMarja\u200B  H' } })]) }]), 'c').name).toBe('Marja H'));
});

describe('the fence of what is written', () => {
  const desk = run([{ type: 'welcome', welcome: welcome([own('m', { fence: 7 })], [snap('new', { fence: 0 }), snap('back', { fence: 4 })]) }]);
  test.each([['m', 7], ['new', 0], ['back', 4], ['unheard', undefined]])('%s: %s', (id, fence) => expect(fenceOf(desk, id)).toBe(fence));
  test('it follows the hands that the conversation goes through', () =>
    expect(fenceOf(run([happened('new', event('new', 1, 'assigned', colleague, { agent: ville }))], desk), 'new')).toBe(1));
  test('what is written after an own take relies on what that take brings', () => {
    const taking = run([{ type: 'outbox', sends: [{ key: 'k', conversation: 'new', type: 'take', text: '', at: noon }] }], desk);
    expect([fenceOf(taking, 'new'), fenceOf(taking, 'back')]).toEqual([undefined, 4]);
  });
});

describe('moving', () => {
  const desk = run([{ type: 'welcome', welcome: welcome([own('m')], [snap('w1'), snap('w2')]) }]);
  const open = (conversation: string | null): Desk => run([{ type: 'select', conversation }], desk);
  test.each<[string | null, 1 | -1, string]>([
    [null, 1, 'w1'], [null, -1, 'm'], ['w1', 1, 'w2'], ['w2', 1, 'm'], ['m', 1, 'm'], ['w1', -1, 'w1'],
  ])('from %s by %i to %s', (from, by, to) => expect(step(open(from), by)).toBe(to));
  test.each([[null, 'w1'], ['w2', 'w2'], ['m', 'w1']])('with %s open, o takes %s', (from, to) => expect(takable(open(from))).toBe(to));
});

describe('sounds', () => {
  const online = run([{ type: 'welcome', welcome: welcome([own('a')], [], 1) }, { type: 'link', state: 'online' }, { type: 'synced', conversation: 'a' }]);
  const line = (added: ReturnType<typeof snap>[]): Desk => run([{ type: 'line', added, removed: [], version: 2 }], online);
  test.each<[string, Desk, string | null]>([
    ['a newcomer', line([snap('n')]), 'waiting'],
    ['a crisis before all', line([snap('n'), snap('x', { reason: 'crisis' })]), 'crisis'],
    ["the customer's answer", run([happened('a', said('a', 1))], online), 'answer'],
    ['own words make none', run([happened('a', answered('a', 1))], online), null],
    ['an offer', run([{ type: 'offer', snapshot: snap('o'), until: noon }], online), 'offer'],
    ['one that leaves makes none', run([{ type: 'line', added: [], removed: [], version: 2 }], online), null],
  ])('%s', (_what, after, chime) => expect(chimeOf(online, after)).toBe(chime));
  test('what was there at the start makes none', () => {
    const before = run([{ type: 'link', state: 'connecting' }]);
    expect(chimeOf(before, run([{ type: 'welcome', welcome: welcome([], [snap('n')]) }], before))).toBeNull();
  });
});
