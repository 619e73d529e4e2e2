import { describe, expect, test } from 'vitest';

import { actsOf, mayTakeNext, mayWrite, possible } from '../src/state/acts.ts';
import { announcement } from '../src/state/announce.ts';
import { batonOpen } from '../src/desk/console.ts';
import { commands, matching } from '../src/state/commands.ts';
import { fold } from '../src/state/fold.ts';
import { nobodyIn, whyHanded } from '../src/state/handed.ts';
import { askedOf, cameBack, isInvited } from '../src/state/hands.ts';
import { promiseOf, reach, toldOf } from '../src/state/known.ts';
import type { Desk, Snap } from '../src/state/model.ts';
import { addNews, type News, seenNews } from '../src/state/news.ts';
import { newsWords } from '../src/state/newswords.ts';
import { secondsLeft } from '../src/state/offers.ts';
import { placeIn } from '../src/state/place.ts';
import { meanwhile } from '../src/state/refusals.ts';
import { itemOf, lanes, longestSilence, mine, passedOn, walk } from '../src/state/select.ts';
import { chosen, madeAway, nowhere, ofWord, restLeft, same, told, wordOf } from '../src/state/standing.ts';
import { toldWait } from '../src/state/told.ts';
import { catalogues } from '../src/texts/index.ts';
import { agent, answered, at, colleague, event, happened, me, noon, own, run, said, snap, system, ville, welcome } from './help.ts';

const { fi, en } = catalogues;
const talk = (desk: Desk, id: string) => {
  const found = desk.talks[id];
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};
const opened = (mineSnaps: Snap[] = [], waiting: Snap[] = []): Desk => run([{ type: 'welcome', welcome: welcome(mineSnaps, waiting, 1) }, { type: 'link', state: 'online' }]);
const sorts = (desk: Desk): string[] => desk.news.map((one) => one.sort);

describe('how an agent stands', () => {
  test.each(['online', 'busy', 'away', 'away:lunch', 'away:hammaslääkäri: kaksi tuntia', 'away:missed_offers', 'offline'])('%s is kept as one word', (word) => {
    const standing = ofWord(word);
    expect(standing === null ? null : wordOf(standing)).toBe(word);
  });
  test.each(['', 'asleep', 'Online'])('%j is no status', (word) => expect(ofWord(word)).toBeNull());
  test('away alone is a break', () => expect(ofWord('away')).toEqual(chosen('away', 'break')));
  test('a reason goes with away alone', () => expect(chosen('busy', 'lunch').reason).toBe(''));
  test('who is made away is told apart from who goes', () => {
    expect([madeAway(told('away', 'missed_offers', null)), madeAway(chosen('away', 'break')), madeAway(nowhere)]).toEqual([true, false, false]);
  });
  test.each([[0, 4], [60_001, 3], [230_000, 1], [239_999, 1], [240_000, 0], [999_999, 0]])('%i ms into a breather of four minutes, %i are left', (ms, minutes) =>
    expect(restLeft(told('online', '', new Date(noon + 240_000).toISOString()), noon + ms)).toBe(minutes));
  test('a breather is of who is online', () => expect(told('away', 'break', at(60)).rest).toBeNull());
  test('the agent who is ready has no breather', () => expect(same(chosen('online', ''), told('online', '', null))).toBe(true));
});

