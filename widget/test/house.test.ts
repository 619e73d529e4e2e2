import { describe, expect, test } from 'vitest';
import type { KohtaEvent, Signal } from '@kohta/client';
import { rows, type House, type Row } from '../src/app/rows.ts';
import { houseAsks, current, nobody, reduce, unread, type State } from '../src/app/state.ts';
import { en } from '../src/app/words/en.ts';
import { fi } from '../src/app/words/fi.ts';
import { sv } from '../src/app/words/sv.ts';
import { after, AINO, aino, bot, kept, me, NOW, says, system, talk, told, welcome } from './make.ts';

const options = [{ id: 'leave_message', label: 'Jätän viestin' }, { id: 'call_back', label: 'Soittakaa minulle' }, { id: 'wait', label: 'Odotan' }];
const form = { id: 'leave_message', fields: [{ name: 'email', label: 'Sähköposti', type: 'email', required: true }] };
const asked = { kind: 'escalated', reason: 'asked' };
const opens_at = new Date(2026, 2, 18, 8).toISOString();
const night = { kind: 'promised', text: 'Juuri nyt paikalla ei ole ketään. Ihmiset palaavat huomenna klo 8.', options, opens_at };
const promise = { at: opens_at, until: new Date(2026, 2, 18, 9).toISOString(), channel: 'phone' };
const called = [{ kind: 'snoozed', until: opens_at, promise }, { kind: 'promised', text: 'Soitamme huomenna klo 8–9. Voit perua soiton tästä.', options: [{ id: 'cancel_call', label: 'Peru soitto' }] }];

const events = (...what: Record<string, unknown>[]): KohtaEvent[] => talk('c', says(me, 'x'), asked, ...what);
const show = (s: State, w = fi): Row[] => rows(s, () => w, NOW);
const card = (s: State, w = fi): House | undefined => show(s, w).find((r): r is Row & House => r.row === 'house');
const notes = (s: State) => show(s).filter((r) => r.row === 'note').map((r) => r.row === 'note' && r.text);
const line = (position: number | null, wait: { low_s: number; high_s: number } | null) => (s: State) =>
  reduce(s, { do: 'signal', at: 0, signal: { type: 'signal', kind: 'line', conversation: 'c', position, wait } as Signal });

describe('how the wait stands', () => {
  test('the place and the range, in each language', () => {
    const s = line(2, { low_s: 120, high_s: 240 })(told(events()));
    expect([fi, sv, en].map((w) => card(s, w)).map((c) => [c?.head, c?.say])).toEqual([
      ['Olet jonossa toisena', 'Vastaus noin 2–4 minuutin päästä'], ['Du är tvåa i kön', 'Svar om cirka 2–4 minuter'], ["You're second in line", 'An answer in about 2–4 minutes'],
    ]);
    expect(card(s)).toMatchObject({ wait: { low_s: 120, high_s: 240 }, fine: 'Voit sulkea ikkunan, paikkasi säilyy.', asks: null });
  });

  test('honestly, while it cannot be told', () => {
    expect(card(told(events()))).toMatchObject({ head: 'Olet jonossa', say: 'Emme osaa vielä arvioida aikaa. Kerromme heti, kun osaamme.', wait: null });
  });

  test('the same card and key through every change, so that nothing jumps', () => {
    let s = told(events());
    const keys = [line(3, null), line(2, { low_s: 60, high_s: 120 }), line(1, { low_s: 0, high_s: 60 })].map((change) => card(s = change(s))?.key);
    expect(new Set(keys).size).toBe(1);
  });

  test('after a reload, as the desk says it', () => {
    let s = after({ do: 'link', state: { name: 'connected' } }, { do: 'welcome', frame: welcome({ conversation: 'c', state: 'waiting', head: 2, position: 4, wait: { low_s: 600, high_s: 900 } }), anew: false });
    s = reduce(s, { do: 'events', conversation: 'c', events: events() });
    expect(card(s)).toMatchObject({ head: 'Olet jonossa neljäntenä', say: 'Vastaus noin 10–15 minuutin päästä' });
  });

  test('past the range: the words stay in the log, the new range and what else there is in the card', () => {
    const late = { kind: 'promised', text: 'Odotus venyy. Uusi arvio: 5–10 minuuttia.', options, wait: { low_s: 300, high_s: 600 } };
    const s = line(1, { low_s: 300, high_s: 600 })(told(events(late)));
    expect(card(s)).toMatchObject({ head: 'Olet jonossa ensimmäisenä', say: 'Vastaus noin 5–10 minuutin päästä', asks: { options } });
    expect(notes(s)).toContain('Odotus venyy. Uusi arvio: 5–10 minuuttia.');
  });
});

