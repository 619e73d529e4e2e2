import { readFileSync } from 'node:fs';
import type { Because } from '@kohta/client';
import { describe, expect, test } from 'vitest';

import { groundsOf } from '../src/state/grounds.ts';
import { promisedWords, triedWords } from '../src/state/tried.ts';
import { ahead, stamp } from '../src/state/time.ts';
import { catalogues, LANGUAGES } from '../src/texts/index.ts';
import { noon } from './help.ts';

const { fi, sv, en } = catalogues;
const of = (rule: string, evidence: string): Because => ({ rule, evidence });
const fields = [{ name: 'email', label: 'Mejl?', type: 'email' }, { name: 'kg', label: 'Paljonko?', type: 'number' }];

describe('what carried a decision', () => {
  test.each<[string, Because, string, string, string]>([
    ['a rule by its topic', of('gift_card', 'gift_card (0.95, "Myyttekö lahjakortteja?")'),
      'sääntö gift_card – kuin ”Myyttekö lahjakortteja?”, varmuus 95 %', 'regeln gift_card – liknar ”Myyttekö lahjakortteja?”, 95 % säkert', 'rule gift_card – like “Myyttekö lahjakortteja?”, 95% sure'],
    ['a rule of another topic', of('look_up_order', 'track_order (1.00, "missä \\"pakettini\\" on\\n")'),
      'sääntö look_up_order – aihe track_order, kuin ”missä "pakettini" on\n”, varmuus 100 %', 'regeln look_up_order – ämnet track_order, liknar ”missä "pakettini" on\n”, 100 % säkert', 'rule look_up_order – topic track_order, like “missä "pakettini" on\n”, 100% sure'],
    ['a rule whose figure was cut', of('tea', 'tea (0.50, "onko teillä te'), 'sääntö tea – kuin ”onko teillä te”, varmuus 50 %', 'regeln tea – liknar ”onko teillä te”, 50 % säkert', 'rule tea – like “onko teillä te”, 50% sure'],
    ['a second rule', of('opening', 'opening_hours'), 'sääntö opening – aihe opening_hours', 'regeln opening – ämnet opening_hours', 'rule opening – topic opening_hours'],
    ['a rule by its own name', of('opening', 'opening'), 'sääntö opening', 'regeln opening', 'rule opening'],
    ['a rule by the words', of('money_over_limit', 'haluan 400 euroa takaisin'), 'sääntö money_over_limit – ”haluan 400 euroa takaisin”', 'regeln money_over_limit – ”haluan 400 euroa takaisin”', 'rule money_over_limit – “haluan 400 euroa takaisin”'],
    ['a rule that is called as one of ours', of('greeting', 'greeting (0.90, "moi")'), 'sääntö greeting – kuin ”moi”, varmuus 90 %', 'regeln greeting – liknar ”moi”, 90 % säkert', 'rule greeting – like “moi”, 90% sure'],
    ['a rule that is called as what every object has', of('constructor', 'x y'), 'sääntö constructor – ”x y”', 'regeln constructor – ”x y”', 'rule constructor – “x y”'],
    ['a rule without words', of('tea', 'a value for tea_price is missing'), 'sääntö tea – vastauksesta tea_price puuttuu tieto', 'regeln tea – svaret tea_price saknar en uppgift', 'rule tea – the answer tea_price lacks a value'],
    ['a feeling', of('feeling frustrated', 'surkeeta'), 'asiakas on turhautunut – ”surkeeta”', 'kunden är frustrerad – ”surkeeta”', 'the customer is frustrated – “surkeeta”'],
    ['not earlier', of('not earlier', 'message 2: calm'), 'ei aiemmin, koska viestissä 2 sävy oli rauhallinen', 'inte tidigare, för i meddelande 2 var tonen lugn', 'not earlier, because in message 2 the tone was calm'],
    ['below the limit', of('not earlier', 'message 3: angry 0.41, below the limit, not understood 1'),
      'ei aiemmin, koska viestissä 3 tunne jäi alle rajan (vihainen, 41 %), vaikka botti ei ollut ymmärtänyt',
      'inte tidigare, för i meddelande 3 låg känslan under gränsen (arg, 41 %), fast botten inte hade förstått',
      'not earlier, because in message 3 the feeling was below its limit (angry, 41%), though the bot had not understood'],
    ['about somebody else', of('not earlier', 'message 1: distressed with somebody else, not understood 2'),
      'ei aiemmin, koska viestissä 1 tunne ei koskenut meitä (huolissaan), vaikka botti ei ollut ymmärtänyt (2 kertaa)',
      'inte tidigare, för i meddelande 1 gällde känslan inte oss (orolig), fast botten inte hade förstått (2 gånger)',
      'not earlier, because in message 1 the feeling was not about us (worried), though the bot had not understood (2 times)'],
    ['urgent', of('not earlier', 'message 1: urgent 0.60, the bot had yet to answer'),
      'ei aiemmin, koska viestissä 1 oli kiire (60 %), mutta botti ei ollut vielä vastannut', 'inte tidigare, för i meddelande 1 var det bråttom (60 %), men botten hade inte svarat än', 'not earlier, because in message 1 it was urgent (60%), but the bot had not answered yet'],
    ['which of two', of('asks which is meant', 'delivery_time (0.45), track_order (0.40)'),
      'botti kysyi, mitä asiaa tarkoitetaan – delivery_time 45 %, track_order 40 %', 'botten frågade vad som menades – delivery_time 45 %, track_order 40 %', 'the bot asked which matter was meant – delivery_time 45%, track_order 40%'],
    ['a miss', of('nothing fits well enough', 'tea (0.31)'), 'mikään vastaus ei sopinut tarpeeksi hyvin – lähinnä tea, varmuus 31 %', 'inget svar passade tillräckligt bra – närmast tea, 31 % säkert', 'no answer fitted well enough – nearest tea, 31% sure'],
    ['a miss without a topic', of('nothing fits well enough', 'öö'), 'mikään vastaus ei sopinut tarpeeksi hyvin – ”öö”', 'inget svar passade tillräckligt bra – ”öö”', 'no answer fitted well enough – “öö”'],
    ['several matters', of('several matters at once', 'tea, cups, opening_hours'), 'monta asiaa samalla kertaa – tea, cups, opening_hours', 'flera ärenden på en gång – tea, cups, opening_hours', 'several matters at once – tea, cups, opening_hours'],
    ['a greeting that nobody said', of('greeting', ''), 'tervehdys', 'hälsning', 'a greeting'],
    ['an article', of('article storage', 'Kahvin säilytys (0.83, "kahvi säilyy")'), 'artikkeli ”Kahvin säilytys” – ”kahvi säilyy”, osuvuus 83 %', 'artikeln ”Kahvin säilytys” – ”kahvi säilyy”, träff 83 %', 'article “Kahvin säilytys” – “kahvi säilyy”, 83% match'],
    ['a form', of('form return_request', 'filled'), 'lomake return_request – täytetty', 'formuläret return_request – ifyllt', 'form return_request – filled in'],
    ['a form, by words', of('form return_request', 'kolme pussia'), 'lomake return_request – ”kolme pussia”', 'formuläret return_request – ”kolme pussia”', 'form return_request – “kolme pussia”'],
    ['a form, by what is wrong in it', of('form return_request', 'email, kg'), 'lomake return_request – tarkistettavaa: Sähköposti, Paljonko?', 'formuläret return_request – att kontrollera: E-post, Paljonko?', 'form return_request – to be checked: Email, Paljonko?'],
    ['a form without more', of('form return_request', ''), 'lomake return_request', 'formuläret return_request', 'form return_request'],
    ['a button', of('option talk_to_person', 'Ihminen'), 'painike talk_to_person – ”Ihminen”', 'knappen talk_to_person – ”Ihminen”', 'button talk_to_person – “Ihminen”'],
    ['a look-up', of('action order_status', 'status == 404'), 'haku order_status – ehto status == 404', 'sökningen order_status – villkoret status == 404', 'look-up order_status – condition status == 404'],
    ['a look-up that failed', of('action order_status', 'status 503'), 'haku order_status – palvelu vastasi koodilla 503', 'sökningen order_status – tjänsten svarade med kod 503', 'look-up order_status – the service answered with code 503'],
    ['what is not known', of('the moon is full', 'owls'), 'the moon is full: owls', 'the moon is full: owls', 'the moon is full: owls'],
    ['a reason not to, not known', of('not earlier', 'message 2: asleep'), 'not earlier: message 2: asleep', 'not earlier: message 2: asleep', 'not earlier: message 2: asleep'],
    ['a rule not known that its evidence repeats', of('full moon', 'full moon (0.91)'), 'full moon (0.91)', 'full moon (0.91)', 'full moon (0.91)'],
  ])('%s', (_what, because, ...words) => {
    expect([fi, sv, en].map((texts) => groundsOf(because, texts, fields).replaceAll('\u00a0', ' '))).toEqual(words);
  });

  // what the desk can send, gathered from its sources by a test of the bot
  const all = readFileSync(new URL('../../bot/testdata/because.golden', import.meta.url), 'utf8').split('\n').filter(Boolean).map((line) => line.split('\t') as [string, string]);
  const feelings = ['angry', 'distressed', 'frustrated', 'calm', 'pleased', 'urgent', 'crisis'];
  const sent = all.flatMap(([rule, evidence]): Because[] => {
    const told = evidence.replace('status %s', 'status 503').replaceAll('%s', 'Ö');
    return rule === 'feeling %s' ? feelings.map((name) => of(`feeling ${name}`, told)) : [of(rule.replaceAll('%s', 'ö_1'), told)];
  }).filter(({ rule, evidence }) => rule !== 'ö_1' && !(rule === 'not earlier' && evidence === 'Ö'));
  /** The words of the desk's own in a rule or in evidence. */
  const ours = (text: string): string[] => text.match(/[a-z_]{4,}(?: [a-z]+)*/g) ?? [];

  test('there is much of it', () => expect(sent.length).toBeGreaterThan(50));
  test.each(sent)('$rule: $evidence has words in the three languages', (because) => {
    const told = LANGUAGES.filter((language) => language !== 'en').map((language) => groundsOf(because, catalogues[language]));
    for (const words of told) for (const own of [because.rule, because.evidence].flatMap(ours)) expect(words.split(/[^a-zåäö_ ]+| – /).map((part) => part.trim())).not.toContain(own);
    expect(new Set([...told, groundsOf(because, en)]).size).toBe(3);
  });
});