describe('an offer', () => {
  const offered = run([{ type: 'offer', snapshot: snap('o'), until: noon + 30_000, from: 'Ville Koski' }], opened());

  test.each([[0, 30], [1, 25], [5_000, 25], [24_000, 5], [25_000, 0], [40_000, 0]])('after %i ms it shows %i seconds', (ms, seconds) => expect(secondsLeft(noon + 30_000, noon + ms)).toBe(seconds));
  test('stands first among those who wait, to be read before it is answered', () => {
    const shown = (desk: typeof offered): string[] => lanes(desk).waiting.map((one) => one.snap.conversation);
    expect(shown(run([{ type: 'offer', snapshot: snap('o'), until: noon + 30_000 }], opened([], [snap('w'), snap('o')])))).toEqual(['o', 'w']);
    expect(shown(run([{ type: 'beat', now: noon + 30_000 }], offered))).toEqual([]);
  });
  test('that goes by is seen afterwards, once', () => {
    const gone = run([{ type: 'beat', now: noon + 30_000 }, { type: 'beat', now: noon + 31_000 }], offered);
    expect(gone.news).toMatchObject([{ sort: 'missed', conversation: 'o', fresh: true, who: 'Ville Koski' }]);
  });
  test('whose answer is on its way has not gone by', () => {
    const answering = run([{ type: 'outbox', sends: [{ key: 'k', conversation: 'o', type: 'accept', text: '', at: noon }] }, { type: 'beat', now: noon + 30_000 }], offered);
    expect([answering.offers, answering.news]).toEqual([[], []]);
  });
  test('that is answered goes at once', () => expect(run([{ type: 'answered', conversation: 'o' }], offered).offers).toEqual([]));
  test('is read out once, with the time for it', () => {
    expect(announcement(opened(), offered, noon, en)).toBe('A conversation is offered to you: Visitor O. Time to answer: 30 s. The key g goes there.');
    expect(announcement(offered, run([{ type: 'beat', now: noon + 5_000 }], offered), noon, en)).toBe('');
  });
  test('what was offered before the console opened is on the screen, and is not read out', () => {
    const before = run([]);
    expect(announcement(before, run([{ type: 'welcome', welcome: welcome([], [snap('o', { offer: { agent: me.id, until: at(30) } })]) }], before), noon, en)).toBe('');
  });
});

