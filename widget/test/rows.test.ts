import { describe, expect, test } from 'vitest';
import type { KohtaEvent, VisitorWrite } from '@kohta/client';
import { rows, type Row, type Turn } from '../src/app/rows.ts';
import { current, reduce, type State } from '../src/app/state.ts';
import { en } from '../src/app/words/en.ts';
import { fi } from '../src/app/words/fi.ts';
import { AINO, aino, after, bot, kept, me, NOW, says, talk, told, welcome } from './make.ts';

const show = (s: State): Row[] => rows(s, () => fi, NOW);
const kinds = (s: State) => show(s).map((r) => (r.row === 'turn' ? r.who : r.row));
const turns = (s: State) => show(s).filter((r): r is Row & Turn => r.row === 'turn');
const last = (s: State) => turns(s).at(-1);

const options = [{ id: 'a', label: 'Missä tilaukseni on?' }];
const form = { id: 'order', fields: [{ name: 'order', label: 'Tilausnumero', type: 'number', required: true }, { name: 'email', label: 'Sähköposti', type: 'email' }] };

describe('turns', () => {
  test('the name once a turn, a new turn for another speaker and after a pause', () => {
    const late: KohtaEvent = { ...talk('c', says(bot, 'vielä'))[0]!, seq: 4, at: new Date(2026, 2, 17, 14, 39).toISOString() };
    const s = told([...talk('c', says(bot, 'a'), says(bot, 'b'), says(me, 'c')), late]);
    expect(turns(s).map((t) => [t.who, t.at, t.bubbles.map((b) => b.text)])).toEqual([
      ['bot', '14.20', ['a', 'b']], ['me', '14.22', ['c']], ['bot', '14.39', ['vielä']],
    ]);
  });

  test('two people are two turns', () => {
    const ville = { role: 'agent', id: 'a-2', name: 'Ville Koskinen' };
    expect(turns(told(talk('c', says(aino, 'a'), says(ville, 'b')))).map((t) => t.name)).toEqual(['', 'Aino Lahti', 'Ville Koskinen']);
  });

  test('the greeting stands above a beginning, and is not said twice', () => {
    expect(turns(told()).map((t) => t.bubbles[0]?.text)).toEqual([fi.greeting]);
    expect(turns(told(talk('c', says(me, 'moi')))).map((t) => t.who)).toEqual(['bot', 'me']);
    expect(turns(told(talk('c', says(me, 'moi'), says(bot, 'Hei. Olen botti, en ihminen. Autan tilauksissa.')))).map((t) => t.who)).toEqual(['me', 'bot']);
  });

  test('a line for each day', () => {
    const before: KohtaEvent = { ...talk('a', says(me, 'vanha'))[0]!, at: new Date(2026, 2, 16, 9).toISOString() };
    const closed: KohtaEvent = { ...talk('a', {}, { kind: 'closed', by: 'visitor' })[1]!, at: new Date(2026, 2, 16, 9, 1).toISOString() };
    const s = { ...told([before, closed], talk('b', says(me, 'uusi'))), greeted: false };
    expect(show(s).filter((r) => r.row === 'day').map((r) => r.row === 'day' && r.text)).toEqual(['Eilen', 'Tänään']);
  });
});

describe('the language', () => {
  const of = (language?: string) => (language === 'en' ? en : fi);
  const asked = [says(me, 'hello'), { kind: 'escalated', reason: 'asked' }];
  const line = (s: State) => rows(s, of, NOW).filter((r) => r.row === 'note' || r.row === 'house').map((r) => [r.lang, r.row === 'house' ? r.head : r.text]);

  test('of the log is that in which the conversation goes on, by the snapshot or by the last message that names one', () => {
    let s = after({ do: 'link', state: { name: 'connected' } }, { do: 'welcome', frame: welcome({ conversation: 'c', head: 2, state: 'waiting', language: 'en' }), anew: false });
    s = reduce(s, { do: 'events', conversation: 'c', events: talk('c', ...asked) });
    expect(line(s)).toEqual([['en', 'A person was asked for at 14:21'], ['en', "You're in line"]]);
    expect(line(told(talk('c', says(me, 'hello'), says(bot, 'Hello.', { language: 'en' }), { kind: 'escalated', reason: 'asked' }))).at(-1)).toEqual(['en', "You're in line"]);
  });

  test("is the customer's own as long as nothing else is told", () => {
    expect(rows(told(), of, NOW).map((r) => r.lang)).toEqual(['fi', 'fi']);
    expect(line(told(talk('c', ...asked))).at(-1)).toEqual(['fi', 'Olet jonossa']);
  });
});

