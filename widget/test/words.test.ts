import { describe, expect, test, vi } from 'vitest';
import type { KohtaEvent } from '@kohta/client';
import { note, waitLine } from '../src/app/notes.ts';
import { launcher, read as readPage } from '../src/app/page.ts';
import { read as readPrefs } from '../src/app/prefs.ts';
import { readIn, spoken, standing } from '../src/app/speech.ts';
import { reduce } from '../src/app/state.ts';
import { bar, placeholder, who } from '../src/app/who.ts';
import { HELP, load, type Words } from '../src/app/words.ts';
import { en } from '../src/app/words/en.ts';
import { fi } from '../src/app/words/fi.ts';
import { sv } from '../src/app/words/sv.ts';
import { pick, words as loaderWords } from '../src/loader/texts.ts';
import { AINO, aino, bot, kept, me, NOW, says, talk, told } from './make.ts';

// some of the modules look at the window as they are loaded
vi.hoisted(() => Object.assign(globalThis, { location: { search: '' }, navigator: { languages: [] }, addEventListener: () => undefined, window: globalThis, parent: globalThis }));

const all: Words[] = [fi, sv, en];

describe('the texts', () => {
  test('are the same in every language, and keep to the voice', () => {
    const keys = Object.keys(fi).sort();
    for (const w of all) {
      expect(Object.keys(w).sort()).toEqual(keys);
      for (const [key, text] of Object.entries(w) as [string, string | ((...v: string[]) => string)][]) {
        const said = typeof text === 'function' ? text('Aino', '14.31') : text;
        expect(said, `${w.language}.${key}`).toMatch(/\S/);
        expect(said, `${w.language}.${key}`).not.toMatch(/!|valitettavasti|tyvärr|unfortunately|\p{Emoji_Presentation}/iu);
        if (typeof text === 'function') expect(said, `${w.language}.${key}`).toContain('Aino');
      }
    }
  });

  test('carry the names that people and tests look for', () => {
    expect(all.map((w) => [w.chat, w.message, w.send, w.talk, w.closeChat])).toEqual([
      ['Chat', 'Viesti', 'Lähetä', 'Puhu ihmiselle', 'Sulje chat'],
      ['Chatt', 'Meddelande', 'Skicka', 'Prata med en människa', 'Stäng chatten'],
      ['Chat', 'Message', 'Send', 'Talk to a person', 'Close chat'],
    ]);
    expect(HELP).toEqual({ fi: '09 2525 0111', sv: '09 2525 0112', en: '09 2525 0113' });
  });

  test.each([
    [120, 240, 'Vastaus noin 2–4 minuutin päästä', 'Svar om cirka 2–4 minuter', 'An answer in about 2–4 minutes'],
    [61, 179, 'Vastaus noin 1–3 minuutin päästä', 'Svar om cirka 1–3 minuter', 'An answer in about 1–3 minutes'],
    [60, 60, 'Vastaus noin minuutin päästä', 'Svar om cirka en minut', 'An answer in about a minute'],
    [0, 60, 'Vastaus noin minuutin päästä', 'Svar om cirka en minut', 'An answer in about a minute'],
    [0, 120, 'Vastaus noin 1–2 minuutin päästä', 'Svar om cirka 1–2 minuter', 'An answer in about 1–2 minutes'],
    [3600, 7200, 'Vastaus noin 1–2 tunnin päästä', 'Svar om cirka 1–2 timmar', 'An answer in about 1–2 hours'],
    [1800, 3600, 'Vastaus noin 30–60 minuutin päästä', 'Svar om cirka 30–60 minuter', 'An answer in about 30–60 minutes'],
    [3600, 5400, 'Vastaus noin 60–90 minuutin päästä', 'Svar om cirka 60–90 minuter', 'An answer in about 60–90 minutes'],
  ])('tell a wait of %i–%i s', (low_s, high_s, ...said) => expect(all.map((w) => waitLine({ low_s, high_s }, w))).toEqual(said));

  test('tell a place in the line', () => {
    expect(all.map((w) => w.place(2))).toEqual(['Olet jonossa toisena', 'Du är tvåa i kön', "You're second in line"]);
    expect(all.map((w) => w.place(12))).toEqual(['Paikkasi jonossa: 12', 'Din plats i kön: 12', 'Your place in line: 12']);
  });

  test('are fetched one language at a time', async () => {
    expect(await load('sv')).toBe(sv);
  });
});