describe('the line', () => {
  const desk = opened([own('m', { customer_at: at(5) })], [
    snap('crisis', { reason: 'crisis', customer_at: at(9) }), snap('raised', { raised: true, customer_at: at(3) }), snap('old', { customer_at: at(1) }), snap('new', { customer_at: at(8) }),
  ]);

  test('what too many let pass stands in a lane of its own, above', () => {
    const { raised, waiting } = lanes(desk);
    expect([raised, waiting].map((lane) => lane.map((one) => one.snap.conversation))).toEqual([['raised'], ['crisis', 'old', 'new']]);
    expect(walk(desk)).toEqual(['raised', 'crisis', 'old', 'new', 'm']);
  });
  test('raising is an event, and taking ends it', () => {
    const raised = run([happened('new', event('new', 1, 'raised', system, {}))], desk);
    expect(lanes(raised).raised).toHaveLength(2);
    expect(talk(run([happened('new', event('new', 2, 'assigned', colleague, { agent: ville }))], raised), 'new').snap).toMatchObject({ raised: false, missed: 0 });
  });
  test('the longest silence is of all who wait for a person, mine among them', () => {
    expect(longestSilence(desk)?.snap.conversation).toBe('old');
    expect(longestSilence(opened([own('m', { customer_at: at(1) }), own('answered', { customer_at: at(0), customer_last: false })], [snap('w', { customer_at: at(2) })]))?.snap.conversation).toBe('m');
    expect(longestSilence(opened())).toBeNull();
  });
  test('the next is taken while one waits, while the line is up, and once at a time', () => {
    expect(mayTakeNext(desk)).toBe(true);
    expect(mayTakeNext(opened())).toBe(false);
    expect(mayTakeNext(run([{ type: 'link', state: 'offline' }], desk))).toBe(false);
    expect(mayTakeNext(run([{ type: 'outbox', sends: [{ key: 'k', conversation: '', type: 'take', text: '', at: noon }] }], desk))).toBe(false);
    expect(possible('takeNext', desk)).toBe(true);
  });
  test('nobody to take is told apart from a conversation that is not there', () => {
    const none = run([{ type: 'refused', key: 'k', conversation: '', sort: 'take', text: '', why: 'not_found' }], desk);
    expect(none.notices).toMatchObject([{ conversation: null, why: 'none' }]);
    expect(run([{ type: 'outbox', sends: [{ key: 'k2', conversation: '', type: 'take', text: '', at: noon }] }], none).notices).toEqual([]);
  });

  const facts = (more: Partial<Snap>): Record<string, string> => Object.fromEntries(placeIn(talk(opened([], [snap('first'), snap('w', more)]), 'w'), opened([], [snap('first'), snap('w', more)]), fi)?.facts ?? []);
  test.each<[string, Partial<Snap>, string | undefined]>([
    ['a crisis', { reason: 'crisis', head_start_s: 86_400 }, 'kaikkien edellä, kriisi'],
    ['a feeling', { feeling: 'angry', head_start_s: 600 }, '10 min, vihainen'],
    ['a priority', { priority: 'vip', head_start_s: 1200 }, '20 min, tärkeys vip'],
    ['a priority that the desk itself knows', { priority: 'high', head_start_s: 600 }, '10 min, tärkeys korkea'],
    ['both', { priority: 'vip', feeling: 'distressed', head_start_s: 3600 }, '1 h, tärkeys vip, huolissaan'],
    ['something else', { feeling: 'calm', head_start_s: 60 }, '1 min'],
    ['none', { head_start_s: 0 }, 'ei ole, tulojärjestyksessä'],
    ['what is not told', {}, undefined],
    ['a priority whose worth is not told', { priority: 'vip' }, 'tärkeys vip'],
  ])('the head start of %s', (_what, more, words) => expect(facts(more)['Etumatka']).toBe(words));
  test('what is needed, and who is asked', () => {
    expect(facts({ skills: ['sv', 'billing.card'], language: 'sv', offer: { agent: me.id, until: at(30) }, missed: 2 })).toMatchObject({ Tarvitaan: 'billing card, ruotsi', Tarjottu: 'sinulle', 'Ohi menneitä tarjouksia': '2' });
  });
  test('the place is by the order that the desk tells', () => {
    expect(placeIn(talk(desk, 'old'), desk, fi)).toMatchObject({ place: 3, of: 4, raised: false });
    expect(placeIn(talk(desk, 'm'), desk, fi)).toBeNull();
  });
  test('an offer to a colleague is marked by the name', () => {
    const named = run([{ type: 'names', names: { [ville.id]: 'Ville Koski' } }, happened('old', event('old', 1, 'offered', system, { agent: { id: ville.id }, until: at(30) }))], desk);
    expect(itemOf(talk(named, 'old'), named, noon, fi).mark).toBe('tarjottu: Ville');
    const unnamed = run([happened('old', event('old', 1, 'offered', system, { agent: { id: ville.id }, until: at(30) }))], desk);
    expect(itemOf(talk(unnamed, 'old'), unnamed, noon, fi).mark).toBe('tarjottu kollegalle');
  });
});