describe('while a colleague is asked by name', () => {
  const passed = (agent: unknown, ...more: Record<string, unknown>[]) => told(events({ kind: 'assigned', agent: AINO }, { kind: 'transferred', from: aino, team: 'kahvila', agent }, ...more));
  const ville = { id: 'a-2', name: 'Ville' };

  test('that is said, without a place in the line', () => {
    expect([fi, sv, en].map((w) => card(passed(ville), w)?.head)).toEqual(['Hetki, kysymme kollegalta', 'Ett ögonblick, vi frågar en kollega', "One moment, we're asking a colleague"]);
    expect(card(line(null, null)(passed(ville)))).toMatchObject({ say: '', wait: null, asks: null, fine: fi.mayClose });
  });

  test('the place stands again when there is one, and for who was passed on to a team', () => {
    expect(card(line(2, null)(passed(ville)))?.head).toBe('Olet jonossa toisena');
    expect(card(passed(null))?.head).toBe('Olet jonossa');
    expect(card(passed(ville, { kind: 'assigned', agent: AINO }, { kind: 'unassigned', reason: 'released' }))?.head).toBe('Olet jonossa');
  });
});

describe('when nobody is there', () => {
  test('the words stand in the card alone: the main thing first', () => {
    const s = line(1, null)(told(events(night)));
    expect(card(s)).toMatchObject({ head: 'Juuri nyt paikalla ei ole ketään.', say: 'Ihmiset palaavat huomenna klo 8.', fine: 'Olet jonossa ensimmäisenä. Voit sulkea ikkunan, paikkasi säilyy.', wait: null, asks: { seq: 3 } });
    expect(card(told(events(night)))).toMatchObject({ head: 'Juuri nyt paikalla ei ole ketään.', fine: 'Voit sulkea ikkunan, paikkasi säilyy.' });
    expect(notes(s)).not.toContain(night.text);
    const swedish = card(told(events({ ...night, text: 'Vi ringer i morgon kl. 8–9. Du kan avboka här.' })), sv);
    expect([swedish?.head, swedish?.say]).toEqual(['Vi ringer i morgon kl. 8–9.', 'Du kan avboka här.']);
  });

  test('who chose to wait is told when, and not that it cannot be told', () => {
    const s = line(1, null)(told(events(night, says(me, 'Odotan', { option: 'wait', answers: 3 }))));
    expect(card(s)).toMatchObject({ head: 'Olet jonossa ensimmäisenä', say: 'Ihmiset palaavat huomenna klo 8.', asks: null });
    expect(notes(s)).toContain(night.text);
  });

  describe('and then somebody is', () => {
    const alone = { ...night, text: 'Juuri nyt paikalla ei ole ketään. Paikkasi jonossa on tallessa.', opens_at: undefined, reason: 'nobody' };
    const s = line(1, null)(told(events(alone)));

    test('the card goes by the place that tells a wait, and what else there is to choose stays', () => {
      expect(card(s)).toMatchObject({ head: 'Juuri nyt paikalla ei ole ketään.', quotes: true });
      const later = line(1, { low_s: 60, high_s: 120 })(s);
      expect(card(later)).toMatchObject({ head: 'Olet jonossa ensimmäisenä', quotes: false, asks: { options } });
      expect(notes(later)).toContain(alone.text);
    });

    test('the card goes by the next word of the house that says so, or says nothing of it', () => {
      expect(nobody(current(told(events(alone, { kind: 'promised', text: 'Nyt täällä on ihminen.', reason: 'somebody', options }))))).toBe(false);
      expect(card(told(events(alone, { kind: 'promised', text: 'Kiitos, että odotat.' })))).toMatchObject({ head: 'Olet jonossa', quotes: false, asks: { seq: 3 } });
    });

    test('what answers a choice says nothing of who is there', () => {
      const calls = { kind: 'promised', text: 'Milloin soitamme?', options: [{ id: 'at.1', label: 'Tänään klo 9–10' }] };
      const is = (...what: Record<string, unknown>[]) => nobody(current(told(events(alone, ...what))));
      const chosen = says(me, 'Soittakaa minulle', { option: 'call_back', answers: 3 });
      expect(is(chosen)).toBe(true);
      expect(is(chosen, calls)).toBe(true);
      expect(is(chosen, calls, says(me, 'kiire'), { kind: 'promised', text: 'Kiitos, että odotat.' })).toBe(false);
      const called = [chosen, calls, says(me, 'x', { answers: 5 }), { kind: 'snoozed' }, { kind: 'promised', text: 'Soitamme.' }];
      expect(is(...called, says(me, 'Peru soitto', { answers: 8 }), { kind: 'woken', state: 'waiting' }, { kind: 'promised', text: 'Soitto on peruttu.', reason: 'cancelled' })).toBe(true);
      expect(is(...called, { kind: 'woken', state: 'waiting' })).toBe(false);
      expect(is({ kind: 'returned' }, { kind: 'escalated', reason: 'asked' })).toBe(false);
    });
  });

  test('in a crisis there is help above, and no talk of lines', () => {
    const s = line(1, { low_s: 60, high_s: 120 })(told(talk('c', says(me, 'x'), { kind: 'escalated', reason: 'crisis' }, night)));
    expect(show(s).slice(-2).map((r) => r.row)).toEqual(['help', 'house']);
    expect(card(s)?.head).toBe('Juuri nyt paikalla ei ole ketään.');
    expect(show(s).find((r) => r.row === 'help')).toMatchObject({ held: true });
    const taken = told(talk('c', says(me, 'x'), { kind: 'escalated', reason: 'crisis' }, night, { kind: 'assigned', agent: AINO }));
    expect(show(taken).find((r) => r.row === 'help')).toMatchObject({ held: false });
  });

  test('a promised call stands once, and can be cancelled while it waits', () => {
    const s = told(events(night, says(me, 'Soittakaa', { answers: 3 }), ...called));
    expect(card(s)).toMatchObject({ head: 'Soitamme huomenna klo 8–9.', say: 'Voit perua soiton tästä.', fine: '', asks: { options: [{ id: 'cancel_call' }] } });
    expect(notes(s).filter((n) => String(n).includes('Soitamme'))).toEqual([]);
  });
});