describe('what was tried', () => {
  const source = readFileSync(new URL('../../bot/baton/words.go', import.meta.url), 'utf8');
  const [finnish = {}, swedish = {}, english = {}] = source.split(/\nvar \w+ = words\{/).slice(1).map((part): Record<string, string> => Object.fromEntries([...part.matchAll(/\b(\w+): "([^"]*)"/g)].map(([, key, words]) => [key, words])));
  const lines = (w: Record<string, string>): string[] => [
    `${w['answered']}${w['open']}Sana${w['close']}`, `${w['asked']}${w['open']}”Sana”, ei?${w['close']}${w['twice']}${w['noHelp']}`,
    `${w['formOpen']}Sana`, String(w['formOpen']).replace(': ', ''), String(w['lookup']), String(w['failed']),
  ];

  test.each([['Finnish', finnish], ['Swedish', swedish], ['English', english]])('what the desk says in %s is read in the language of the console', (_name, words) => {
    expect(lines(words).map((line) => triedWords(line, fi))).toEqual([
      'Botti vastasi: ”Sana”', 'Botti kysyi: ””Sana”, ei?”, useammin kuin kerran, ei auttanut', 'Lomake jäi kesken: Sana', 'Lomake jäi kesken', 'Haku on kesken', 'Haku tai botti ei toiminut',
    ]);
    expect(triedWords(lines(words)[0] ?? '', sv)).toBe('Botten svarade: ”Sana”');
    expect(triedWords(lines(words)[0] ?? '', en)).toBe('The bot answered: “Sana”');
    const at = Date.parse('2026-03-18T08:00:00Z');
    expect(promisedWords(`${words['callBack']}2026-03-18 08:00 UTC`, noon, fi)).toBe(`Soitto luvattu: ${ahead(at, noon, fi)}`);
  });
  test('what is not known stays', () => expect([triedWords('Lupasin', fi), promisedWords('Hyvitys tulee', noon, fi)]).toEqual(['Lupasin', 'Hyvitys tulee']));
  test.each([['2026-03-18T08:00:00Z', ahead], ['2026-03-16T08:00:00Z', stamp]])('a promise that is a time alone: %s', (line, words) =>
    expect(promisedWords(line, noon, sv)).toBe(words(Date.parse(line), noon, sv)));
});