describe('passed on to a person', () => {
  const passed = [event('m', 2, 'transferred', agent, { agent: ville }), event('m', 3, 'offered', system, { agent: ville, until: at(30), sender: me.id })];
  const asked = run([happened('m', ...passed)], opened([own('m', { head: 1 })]));
  const back = (reason?: string) => [event('m', 4, 'declined', colleague, { agent: ville, ...(reason ? { reason } : {}) }), event('m', 5, 'assigned', system, { agent: me, by_hand: true, reason: 'refused' })];

  test('to a team it is in the line, and nobody in particular is asked', () => {
    const toTeam = run([happened('m', event('m', 2, 'transferred', agent, { team: 'billing', agent: null }))], opened([own('m', { head: 1 })]));
    expect(talk(toTeam, 'm').snap).toMatchObject({ state: 'waiting', team: 'billing' });
    expect(passedOn(toTeam)).toEqual([]);
  });

  test('it stands apart, marked, until it is answered: not among mine, and out of the line', () => {
    expect(askedOf(talk(asked, 'm').snap, me)).toBe(ville.id);
    expect([mine(asked), passedOn(asked)].map((list) => list.map((one) => one.snap.conversation))).toEqual([[], ['m']]);
    expect(itemOf(talk(asked, 'm'), asked, noon, fi).mark).toBe('kysytty: Ville');
    const inLine = run([{ type: 'line', added: [talk(asked, 'm').snap], removed: [], version: 2 }], asked);
    expect(lanes(inLine).waiting).toEqual([]);
  });
  test('accepted, it is gone without a word', () => {
    const taken = run([happened('m', event('m', 4, 'assigned', colleague, { agent: ville }))], asked);
    expect([passedOn(taken), taken.news, taken.notices]).toEqual([[], [], []]);
  });
  test('refused, it is mine again, and I am told by whom and why', () => {
    const refused = run([happened('m', ...back('busy'))], asked);
    expect(refused.news).toMatchObject([{ sort: 'back', who: 'Ville Koski', note: 'busy' }]);
    expect(refused.notices).toMatchObject([{ why: 'back', by: 'Ville Koski' }]);
    expect(newsWords(refused.news[0] as News, refused, fi)).toBe('Ville ei voinut ottaa keskustelua. Se on taas sinulla: asiakas. Toinen on kesken.');
    expect(itemOf(talk(refused, 'm'), refused, noon, fi).mark).toBe('');
  });
  test('an offer that went by has no reason to tell', () => expect(run([happened('m', ...back('no_answer'))], asked).news).toMatchObject([{ sort: 'back', note: '' }]));
  test("what was given to me otherwise did not come back", () => {
    const given = event('m', 5, 'assigned', system, { agent: me });
    expect(cameBack(given, [event('m', 4, 'declined', colleague, { agent: ville }), given], me)).toBeNull();
    expect(cameBack(given, [...passed, event('m', 4, 'unassigned', system, { reason: 'released' }), given], me)).toBeNull();
  });
  test('read again from the past, it is no news', () => {
    const slept = opened([own('m', { head: 5 })]);
    expect(run([happened('m', said('m', 1), ...passed, ...back())], slept).news).toEqual([]);
  });
});

test('who may be in danger is not given back to a bot', () => {
  const calm = opened([own('m')]);
  expect(actsOf(talk(calm, 'm'), calm)).toContain('to_bot');
  for (const danger of [{ reason: 'crisis' }, { feeling: 'crisis' }] as const) {
    const desk = opened([own('m', danger)]);
    expect(actsOf(talk(desk, 'm'), desk)).not.toContain('to_bot');
    expect(actsOf(talk(desk, 'm'), desk)).toContain('resolve');
    expect(commands(run([{ type: 'select', conversation: 'm' }], desk), fi).map((one) => one.id)).not.toContain('to_bot');
  }
});

describe('called in to a colleague', () => {
  const theirs = snap('c', { state: 'agent', agent: ville, head: 3, invited: [{ id: me.id }] });
  const called = run([{ type: 'invite', snapshot: theirs, by: 'Ville Koski', note: 'Onko takuu?', now: noon }], opened([own('m')]));

  test('it stands among mine, marked with who called', () => {
    expect(mine(called).map((one) => one.snap.conversation)).toEqual(['m', 'c']);
    expect(itemOf(talk(called, 'c'), called, noon, fi)).toMatchObject({ mark: 'kutsui: Ville' });
    expect(newsWords(called.news[0] as News, called, fi)).toBe('Ville kutsui sinut mukaan: asiakas. Onko takuu?');
  });
  test('notes may be written, answers may not; leaving is possible', () => {
    expect(mayWrite(talk(called, 'c'), called)).toEqual({ reply: false, note: true });
    expect(actsOf(talk(called, 'c'), called)).toEqual(['leave', 'takeOver']);
    expect(commands(run([{ type: 'select', conversation: 'c' }], called), fi).map((one) => one.id)).toContain('leave');
  });
  test.each([
    ['leaving', event('c', 4, 'left', agent, { agent: me })], ['the end', event('c', 4, 'closed', colleague, { by: 'agent' })],
  ])('%s ends it', (_what, one) => {
    const after = run([happened('c', one)], called);
    expect(mine(after).map((other) => other.snap.conversation)).toEqual(['m']);
    expect(after.news).toEqual([]);
  });
  test('leaving that the desk took ends it too, before its event', () => expect(isInvited(talk(run([{ type: 'stepped', conversation: 'c' }], called), 'c').snap, me)).toBe(false));
  test('who is asked in twice is there once', () => {
    const invited = event('c', 4, 'invited', colleague, { agent: { id: me.id, name: me.name } });
    expect(fold(theirs, invited).invited).toEqual([{ id: me.id, name: me.name }]);
  });
  test('what is mine is not what I was called in to', () => expect(isInvited(own('c', { invited: [{ id: me.id }] }), me)).toBe(false));
});