describe("the house's question", () => {
  const open = (...what: Record<string, unknown>[]) => { const s = told(events(...what)); return houseAsks(s, current(s))?.seq ?? null; };
  test.each<[string, Record<string, unknown>[], number | null]>([
    ['is open', [night], 3],
    ['is open after other words', [night, says(me, 'kiire'), { kind: 'promised', text: 'Hetki vielä.' }, says(system, 'Hei')], 3],
    ['is answered', [night, says(me, 'Odotan', { answers: 3 })], null],
    ['is not answered by the answer to another', [night, says(me, 'Odotan', { answers: 1 })], 3],
    ['gives way to the next', [night, { ...night, options: undefined, form }], 4],
    ['is over once a person is there', [night, { kind: 'assigned', agent: AINO }], null],
    ['is over when the call is due', [...called, { kind: 'woken', state: 'waiting' }], null],
    ['is open while put off', called, 4],
    ['is over at the end', [night, { kind: 'closed', by: 'system' }], null],
    ['is none without anything to choose', [{ kind: 'promised', text: 'Hetki.', options: [] }], null],
  ])('%s', (_name, what, seq) => expect(open(...what)).toBe(seq));

  test('is put away while the answer is on its way, and the choice stands as own words', () => {
    const s = reduce(told(events(night)), { do: 'kept', kept: [kept({ type: 'choose', key: 'k', conversation: 'c', seq: 3, option: 'call_back' })] });
    expect(card(s)?.asks).toBeNull();
    expect(show(s).find((r) => r.row === 'turn' && r.mark?.sign === 'sending')).toMatchObject({ bubbles: [{ key: 'k', text: 'Soittakaa minulle' }] });
    expect(card(reduce(s, { do: 'kept', kept: [kept({ type: 'post', key: 'p', conversation: 'c', text: 'kiire' })] }))?.asks?.seq).toBe(3);
  });

  test('a choice that is kept while there is no line is told as kept', () => {
    let s = reduce(told(events(night)), { do: 'link', state: { name: 'connecting', attempt: 1, code: 1006 } });
    s = reduce(s, { do: 'kept', kept: [kept({ type: 'choose', key: 'k', conversation: 'c', seq: 3, option: 'wait' })] });
    expect(show(s).findLast((r) => r.row === 'turn')).toMatchObject({ mark: { sign: 'kept' }, bubbles: [{ text: 'Odotan', kept: true }] });
  });

  test('counts as news behind the closed window; a mere word does not', () => {
    expect(unread(told(events(night))).count).toBe(1);
    expect(unread(told(events({ kind: 'promised', text: 'Hetki vielä.' }))).count).toBe(0);
  });
});

test('what a machine asks of a silent customer is a line of the house, not of the agent', () => {
  const s = told(talk('c', says(bot, 'Hei'), { kind: 'assigned', agent: AINO }, says(system, 'Autoimmeko sinua tässä?')));
  expect(show(s).at(-1)).toMatchObject({ row: 'note', text: 'Autoimmeko sinua tässä?', warm: false });
});
