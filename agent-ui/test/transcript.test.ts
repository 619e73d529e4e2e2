import type { KohtaEvent } from '@kohta/client';
import { describe, expect, test } from 'vitest';

import { commands, matching } from '../src/state/commands.ts';
import { courseOf } from '../src/state/course.ts';
import { pagesOf } from '../src/state/pages.ts';
import { withEvent } from '../src/state/talks.ts';
import { type Block, lineOf, transcript } from '../src/state/transcript.ts';
import { byYear } from '../src/state/years.ts';
import { catalogues } from '../src/texts/index.ts';
import { agent, answered, bot, colleague, customer, event, me, noon, own, run, said, snap, system, ville, welcome } from './help.ts';

const { fi } = catalogues;
const handed: KohtaEvent[] = [
  said('a', 1, 'moi'),
  event('a', 2, 'message', bot, { text: 'Hei. Olen botti.' }),
  said('a', 3, 'ei auta'),
  event('a', 4, 'feeling', system, { feeling: 'angry', of: 3 }),
  event('a', 5, 'escalated', system, { reason: 'stuck' }),
  event('a', 6, 'assigned', agent, { agent: me, by_hand: true }),
];

function blocks(events: readonly KohtaEvent[], read = 0): Block[] {
  let talk = undefined as Parameters<typeof withEvent>[0];
  for (const one of events) talk = withEvent(talk, one);
  if (talk === undefined) return [];
  return transcript({ ...talk, snap: { ...talk.snap, read: { visitor: read } } }, me, [], true, noon, fi);
}

const shape = (all: readonly Block[]): string[] => all.map((block) =>
  block.sort === 'line' ? `– ${block.text}` : block.sort === 'fold' ? `[${block.count}: ${shape(block.blocks).join(' / ')}]` : `${block.voice}: ${block.said.map((one) => one.text).join(' | ')}${block.mark === null ? '' : ` (${block.mark})`}`);