describe('an offer that is under way', () => {
  const offer = { agent: ville.id, until: at(30), from: me.id };
  const worse = event('w', 4, 'escalated', system, { reason: 'crisis' });

  test('stays when what waits turns out to be worse', () => expect(fold(snap('w', { head: 3, offer }), worse)).toMatchObject({ reason: 'crisis', offer }));
  test('is not there when the conversation comes to wait', () => expect(fold(snap('w', { state: 'bot', head: 3, offer }), worse).offer).toBeNull());
});

describe('news', () => {
  const desk = opened([own('m', { head: 1 })], [snap('w')]);

  test('one of a sort for a conversation, the newest first, thirty at most', () => {
    const many = Array.from({ length: 40 }, (_, i) => i).reduce<readonly News[]>((news, i) => addNews(news, { sort: 'missed', conversation: String(i % 35), at: i, who: '', note: '' }), []);
    expect(many).toHaveLength(30);
    expect(many[0]).toMatchObject({ conversation: '4', at: 39 });
    expect(new Set(many.map((one) => one.id)).size).toBe(30);
    expect(seenNews(many).some((one) => one.fresh)).toBe(false);
  });
  test('a reminder is told, and settled by the answer', () => {
    const nudged = run([happened('m', event('m', 2, 'nudged', system, { agent: { id: me.id }, reason: 'agent' }))], desk);
    expect(sorts(nudged)).toEqual(['nudge']);
    expect(sorts(run([happened('m', answered('m', 3))], nudged))).toEqual([]);
  });
  test.each([
    ["a colleague's", { agent: { id: ville.id }, reason: 'agent' }], ["the supervisors'", { agent: { id: me.id }, reason: 'supervisor' }],
  ])('%s reminder is not mine', (_what, fields) => expect(sorts(run([happened('m', event('m', 2, 'nudged', system, fields))], desk))).toEqual([]));
  test('an alert comes once, also when a welcome tells it again', () => {
    const alerted = run([{ type: 'alert', what: 'silence', conversation: 'c', who: 'Ville Koski', now: noon + 9_000 }], desk);
    const again = run([{ type: 'welcome', welcome: { ...welcome([own('m', { head: 1 })]), alerts: [{ what: 'silence', conversation: 'c', agent: ville, at: at(9) }, { what: 'raised', conversation: 'w', agent: null, at: at(5) }] } }], alerted);
    expect(sorts(again)).toEqual(['raised', 'silence']);
    expect(again.news.map((one) => one.id)).toContain(alerted.news[0]?.id);
  });
  test('an alert of a kind that came later is left out', () => expect(run([{ type: 'alert', what: 'weather', conversation: 'c', who: '', now: noon }], desk)).toBe(desk));
  test('who was raised and is taken is no alert any more', () => {
    const raised = run([{ type: 'alert', what: 'raised', conversation: 'w', who: '', now: noon }], desk);
    expect(sorts(run([{ type: 'line', added: [], removed: ['w'], version: 2 }], raised))).toEqual([]);
    expect(sorts(run([happened('w', event('w', 1, 'assigned', colleague, { agent: ville }))], raised))).toEqual([]);
  });
  test('what went to another while the laptop slept is told when it is back', () => {
    const back = run([{ type: 'welcome', welcome: welcome([]) }], desk);
    expect(sorts(back)).toEqual(['lost']);
    expect(back.notices).toMatchObject([{ conversation: 'm', why: 'lost', after: 1 }]);
  });
  test('looked at, nothing is fresh; heard, it is gone', () => {
    const one = run([{ type: 'alert', what: 'raised', conversation: 'w', who: '', now: noon }], desk);
    expect(run([{ type: 'looked' }], one).news[0]?.fresh).toBe(false);
    expect(run([{ type: 'heard', id: one.news[0]?.id ?? 0 }], one).news).toEqual([]);
  });
});

