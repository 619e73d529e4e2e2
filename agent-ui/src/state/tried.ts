import type { Texts } from '../texts/index.ts';
import { ahead, stamp } from './time.ts';

/** What the desk writes of a bot's answer, in the language of the conversation: the words, then what became of them. */
const spoken: readonly (readonly ['answered' | 'asked', RegExp])[] = [
  ['answered', /^(?:Botti vastasi|Botten svarade|The bot answered): [”“](.*)”(, useammin kuin kerran|, mer än en gång|, more than once)?(, ei auttanut|, det hjälpte inte|, which did not help)?$/s],
  ['asked', /^(?:Botti kysyi|Botten frågade|The bot asked): [”“](.*)”(, useammin kuin kerran|, mer än en gång|, more than once)?(, ei auttanut|, det hjälpte inte|, which did not help)?$/s],
];
const form = /^(?:Lomake jäi kesken|Formuläret blev inte klart|The form was not finished)(?:: (.*))?$/s;
const lookup = /^(?:Haku on kesken|Sökningen pågår|The look-up is under way)$/;
const failed = /^(?:Haku tai botti ei toiminut|Sökningen eller bott?en fungerade inte|The look-up or the bot did not work)$/;
const call = /^(?:Takaisinsoitto luvattu|Samtal utlovat|A call was promised): (\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC$/;
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * What was tried, in the language of the console: the desk writes it in the customer's. Only what was said stays in it.
 * What is not known is told as it came.
 */
export function triedWords(line: string, texts: Texts): string {
  const words = texts.baton.step;
  for (const [verb, sign] of spoken) {
    const [, said, twice, noHelp] = sign.exec(line) ?? [];
    if (said !== undefined) return `${words[verb](texts.grounds.quoted(said))}${twice === undefined ? '' : words.twice}${noHelp === undefined ? '' : words.noHelp}`;
  }
  const open = form.exec(line);
  if (open !== null) return words.form(open[1] ?? '');
  return lookup.test(line) ? words.lookup : failed.test(line) ? words.failed : line;
}

/** An open promise, its time by the agent's clock. What is not known is told as it came. */
export function promisedWords(line: string, now: number, texts: Texts): string {
  const [, day, time] = call.exec(line) ?? [];
  if (day !== undefined) return texts.line.callPromised(when(Date.parse(`${day}T${time}:00Z`), now, texts));
  return moment.test(line) ? when(Date.parse(line), now, texts) : line;
}

function when(at: number, now: number, texts: Texts): string {
  return at < now ? stamp(at, now, texts) : ahead(at, now, texts);
}