describe('what waits for the customer', () => {
  test('buttons, until the customer has said something', () => {
    const asked = talk('c', says(me, 'moi'), says(bot, 'Mitä?', { options }));
    expect(kinds(told(asked)).at(-1)).toBe('options');
    expect(kinds(told([...asked, { ...talk('c', says(me, 'muu'))[0]!, seq: 3 }])).at(-1)).toBe('me');
    expect(kinds(reduce(told(asked), { do: 'kept', kept: [kept({ type: 'choose', key: 'k', conversation: 'c', seq: 2, option: 'a' })] })).at(-1)).toBe('me');
  });

  test('a form, even if the bot adds a word; gone once a person is asked for', () => {
    const asked = talk('c', says(me, 'moi'), says(bot, 'Kerro.', { form }), says(bot, 'Kiitos.'));
    expect(show(told(asked)).at(-1)).toMatchObject({ row: 'form', seq: 2, form });
    expect(kinds(told(talk('c', says(bot, 'Kerro.', { form }), { kind: 'escalated', reason: 'asked' })))).not.toContain('form');
  });

  test('a correction stands at the field alone, and is a line of the bot once it is answered', () => {
    const wrong = { ...form, fields: form.fields.map((f) => (f.name === 'order' ? { ...f, wrong: 'Liian lyhyt.' } : f)) };
    const asked = talk('c', says(me, 'moi'), says(bot, 'Liian lyhyt.', { form: wrong }), says(me, 'Tilausnumero: 10234'));
    expect(kinds(told(asked.slice(0, 2))).slice(1)).toEqual(['me', 'form']);
    expect(turns(told(asked)).map((t) => t.bubbles[0]?.text)).toEqual(['moi', 'Liian lyhyt.', 'Tilausnumero: 10234']);
    expect(kinds(told(talk('c', says(me, 'moi'), says(bot, 'Katso numeroa.', { form: wrong })))).slice(1)).toEqual(['me', 'bot', 'form']);
  });

  test('the call for a person is not said again after the bot has said it', () => {
    expect(kinds(told(talk('c', says(me, 'x'), says(bot, 'Haen ihmisen.'), { kind: 'escalated', reason: 'asked' }))).slice(1)).toEqual(['me', 'bot', 'house']);
  });

  test('the place in the line; in a crisis help, and no talk of lines', () => {
    expect(kinds(told(talk('c', says(me, 'x'), { kind: 'escalated', reason: 'asked' }))).slice(-2)).toEqual(['note', 'house']);
    expect(kinds(told(talk('c', says(me, 'x'), { kind: 'escalated', reason: 'crisis' }))).slice(-2)).toEqual(['note', 'help']);
  });

  test('a person is introduced once', () => {
    const s = told(talk('c', { kind: 'assigned', agent: AINO }, { kind: 'unassigned', reason: 'agent_lost', agent: AINO }, { kind: 'assigned', agent: AINO }));
    expect(kinds(s).filter((k) => k === 'intro')).toHaveLength(1);
  });

  test('typing lasts until its time', () => {
    const typed = (until: number) => {
      const s = told(talk('c', { kind: 'assigned', agent: AINO }));
      return kinds(reduce(s, { do: 'signal', at: until - 6000, signal: { type: 'signal', kind: 'typing', conversation: 'c', from: aino } })).at(-1);
    };
    expect(typed(NOW.getTime() + 1)).toBe('typing');
    expect(typed(NOW.getTime() - 1)).toBe('intro');
  });

  describe('the rating', () => {
    const ended = talk('c', says(me, 'moi'), says(aino, 'hei'), { kind: 'closed', by: 'agent' });
    test('is asked at the end', () => expect(kinds(told(ended)).at(-1)).toBe('rate'));
    test.each<[string, (s: State) => State]>([
      ['put off', (s) => reduce(s, { do: 'unrate', conversations: ['c'] })],
      ['on its way', (s) => reduce(s, { do: 'kept', kept: [kept({ type: 'rate', key: 'k', conversation: 'c', survey: 'csat', score: 5 })] })],
      ['given', (s) => reduce(s, { do: 'events', conversation: 'c', events: [{ ...talk('c', { kind: 'rated', survey: 'csat', score: 5 })[0]!, seq: 4 }] })],
    ])('not when %s', (_name, change) => expect(kinds(change(told(ended)))).not.toContain('rate'));
    test('stays under a last word of thanks that reopens nothing, also while that is on its way', () => {
      const thanks = kept({ type: 'post', key: 'k', conversation: 'c', text: 'kiitos, hei' });
      const going = reduce(told(ended), { do: 'kept', kept: [thanks] });
      expect(kinds(going).slice(-2)).toEqual(['me', 'rate']);
      const stored = reduce(told(ended), { do: 'events', conversation: 'c', events: [{ ...talk('c', says(me, 'kiitos, hei', { key: 'k' }))[0]!, seq: 4 }] });
      expect([kinds(stored).slice(-2), current(stored)?.snapshot.state]).toEqual([['me', 'rate'], 'closed']);
    });
    test('gives way to words that begin anew, and to what goes on', () => {
      const anew = reduce(told(ended), { do: 'kept', kept: [kept({ type: 'post', key: 'k', conversation: null, text: 'uusi asia' })] });
      expect(kinds(anew)).not.toContain('rate');
      expect(kinds(told([...ended, { ...talk('c', { kind: 'reopened', state: 'waiting' })[0]!, seq: 4 }]))).not.toContain('rate');
    });
    test('not when nothing was said', () => expect(kinds(told(talk('c', { kind: 'closed', by: 'system' })))).not.toContain('rate'));
  });

  test('nothing, before the past is read', () => {
    const s = after({ do: 'welcome', frame: welcome({ conversation: 'c', head: 9, state: 'waiting' }), anew: false });
    expect(show(s)).toEqual([]);
  });
});