describe('asleep, and back', () => {
  const moved = [
    said('m', 2, 'haloo'), event('m', 3, 'unassigned', system, { reason: 'agent_lost', agent: { id: me.id } }),
    event('m', 4, 'assigned', colleague, { agent: ville, by_hand: true }), event('m', 5, 'message', colleague, { text: 'Hei' }), said('m', 6, 'kiitos'), said('m', 7, 'hei'),
  ];
  test('what happened is told from where it left my hands, each step once', () => {
    const desk = run([
      { type: 'write', conversation: 'm', kind: 'reply', text: '' },
      { type: 'welcome', welcome: welcome([]) }, happened('m', ...moved),
      { type: 'refused', key: 'k', conversation: 'm', sort: 'post', text: 'Hoidan sen', why: 'conflict', after: 1 },
    ], opened([own('m', { head: 1 })]));
    const notice = desk.notices.find((one) => one.textBack);
    if (notice === undefined) throw new Error('no notice');
    expect(meanwhile(notice, talk(desk, 'm'), desk, noon, fi).map((step) => step.text)).toEqual([
      'Vastaajan yhteys katkesi. Keskustelu palasi paikalleen jonoon', 'Ville Koski otti keskustelun', 'Ville Koski vastasi', 'Asiakas kirjoitti',
    ]);
    expect(desk.drafts['m']?.reply).toBe('Hoidan sen');
  });
  test('one step says no more than the notice', () => {
    const desk = run([happened('m', event('m', 2, 'assigned', colleague, { agent: ville }))], opened([own('m', { head: 1 })]));
    expect(desk.notices.map((notice) => meanwhile(notice, talk(desk, 'm'), desk, noon, fi))).toEqual([[]]);
  });
});

describe('what is known of the customer', () => {
  test('what they left to be reached by comes before what the bot asked', () => {
    const baton = { reason: 'asked', fields: { email: 'vanha@posti.example', phone: '09 1' } } as const;
    expect(reach(snap('c', { baton, contact: { email: 'uusi@posti.example', phone: null } }), fi)).toEqual([['Sähköposti', 'uusi@posti.example'], ['Puhelin', '09 1']]);
  });
  const eight = new Date(2026, 2, 18, 8, 0);
  const nine = new Date(2026, 2, 18, 9, 0);
  const promise = { at: eight.toISOString(), until: nine.toISOString(), channel: 'phone' };
  const dayBefore = new Date(2026, 2, 17, 20, 0).getTime();
  test.each<[string, Partial<Snap>, number, string]>([
    ['a call', { promise }, dayBefore, 'soitto huomenna klo 8.00–9.00'],
    ['by whom', { promise, state: 'snoozed', agent: ville }, dayBefore, 'soitto huomenna klo 8.00–9.00, Ville'],
    ['a letter', { promise: { at: eight.toISOString(), channel: 'email' } }, dayBefore, 'vastaus sähköpostiin huomenna klo 8.00'],
    ['too late', { promise }, nine.getTime() + 1, 'soitto klo 8.00–9.00, myöhässä'],
    ['in time, with an agent', { promise, state: 'agent', agent: ville }, nine.getTime() + 1, 'soitto klo 8.00–9.00, Ville'],
    ['none', { promise: null }, dayBefore, ''],
    ['a time that is none', { promise: { at: 'soon' } }, dayBefore, ''],
  ])('the promise: %s', (_what, more, now, words) => expect(promiseOf(snap('c', more), now, fi)).toBe(words));

  const wait = { low_s: 120, high_s: 240 };
  const range = (seq: number) => event('c', seq, 'promised', system, { wait });
  const given = (seq: number) => event('c', seq, 'assigned', colleague, { agent: ville });
  test.each<[string, Parameters<typeof toldWait>[0], number, boolean | null, number | null, boolean]>([
    ['kept', [range(10), given(200)], 999, true, 190_000, false],
    ['to the second', [range(10), given(250)], 999, true, 240_000, false],
    ['passed', [range(10), given(251)], 999, false, 241_000, false],
    ['open', [range(10)], 100, null, null, false],
    ['open, and passed already', [range(10)], 300, false, null, false],
    ['told with the escalation', [event('c', 10, 'escalated', system, { reason: 'asked', wait }), given(20)], 999, true, 10_000, false],
    ['told anew after it was passed', [range(10), range(260), given(300)], 999, true, 40_000, true],
    ['the first who has it counts', [range(10), given(20), event('c', 30, 'unassigned', system, { reason: 'released' }), given(900)], 999, true, 10_000, false],
  ])('a told wait: %s', (_what, events, seconds, held, took, passed) => expect(toldWait(events, noon + seconds * 1000)).toMatchObject({ held, took, passed }));
  test.each([[[]], [[event('c', 1, 'promised', system, { wait: null })]], [[range(1), event('c', 2, 'escalated', system, { reason: 'asked' })]]])('none was told', (events) => expect(toldWait(events, noon)).toBeNull());
  test('in words', () => {
    const events = [range(10), given(200)];
    const desk = run([happened('c', ...events)]);
    expect(toldOf(talk(desk, 'c'), noon, fi)).toBe('noin 2–4 min, kesti 3 min');
  });
});

