import type { Because, Field } from '@kohta/client';

import type { Texts } from '../texts/index.ts';

/**
 * A rule and what it went by, in the words of the console. What an author named stays as it is, said to be a rule, a
 * form, a button; the names and the evidence that are the desk's own are put into words; what is not known is told as
 * it came. `fields` are those of the form that the words stand with.
 */
export function groundsOf(one: Because, texts: Texts, fields: readonly Field[] = []): string {
  const words = texts.grounds;
  if (one.rule === 'not earlier') return earlier(one.evidence, texts) ?? raw(one);
  const own = known(words.rule, one.rule);
  const figure = figureOf(one.evidence);
  if (own !== undefined && !(figure !== null && slug.test(one.rule))) return joined(own, ...builtIn(one, figure, texts));
  const [, family = '', id = ''] = /^(action|article|feeling|form|option) (.+)$/s.exec(one.rule) ?? [];
  switch (family) {
    case 'action': return joined(words.about.action(id), fact(one.evidence, texts) ?? (condition.test(one.evidence) ? words.condition(one.evidence) : one.evidence));
    case 'article': return figure === null ? joined(words.about.article(id), one.evidence) : joined(words.about.article(figure.name), list(figure.words && words.quoted(figure.words), words.met(figure.percent(texts))));
    case 'feeling': return joined(known(words.feels, id) ?? one.rule, quoted(one.evidence, texts));
    case 'form': return joined(words.about.form(id), fact(one.evidence, texts) ?? asked(one.evidence, fields, texts) ?? quoted(one.evidence, texts));
    case 'option': return joined(words.about.option(id), fact(one.evidence, texts) ?? quoted(one.evidence, texts));
    default: return slug.test(one.rule) ? joined(words.about.rule(one.rule), authored(one, figure, texts)) : raw(one);
  }
}

/** What an author may call a rule. The desk's own names that no author could give have spaces. */
const slug = /^[a-z0-9_.-]{1,64}$/;
/** A name that stands alone where a sentence could: no word of any language has these signs in it. */
const plainName = /^[\w/-]*[a-z0-9][_/][\w/-]*$/i;

/** What only a condition has in it. */
const condition = /[=<>!&|()[\]]/;

/** “name (0.93, "words")”: what was chosen, how sure that is, and by which words. */
interface Figure { readonly name: string; readonly words: string; readonly percent: (texts: Texts) => string }

function figureOf(evidence: string): Figure | null {
  const [, name, part, words = ''] = /^(.+?) \((\d\.\d\d)(?:, (".*?))?\)?$/s.exec(evidence) ?? [];
  return name === undefined || part === undefined ? null : { name, words: unquoted(words), percent: percentOf(part) };
}

function percentOf(part: string): (texts: Texts) => string {
  return (texts) => texts.grounds.percent(Math.round(Number(part) * 100));
}

/** Long evidence is cut, so that its last sign may be missing. */
function unquoted(words: string): string {
  try {
    return String(JSON.parse(words.length > 1 && words.endsWith('"') ? words : `${words}"`));
  } catch {
    return words.replace(/^"|"$/g, '');
  }
}

function builtIn(one: Because, figure: Figure | null, texts: Texts): string[] {
  const words = texts.grounds;
  switch (one.rule) {
    case 'asks which is meant': {
      const offered = [...one.evidence.matchAll(/([^\s,][^,]*?) \((\d\.\d\d)/g)].map(([, name = '', part = '']) => `${name} ${percentOf(part)(texts)}`);
      return [offered.length > 0 ? offered.join(', ') : one.evidence];
    }
    case 'nothing fits well enough': return [figure === null ? quoted(one.evidence, texts) : list(words.nearest(figure.name), words.sure(figure.percent(texts)))];
    case 'several matters at once': return [one.evidence];
    default: return [quoted(one.evidence, texts)];
  }
}

/** What an author's rule went by: a topic and the example that the words are like, or the words. */
function authored({ rule, evidence }: Because, figure: Figure | null, texts: Texts): string {
  const words = texts.grounds;
  if (evidence === rule) return '';
  if (figure === null) return fact(evidence, texts) ?? (plainName.test(evidence) ? words.about.topic(evidence) : quoted(evidence, texts));
  return list(figure.name === rule ? '' : words.about.topic(figure.name), figure.words && words.like(figure.words), words.sure(figure.percent(texts)));
}

/** What the desk says of a form or a look-up, if that is it. */
function fact(evidence: string, texts: Texts): string | undefined {
  const words = texts.grounds;
  const [, key, form, status] = /^(?:a value for (.+) is missing|the form (.+) is gone|status (-?\d+))$/.exec(evidence) ?? [];
  if (key !== undefined) return words.valueMissing(key);
  if (form !== undefined) return words.formGone(form);
  return status === undefined ? known(words.fact, evidence) : words.status(status);
}

/** Fields that were filled in wrong, by the console's word for them or by what the form calls them. */
function asked(evidence: string, fields: readonly Field[], texts: Texts): string | undefined {
  const names = evidence.split(', ').map((name) => known(texts.baton.field, name) || fields.find((field) => field.name === name)?.label || (plainName.test(name) ? name : ''));
  return evidence === '' || names.includes('') ? undefined : texts.grounds.toCheck(names.join(', '));
}

/** Why a person was not called at the message before. */
function earlier(evidence: string, texts: Texts): string | null {
  const words = texts.grounds;
  const [, number, what, times] = /^message (\d+): (.+?)(?:, not understood (\d+))?$/.exec(evidence) ?? [];
  const why = lacked(what ?? '', texts);
  return number === undefined || why === undefined ? null : words.notEarlier(number, why + (times === undefined ? '' : words.missed(Number(times))));
}

function lacked(what: string, texts: Texts): string | undefined {
  const words = texts.grounds;
  const [, part] = /^urgent (\d\.\d\d), the bot had yet to answer$/.exec(what) ?? [];
  if (part !== undefined) return words.hurry(percentOf(part)(texts));
  const [, name, below] = /^(\w+)(?: with somebody else| (\d\.\d\d), below the limit)$/.exec(what) ?? [];
  const feeling = known(texts.feeling, name ?? '');
  if (feeling === undefined) return known(words.lacked, what);
  return below === undefined ? words.elsewhere(feeling) : words.below(feeling, percentOf(below)(texts));
}

function quoted(words: string, texts: Texts): string {
  return words.trim() === '' ? '' : texts.grounds.quoted(words.trim());
}

function known(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}

function list(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(', ');
}

function joined(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(' – ');
}

/** As it came: the evidence often begins with the rule's own name. */
function raw({ rule, evidence }: Because): string {
  return evidence.startsWith(`${rule} `) ? evidence : [rule, evidence].filter(Boolean).join(': ');
}