const event = (what: Record<string, unknown>): KohtaEvent => talk('c', what)[0]!;

describe('what happened, in words', () => {
  test.each<[Record<string, unknown>, string, boolean]>([
    [{ kind: 'escalated', reason: 'asked' }, 'Pyyntö ihmiselle lähti 14.20', false],
    [{ kind: 'assigned', agent: AINO }, 'Aino tuli keskusteluun 14.20', true],
    [{ kind: 'assigned', agent: { id: 'a' } }, 'Ihminen tuli keskusteluun 14.20', true],
    [{ kind: 'unassigned', reason: 'agent_lost', agent: AINO }, 'Yhteys katkesi: Aino. Paikkasi säilyy, ja seuraava näkee kaiken tämän.', false],
    [{ kind: 'unassigned', reason: 'agent_lost' }, 'Yhteys katkesi. Paikkasi säilyy, ja seuraava näkee kaiken tämän.', false],
    [{ kind: 'unassigned', reason: 'no_answer' }, 'Anteeksi, vastaus viipyi. Haemme sinulle toisen ihmisen, ja paikkasi säilyy.', false],
    [{ kind: 'unassigned', reason: 'released' }, 'Keskustelu palasi jonoon. Paikkasi säilyy.', false],
    [{ kind: 'unassigned', reason: 'taken_over' }, 'Vastaaja vaihtuu. Sinun ei tarvitse toistaa mitään.', false],
    [{ kind: 'transferred', team: 'billing', from: aino }, 'Aino siirsi keskustelun eteenpäin. Sinun ei tarvitse toistaa mitään.', true],
    [{ kind: 'transferred', team: 'billing' }, 'Keskustelu siirrettiin eteenpäin. Sinun ei tarvitse toistaa mitään.', true],
    [{ kind: 'snoozed', until: new Date(2026, 2, 18, 8).toISOString() }, 'Jatkamme tästä: huomenna klo 8. Kirjoita milloin vain.', true],
    [{ kind: 'snoozed', promise: { at: new Date(2026, 2, 18, 8).toISOString(), channel: 'phone' } }, 'Soitamme huomenna klo 8. Kirjoita milloin vain.', true],
    [{ kind: 'snoozed', promise: { at: new Date(2026, 2, 18, 8).toISOString(), until: new Date(2026, 2, 18, 9).toISOString(), channel: 'phone' } }, 'Soitamme huomenna klo 8–9. Kirjoita milloin vain.', true],
    [{ kind: 'snoozed', promise: { at: new Date(2026, 2, 18, 8).toISOString(), channel: 'email' } }, 'Viimeistään: huomenna klo 8. Kirjoita milloin vain.', true],
    [{ kind: 'snoozed' }, 'Jatkamme tästä myöhemmin. Kirjoita milloin vain.', true],
    [{ kind: 'woken', state: 'agent' }, 'Keskustelu jatkuu', false],
    [{ kind: 'woken', state: 'waiting' }, 'Olet taas jonossa, vanhalla paikallasi', false],
    [{ kind: 'returned' }, 'Botti jatkaa tästä. Saat ihmisen, kun haluat.', false],
    [{ kind: 'reopened' }, 'Keskustelu jatkuu 14.20', false],
    [{ kind: 'closed', by: 'visitor' }, 'Päätit keskustelun 14.20', false],
    [{ kind: 'closed', by: 'agent', from: aino }, 'Aino päätti keskustelun 14.20', false],
    [{ kind: 'closed', by: 'system' }, 'Keskustelu päättyi 14.20. Kirjoita milloin vain.', false],
    [{ kind: 'closed', by: 'agent' }, 'Keskustelu päättyi 14.20', false],
    [{ kind: 'promised', text: 'Vastaamme pian.' }, 'Vastaamme pian.', false],
    [{ kind: 'promised', wait: { low_s: 60, high_s: 180 } }, 'Vastaus noin 1–3 minuutin päästä', false],
    [{ kind: 'promised', wait: null }, 'Emme osaa vielä arvioida aikaa. Kerromme heti, kun osaamme.', false],
    [{ kind: 'rated', survey: 'csat', score: 5 }, 'Kiitos, kun kerroit.', false],
  ])('%o', (what, text, warm) => {
    expect(note(event(what), fi, NOW)).toEqual({ text, warm });
    for (const w of [sv, en]) expect(note(event(what), w, NOW)?.text).toMatch(/\S/);
  });

  test('that one may write whenever one likes is said once at the end', () => {
    const [asked, closed] = talk('c', says({ role: 'system' }, 'Suljemme nyt. Kirjoita milloin vain.'), { kind: 'closed', by: 'system' });
    expect(note(closed!, fi, NOW, asked)?.text).toBe('Keskustelu päättyi 14.21');
  });

  test('what is not for the customer is not said', () => {
    for (const kind of ['unknown', 'note', 'feeling', 'nudged', 'offered', 'declined']) expect(note(event({ kind, text: 'x' }), fi, NOW)).toBeNull();
  });
});