describe('what is handed over', () => {
  test('a rule is named where it is told', () => {
    const baton = { reason: 'rule', wants: '', quote: '' } as const;
    expect(whyHanded(baton, [{ rule: 'big_refund', evidence: '250' }], fi)).toBe('Sääntö tuo tämän ihmiselle: big refund.');
    expect(whyHanded(baton, undefined, fi)).toBe('Sääntö tuo tämän ihmiselle.');
    expect(whyHanded({ ...baton, reason: 'asked' }, [{ rule: 'asked', evidence: 'x' }], fi)).toBe('Asiakas pyysi ihmistä.');
  });

  test.each([
    ['nobody belongs to it', [{ status: 'online', teams: ['other'] }], true],
    ['all are away', [{ status: 'away', teams: ['support'] }, { status: 'offline', teams: ['support'] }], true],
    ['somebody is at their desk', [{ status: 'busy', teams: ['other', 'support'] }], false],
  ])('a team is empty where %s: %j', (_name, people, empty) => {
    expect(nobodyIn('support', people)).toBe(empty);
  });

  test('the baton folds with the first reply, also one that waits for the line', () => {
    const desk = run([{ type: 'welcome', welcome: welcome([own('m')]) }]);
    expect(batonOpen(talk(desk, 'm'), desk)).toBe(true);
    const sent = run([{ type: 'outbox', sends: [{ key: 'k', conversation: 'm', type: 'post', text: 'Hei', at: noon }] }], desk);
    expect(batonOpen(talk(sent, 'm'), sent)).toBe(false);
    const noted = run([{ type: 'outbox', sends: [{ key: 'k', conversation: 'm', type: 'note', text: 'Hei', at: noon }] }], desk);
    expect(batonOpen(talk(noted, 'm'), noted)).toBe(true);
  });
});

describe('the command bar', () => {
  const desk = run([{ type: 'select', conversation: 'm' }], opened([own('m', { baton: { reason: 'asked', wants: '', quote: '', fields: { email: 'marja@posti.example' } } as NonNullable<Snap['baton']> })], [snap('w', { about: 'Lasku väärin' })]));

  test('what is done with the open conversation stands before what goes to another', () => {
    const found = matching(commands(desk, en), 'line').map((one) => one.id);
    expect(found.slice(0, 2)).toEqual(['release', 'take']);
    expect(commands(desk, en).findIndex((one) => one.id === 'resolve')).toBeLessThan(commands(desk, en).findIndex((one) => one.id === 'takeNext'));
  });

  test.each([['marja', 'm'], ['lasku', 'w']])('a conversation is found by what is known of it: %s', (typed, id) => {
    expect(matching(commands(desk, fi), typed).map((one) => one.id)).toContain(id);
  });
});