describe('the transcript', () => {
  test('with the bot alone, everything stands open', () =>
    expect(shape(blocks(handed.slice(0, 3)))).toEqual(['customer: moi', 'bot: Hei. Olen botti.', 'customer: ei auta']));

  test("once a person was called, the bot's part is folded and the line that ends it is not", () =>
    expect(shape(blocks(handed))).toEqual([
      '[3: customer: moi / bot: Hei. Olen botti. / customer: ei auta]', '– Paikalle haettiin ihminen. Botti jäi jumiin.', '– Otit keskustelun',
    ]));

  test('given back and called again, each stretch folds by itself', () => {
    const again = [...handed, event('a', 7, 'returned', agent, {}), ...[8, 9, 10].map((seq) => said('a', seq, `m${seq}`)), event('a', 11, 'escalated', system, { reason: 'asked' })];
    expect(shape(blocks(again)).filter((line) => line.startsWith('['))).toHaveLength(2);
  });

  test('two words are not worth folding', () =>
    expect(shape(blocks([said('a', 1, 'ihminen'), event('a', 2, 'escalated', system, { reason: 'asked' })]))[0]).toBe('customer: ihminen'));

  test('a name once a turn, and the feeling at its message', () => {
    const all = blocks([...handed, answered('a', 7, 'Hei'), answered('a', 8, 'Katson'), said('a', 9, 'kiitos')]);
    expect(shape(all).slice(3)).toEqual(['me: Hei | Katson (delivered)', 'customer: kiitos']);
    const fold = all[0];
    const felt = fold?.sort === 'fold' ? fold.blocks.flatMap((one) => (one.sort === 'turn' ? one.said.map((s) => s.feeling) : [])) : [];
    expect(felt).toEqual([null, null, 'angry']);
  });

  test('what carried a decision stands at it', () => {
    const because = [{ rule: 'gift_card', evidence: 'gift_card (0.91, "lahjakortti")' }, { rule: 'gift', evidence: 'gift_card' }, { rule: 'that did not help', evidence: '' }];
    const all = blocks([event('a', 1, 'message', bot, { text: 'Kyllä on.', because }), said('a', 2, 'ei auta'),
      event('a', 3, 'message', bot, { text: 'Haen ihmisen.', because: because.slice(2) }), event('a', 4, 'escalated', bot, { reason: 'stuck', because: because.slice(2) })]);
    const open = all.flatMap((block) => (block.sort === 'fold' ? block.blocks : [block]));
    expect(open.map((block) => (block.sort === 'turn' ? block.said.map(({ why }) => why) : block.sort === 'line' ? block.why : null)))
      .toEqual([[['sääntö gift_card – kuin ”lahjakortti”, varmuus 91\u00a0%', 'sääntö gift – aihe gift_card', 'vastauksesta ei ollut apua']], [[]], [[]], ['vastauksesta ei ollut apua']]);
  });

  test('read is told under the last own words alone', () =>
    expect(shape(blocks([...handed, answered('a', 7, 'Hei'), said('a', 8, 'jaa'), answered('a', 9, 'Katson')], 9)).slice(3)).toEqual(['me: Hei', 'customer: jaa', 'me: Katson (read)']));

  test("a transfer's note is a note", () =>
    expect(shape(blocks([...handed, event('a', 7, 'transferred', agent, { team: 'billing', note: 'Lasku väärin' })])).slice(3)).toEqual(['– Siirretty: billing', 'note: Lasku väärin']));

  test('one whose name is told elsewhere in the log is called by it, and a team by its name', () => {
    const events = [
      event('a', 1, 'transferred', agent, { agent: { id: ville.id } }), event('a', 2, 'assigned', colleague, { agent: ville, by_hand: true }),
      event('a', 3, 'transferred', colleague, { team: 'billing' }),
    ];
    const talk = events.reduce<Parameters<typeof withEvent>[0]>(withEvent, undefined);
    if (talk === undefined) throw new Error('no talk');
    expect(shape(transcript(talk, me, [], true, noon, fi, { billing: 'Laskutus' }))).toEqual(['– Siirretty: Ville Koski', '– Ville Koski otti keskustelun', '– Siirretty: Laskutus']);
  });

  test.each<[KohtaEvent, string | null]>([
    [event('a', 1, 'assigned', colleague, { agent: ville, by_hand: true }), 'Ville Koski otti keskustelun'],
    [event('a', 1, 'assigned', system, { agent: me, by_hand: false }), 'Keskustelu annettiin sinulle'],
    [event('a', 1, 'assigned', system, { agent: ville }), 'Keskustelu annettiin: Ville Koski'],
    [event('a', 1, 'assigned', system, { agent: { id: 'a-other' } }), 'Keskustelu annettiin kollegalle'],
    [event('a', 1, 'offered', system, { agent: { id: me.id, name: '' } }), 'Tarjottu sinulle'],
    [event('a', 1, 'offered', system, { agent: ville }), 'Tarjottu: Ville Koski'],
    [event('a', 1, 'offered', system, { agent: { id: ville.id, name: '' } }), 'Tarjottu kollegalle'],
    [event('a', 1, 'declined', system, {}), 'Kollega ei ottanut'],
    [event('a', 1, 'declined', system, { reason: 'agent_lost', agent: { id: me.id } }), 'Vastaajan yhteys katkesi. Keskustelu palasi paikalleen jonoon'],
    [event('a', 1, 'declined', agent, { agent: { id: me.id } }), 'Et ottanut'],
    [event('a', 1, 'transferred', agent, { agent: ville }), 'Siirretty: Ville Koski'],
    [event('a', 1, 'transferred', colleague, { agent: { id: me.id } }), 'Siirretty sinulle'],
    [event('a', 1, 'unassigned', system, { reason: 'agent_lost' }), 'Vastaajan yhteys katkesi. Keskustelu palasi paikalleen jonoon'],
    [event('a', 1, 'unassigned', colleague, { reason: 'taken_over' }), null],
    [event('a', 1, 'closed', customer, { by: 'visitor' }), 'Asiakas päätti keskustelun'],
    [event('a', 1, 'closed', agent, { by: 'agent' }), 'Ratkaistu'],
    [event('a', 1, 'promised', system, { wait: { low_s: 120, high_s: 240 } }), 'Asiakkaalle kerrottiin odotus: noin 2–4 min'],
    [event('a', 1, 'promised', system, { wait: null }), 'Asiakkaalle kerrottiin, ettei odotusta osata vielä arvioida'],
    [event('a', 1, 'woken', system, { state: 'agent' }), 'Torkku päättyi'],
    [event('a', 1, 'rated', customer, { survey: 'csat', score: 4 }), 'Arvio: CSAT 4'],
    [event('a', 1, 'nudged', system, {}), 'Muistutus: asiakas odottaa vastausta'],
    [event('a', 1, 'unknown', system, {}), null],
  ])('a line of its own: %#', (one, words) => expect(lineOf(one, { me, agents: {}, teams: {} }, noon, fi)).toBe(words));
});