describe('what is read aloud', () => {
  test.each<[Record<string, unknown>, string[]]>([
    [says(bot, 'Hei.'), ['Botti: Hei.']],
    [says(aino, 'Hei Marja.'), ['Aino: Hei Marja.']],
    [says(me, 'Moi'), ['Sinä: Moi']],
    [says({ role: 'system' }, 'Olet jonossa.'), ['Olet jonossa.']],
    [says(bot, 'Mitä?', { options: [{ id: 'a', label: 'Lasku' }, { id: 'b', label: 'Muu' }] }), ['Botti: Mitä?', 'Vaihtoehdot: Lasku, Muu']],
    [says(bot, 'Kerro.', { form: { id: 'f', fields: [{ name: 'n', label: 'Tilausnumero', type: 'number', wrong: 'Liian lyhyt.' }] } }), ['Botti: Kerro.', 'Lomake: Tilausnumero. Liian lyhyt.']],
    [{ kind: 'assigned', agent: AINO }, ['Aino tuli keskusteluun 14.20']],
    [says(bot, 'Liian lyhyt.', { form: { id: 'f', fields: [{ name: 'n', label: 'Tilausnumero', type: 'number', wrong: 'Liian lyhyt.' }] } }), ['Botti: Liian lyhyt.', 'Lomake: Tilausnumero']],
    [{ kind: 'escalated', reason: 'asked' }, ['Pyyntö ihmiselle lähti 14.20']],
    [{ kind: 'escalated', reason: 'crisis' }, ['Pyyntö ihmiselle lähti 14.20', 'Apua saa myös soittamalla: Hätänumero, jos olet vaarassa 112, Kriisipuhelin 09 2525 0111']],
    [{ kind: 'promised', text: 'Paikalla ei ole ketään.', options: [{ id: 'wait', label: 'Odotan' }, { id: 'call_back', label: 'Soittakaa' }] }, ['Paikalla ei ole ketään.', 'Vaihtoehdot: Odotan, Soittakaa']],
    [{ kind: 'promised', text: 'Kirjoita.', form: { id: 'leave_message', fields: [{ name: 'email', label: 'Sähköposti', type: 'email' }] } }, ['Kirjoita.', 'Lomake: Sähköposti']],
    [{ kind: 'snoozed', promise: { at: NOW.toISOString(), channel: 'phone' } }, []],
    [{ kind: 'unknown' }, []],
  ])('%o', (what, lines) => expect(spoken(event(what), fi, NOW)).toEqual(lines));

  test('the call for a person is not heard again after the bot has said it; where help is, always', () => {
    const [said, call] = talk('c', says(bot, 'Haen ihmisen.'), { kind: 'escalated', reason: 'crisis' });
    expect(spoken(call!, fi, NOW, said)).toEqual([expect.stringContaining('112')]);
  });

  test('the greeting of a beginning', () => {
    expect(standing(told(), fi, NOW)).toEqual({ key: 'greeting', text: `Botti: ${fi.greeting}` });
    expect(standing(told(talk('c', says(me, 'moi'))), fi, NOW)).toBeNull();
  });

  test('the place in the line, again when it changes and not with each new guess at the wait', () => {
    const line = (reason: string, position: number | null, wait: { low_s: number; high_s: number } | null) => standing(reduce(
      told(talk('c', { kind: 'escalated', reason })), { do: 'signal', at: 0, signal: { type: 'signal', kind: 'line', conversation: 'c', position, wait } }), fi, NOW);
    expect(line('asked', 2, { low_s: 60, high_s: 180 })).toEqual({ key: 'c.2', text: 'Olet jonossa toisena. Vastaus noin 1–3 minuutin päästä' });
    expect(line('asked', 2, { low_s: 60, high_s: 240 })?.key).toBe('c.2');
    expect(line('asked', 2, null)).toEqual({ key: 'c.2?', text: 'Olet jonossa toisena. Emme osaa vielä arvioida aikaa. Kerromme heti, kun osaamme.' });
    expect(line('asked', 1, null)?.key).toBe('c.1?');
    expect(line('asked', null, null)).toBeNull();
    const nobody = { kind: 'promised', text: 'Paikalla ei ole ketään.', reason: 'nobody' };
    const place = (...more: Record<string, unknown>[]) => standing(reduce(told(talk('c', { kind: 'escalated', reason: 'asked' }, nobody, ...more)), {
      do: 'signal', at: 0, signal: { type: 'signal', kind: 'line', conversation: 'c', position: 1, wait: null } }), fi, NOW)?.key;
    expect([place(), place({ kind: 'promised', text: 'Nyt täällä on ihminen.', reason: 'somebody' })]).toEqual(['c.1!', 'c.1?']);
    expect(line('crisis', 1, null)).toBeNull();
  });
});