describe('the marks of own words', () => {
  const post = (key: string, text: string): VisitorWrite => ({ type: 'post', key, conversation: 'c', text });
  const own = told(talk('c', says(me, 'moi', { key: 'k1' })));

  test('Lähtee, Perillä, Luettu', () => {
    const going = reduce(own, { do: 'kept', kept: [kept(post('k2', 'vielä'))] });
    expect(last(going)).toMatchObject({ key: 'turn.k1', mark: { sign: 'sending', text: 'Lähtee' }, bubbles: [{ key: 'k1' }, { key: 'k2', kept: false }] });
    expect(last(own)?.mark).toEqual({ sign: 'delivered', text: 'Perillä 14.20' });
    const read = reduce(own, { do: 'signal', at: NOW.getTime(), signal: { type: 'signal', kind: 'read', conversation: 'c', by: 'agent', seq: 1 } });
    expect(last(read)?.mark).toEqual({ sign: 'read', text: 'Luettu 14.40' });
  });

  test('none once the bot has answered; still there when a person has', () => {
    expect(turns(told(talk('c', says(me, 'moi'), says(bot, 'hei')))).every((t) => t.mark === null)).toBe(true);
    expect(turns(told(talk('c', says(me, 'moi'), says(aino, 'hei')))).map((t) => t.mark?.sign)).toEqual([undefined, 'delivered', undefined]);
  });

  test('kept words are dashed while there is no line, and keep their bubble when they arrive', () => {
    let s = reduce(own, { do: 'link', state: { name: 'connecting', attempt: 1, code: 1006 } });
    s = reduce(s, { do: 'kept', kept: [kept(post('k2', 'vielä'))] });
    expect(last(s)).toMatchObject({ mark: { sign: 'kept', text: 'Ei vielä lähtenyt, tallessa tällä laitteella' }, bubbles: [{ kept: false }, { key: 'k2', kept: true }] });
    s = reduce(s, { do: 'events', conversation: 'c', events: [{ ...talk('c', says(me, 'vielä', { key: 'k2' }))[0]!, seq: 2 }] });
    expect(last(s)?.bubbles).toEqual([{ key: 'k1', text: 'moi', kept: false }, { key: 'k2', text: 'vielä', kept: false }]);
  });

  test('a choice and a form wait as the words that they become', () => {
    const s = told(talk('c', says(bot, 'Mitä?', { options }), says(bot, 'Kerro.', { form })));
    const words = (frame: VisitorWrite) => last(reduce(s, { do: 'kept', kept: [kept(frame)] }))?.bubbles.at(-1)?.text;
    expect(words({ type: 'choose', key: 'k', conversation: 'c', seq: 1, option: 'a' })).toBe('Missä tilaukseni on?');
    expect(words({ type: 'submit', key: 'k', conversation: 'c', seq: 2, fields: { order: '1048213', email: '' } })).toBe('Tilausnumero: 1048213');
    expect(kinds(reduce(s, { do: 'kept', kept: [kept({ type: 'ask_human', key: 'k', conversation: 'c' })] }))).not.toContain('me');
  });

  test('what was not taken says so', () => {
    const failed = reduce(own, { do: 'failed', failed: { key: 'k9', at: NOW.getTime(), frame: post('k9', 'liian pitkä'), code: 'too_large' } });
    expect(last(failed)).toMatchObject({ mark: { sign: 'failed', text: fi.tooLong } });
  });
});