describe('beside the transcript', () => {
  test('pages: newest first, the same page once', () => {
    const on = (seq: number, title: string): KohtaEvent => event('a', seq, 'message', customer, { text: 'x', page: { url: `https://x/${title}`, title, referrer: '' } });
    expect(pagesOf([on(1, 'haku'), on(2, 'tili'), on(3, 'tili'), on(4, 'ohje')]).map((page) => page.title)).toEqual(['ohje', 'tili', 'haku']);
  });

  test('visits by year', () =>
    expect(byYear([{ opened_at: '2026-05-01T00:00:00Z' }, { opened_at: '2026-02-01T00:00:00Z' }, { opened_at: '2019-05-01T00:00:00Z' }]).map((y) => [y.year, y.visits.length])).toEqual([['2026', 2], ['2019', 1]]));

  test('the course marks the first, the hardest and the last, once each', () => {
    const course = courseOf([
      { feeling: 'calm', seq: 1, quote: 'moi' }, { feeling: 'frustrated', seq: 3 }, { feeling: 'angry', seq: 5, quote: 'taas' }, { feeling: 'frustrated', seq: 7 },
    ]);
    expect(course?.marks.map((mark) => [mark.nr, mark.feeling, mark.heavy])).toEqual([[1, 'calm', false], [2, 'angry', true], [3, 'frustrated', false]]);
    expect(courseOf([{ feeling: 'calm', seq: 1 }, { feeling: 'angry', seq: 2 }])?.marks).toHaveLength(2);
    expect(courseOf([])).toBeNull();
  });

  test('one feeling alone is no course, and a shallow one needs no depth', () => {
    const one = courseOf([{ feeling: 'angry', seq: 1, quote: 'taas' }]);
    expect([one?.line, one?.under, one?.marks.length, one?.worst]).toEqual(['', '', 1, 'angry']);
    const height = (feeling: 'pleased' | 'crisis'): number => courseOf([{ feeling: 'calm', seq: 1 }, { feeling, seq: 2 }])?.height ?? 0;
    expect(height('pleased')).toBeLessThan(height('crisis') / 2);
  });

  test('the course never leaves its drawing', () => {
    const names = ['calm', 'pleased', 'frustrated', 'angry', 'distressed', 'urgent', 'crisis'] as const;
    for (let n = 1; n < 21; n++) {
      const course = courseOf(Array.from({ length: n }, (_, i) => ({ feeling: names[(i * 5 + n) % names.length] ?? 'calm', seq: i })));
      for (const mark of course?.marks ?? []) {
        expect(mark.x).toBeGreaterThanOrEqual(0);
        expect(mark.x).toBeLessThanOrEqual(340);
        expect(mark.y + 12).toBeLessThanOrEqual(course?.height ?? 0);
      }
    }
  });

  test('the command bar finds by every word, whatever the case and the dots', () => {
    const desk = run([{ type: 'welcome', welcome: welcome([own('m', { visitor: { id: 'v', name: 'Åke Öhman' }, reason: 'asked' })], [snap('w')]) }, { type: 'select', conversation: 'm' }]);
    const all = commands(desk, fi);
    const found = (typed: string): string[] => matching(all, typed).map((command) => command.id);
    expect(found('ohman ake')).toEqual(['m']);
    expect(found('RATKAISE')).toEqual(['resolve']);
    expect(found('palauta')).toEqual(['release']);
    expect(found('olematon sana')).toEqual([]);
    expect(matching(all, '')).toHaveLength(all.length);
    expect(new Set(all.map((command) => command.id)).size).toBe(all.length);
  });

  test('what cannot be done just now is not offered', () => {
    const waiting = run([{ type: 'welcome', welcome: welcome([], [snap('w')]) }, { type: 'select', conversation: 'w' }]);
    const acts = commands(waiting, fi).map((command) => command.id);
    expect(acts).toContain('take');
    expect(acts).not.toContain('resolve');
    expect(acts).not.toContain('accept');
  });
});