test('the question how it went is read once, and that a colleague is asked', () => {
  const ended = told(talk('c', says(me, 'moi'), says(aino, 'hei'), { kind: 'closed', by: 'agent' }));
  expect(standing(ended, fi, NOW)).toEqual({ key: 'rate c', text: 'Lomake: Miten meni?' });
  expect(readIn({ key: 'c.2', at: 1_000 }, 'rate c', 1_001)).toBe(0);
  expect(standing(reduce(ended, { do: 'unrate', conversations: ['c'] }), fi, NOW)).toBeNull();
  expect(standing(told(talk('c', { kind: 'transferred', agent: AINO })), fi, NOW)?.text).toBe(fi.asking);
});

test('the place is read once a minute at most; a greeting never keeps it waiting', () => {
  expect(readIn({ key: '', at: 0 }, 'c.2', 1_000)).toBe(0);
  expect(readIn({ key: 'greeting', at: 900 }, 'c.2', 1_000)).toBe(0);
  expect(readIn({ key: 'c.2', at: 1_000 }, 'c.1', 21_000)).toBe(40_000);
  expect(readIn({ key: 'c.2', at: 1_000 }, 'c.1', 61_000)).toBe(0);
});

describe('who is here', () => {
  const waiting = told(talk('c', says(me, 'x'), { kind: 'escalated', reason: 'asked' }));
  const withAino = told(talk('c', says(me, 'x'), { kind: 'escalated', reason: 'asked' }, { kind: 'assigned', agent: AINO }));

  test('the bot, the line, a person', () => {
    expect(who(told(), fi, NOW)).toEqual({ kind: 'bot', name: 'Botti', line: 'Vastaa heti, myös yöllä', here: false });
    expect(who(told(talk('c', says(bot, 'hei'))), fi, NOW).name).toBe('Kaarnan botti');
    expect(who(waiting, fi, NOW)).toMatchObject({ kind: 'line', name: 'Ihminen on tulossa' });
    expect(who(told(talk('c', { kind: 'escalated', reason: 'crisis' })), fi, NOW).line).toBe('Sinut otetaan ennen kaikkia muita');
    expect(who(withAino, fi, NOW)).toEqual({ kind: 'person', name: 'Aino Lahti', line: 'Ihminen, vastaa sinulle', here: true });
    expect(who(reduce(withAino, { do: 'link', state: { name: 'connecting', attempt: 1, code: 0 } }), fi, NOW).here).toBe(false);
    expect(who(told(talk('c', { kind: 'snoozed', until: new Date(2026, 2, 18, 8).toISOString() })), fi, NOW).line).toBe('Viimeistään: huomenna klo 8');
  });

  test('beside “Talk to a person” stands what is known', () => {
    expect(bar(told(), fi, NOW)).toEqual({ done: false, line: fi.barAny });
    expect(bar(waiting, fi, NOW)).toEqual({ done: true, line: fi.barDone });
    expect(bar(withAino, fi, NOW)).toEqual({ done: true, line: 'Aino on tässä sinua varten' });
    const asked = reduce(told(), { do: 'kept', kept: [kept({ type: 'ask_human', key: 'k', conversation: null })] });
    expect(bar(asked, fi, NOW)).toEqual({ done: true, line: fi.barSending });
    expect(bar(reduce(asked, { do: 'link', state: { name: 'connecting', attempt: 1, code: 0 } }), fi, NOW).line).toBe(fi.barLater);
    expect(bar(reduce(withAino, { do: 'offline', offline: true }), fi, NOW).line).toBe(fi.barAway);
  });

  describe('when nobody is there', () => {
    const opens_at = new Date(2026, 2, 18, 8).toISOString();
    const night = told(talk('c', says(me, 'x'), { kind: 'escalated', reason: 'asked' }, { kind: 'promised', text: 'Paikalla ei ole ketään.', opens_at }, { kind: 'promised', text: 'Milloin sopii?' }));
    test('it says when people are back, and not once they are', () => {
      expect(all.map((w) => bar(night, w, NOW).line)).toEqual(['Ihmiset palaavat huomenna klo 8', 'Vi är tillbaka i morgon kl. 8', 'People are back tomorrow at 8']);
      expect(bar(night, fi, NOW).done).toBe(true);
      expect(who(night, fi, NOW)).toEqual({ kind: 'line', name: 'Ihmiset palaavat huomenna klo 8', line: '', here: false });
      expect(who(night, fi, new Date(2026, 2, 18, 9)).name).toBe('Ihminen on tulossa');
      expect(bar(night, fi, new Date(2026, 2, 18, 9)).line).toBe(fi.barDone);
    });
    test('the head says nothing of a person on the way, also while a call is being booked', () => {
      const choice = [says(me, 'Soittakaa minulle', { option: 'call_back', answers: 3 }), { kind: 'promised', text: 'Milloin soitamme?', options: [{ id: 'at.1', label: 'Tänään klo 9–10' }] }];
      const s = told(talk('c', says(me, 'x'), { kind: 'escalated', reason: 'asked' }, { kind: 'promised', text: 'Paikalla ei ole ketään.', reason: 'nobody', options: [{ id: 'call_back', label: 'Soittakaa minulle' }] }, ...choice));
      expect(who(s, fi, NOW).name).toBe('Olet jonossa');
      const come = reduce(s, { do: 'signal', at: 0, signal: { type: 'signal', kind: 'line', conversation: 'c', position: 1, wait: { low_s: 60, high_s: 120 } } });
      expect(who(come, fi, NOW).name).toBe('Ihminen on tulossa');
    });
    test('who is there after all is not told when people are back', () => {
      const come = reduce(night, { do: 'signal', at: 0, signal: { type: 'signal', kind: 'line', conversation: 'c', position: 1, wait: { low_s: 60, high_s: 120 } } });
      expect([who(come, fi, NOW).name, bar(come, fi, NOW).line]).toEqual(['Ihminen on tulossa', fi.barDone]);
    });
    test('a promised call is told in the head and beside the button', () => {
      const promise = { at: opens_at, until: new Date(2026, 2, 18, 9).toISOString(), channel: 'phone' };
      const s = told(talk('c', { kind: 'escalated', reason: 'asked' }, { kind: 'snoozed', until: opens_at, promise }));
      expect([who(s, fi, NOW).line, bar(s, fi, NOW).line, who(s, sv, NOW).line, bar(s, en, NOW).line]).toEqual([
        'Soitamme huomenna klo 8–9', 'Soitamme huomenna klo 8–9', 'Vi ringer i morgon kl. 8–9', "We'll call tomorrow between 8 and 9"]);
    });
  });

  test('the empty field says what may be written', () => {
    expect([told(), waiting, withAino, reduce(told(), { do: 'offline', offline: true })].map((s) => placeholder(s, fi)))
      .toEqual([fi.askAnything, fi.writeMore, fi.message, fi.offlineWrite]);
  });
});

describe('settings', () => {
  test('the page asks, the customer decides', () => {
    expect(readPrefs({}, 'sv', ['fi'])).toEqual({ language: 'sv', size: 'm', contrast: 'normal', sound: false });
    expect(readPrefs({ language: 'en', size: 'xl', contrast: 'more', sound: true }, 'sv', [])).toEqual({ language: 'en', size: 'xl', contrast: 'more', sound: true });
    expect(readPrefs({ language: 'xx', size: 7, sound: 'yes' }, null, ['de', 'fi-FI'])).toEqual({ language: 'fi', size: 'm', contrast: 'normal', sound: false });
  });
});

describe('the page around the frame', () => {
  test.each<[unknown, unknown]>([
    [{ kohta: 'open' }, { kohta: 'open', modal: false }],
    [{ kohta: 'open', modal: true }, { kohta: 'open', modal: true }],
    [{ kohta: 'hide', modal: 'yes' }, { kohta: 'hide', modal: false }],
    [{ kohta: 'page', url: 'u', title: 't', referrer: 'r', more: 1 }, { kohta: 'page', url: 'u', title: 't', referrer: 'r' }],
    [{ kohta: 'page', url: {}, title: 't', referrer: 'r' }, null],
    [{ kohta: 'token' }, null], ['open', null], [null, null],
  ])('%o', (data, word) => expect(readPage(data)).toEqual(word));

  test('the launcher says what it does and what waits', () => {
    const says = (w: Words, count: number, person: string | null) => launcher({ count, person }, w).label;
    expect(says(fi, 0, null)).toBe('Avaa chat');
    expect(says(sv, 0, null)).toBe('Öppna chatten');
    expect(says(en, 0, 'Aino')).toBe('Open chat');
    expect(says(fi, 1, null)).toBe('Avaa chat, 1 uusi viesti');
    expect(says(fi, 3, null)).toBe('Avaa chat, 3 uutta viestiä');
    expect(launcher({ count: 3, person: 'Aino Lahti' }, fi)).toEqual({ unread: 3, label: 'Avaa chat, Aino on vastannut', initials: 'AL' });
    expect(launcher({ count: 0, person: 'Aino Lahti' }, fi).initials).toBe('');
    expect(pick([null, 'de', 'SV-fi'])).toBe('sv');
    expect(pick([])).toBe('en');
    expect(Object.values(loaderWords).map((w) => w.open)).toEqual(all.map((w) => w.openChat));
  });
});
