import { calledBy } from '@kohta/look';
import type { KohtaEvent } from '@kohta/client';
import { note, waitLine } from './notes.ts';
import { greets, rates } from './rows.ts';
import { back } from './who.ts';
import { current, inCrisis, nobody, passedOn, type State } from './state.ts';
import { HELP, type Words } from './words.ts';

/**
 * An event as it is read aloud: with its speaker, and with what it asks. Empty if there is nothing to hear, or the
 * event `before` said it. Pure.
 */
export function spoken(e: KohtaEvent, t: Words, now: Date, before?: KohtaEvent): string[] {
  const out = e.kind === 'message' && e.from.role !== 'system' ? [t.says(speaker(e, t), e.text)] : [];
  if (e.kind === 'message' && e.from.role === 'system') out.push(e.text);
  const n = e.kind === 'snoozed' && e.promise ? null : note(e, t, now, before);     // a promise is told by the words after it
  if (n) out.push(n.text);
  if (e.kind === 'escalated' && e.reason === 'crisis') out.push(`${t.helpTitle}: ${t.emergency} 112, ${t.helpline} ${HELP[t.language]}`);
  if (e.kind !== 'message' && e.kind !== 'promised') return out;
  if (e.options?.length) out.push(t.says(t.replies, e.options.map((o) => o.label).join(', ')));
  if (e.form) out.push(t.says(t.form, e.form.fields.map((f) => (f.wrong && f.wrong !== e.text ? `${f.label}. ${f.wrong}` : f.label)).join(', ')));
  return out;
}

/**
 * What stands in the log without being an event, as it is read aloud: the greeting, the place in the line, and at the end
 * the question how it went. `key` changes when it is worth reading again: with the place, when somebody is there at last or
 * a wait can be told, and not with each new guess at it. Pure.
 */
export function standing(s: State, t: Words, now: Date): { key: string; text: string } | null {
  if (greets(s) && s.order.length === 0) return { key: 'greeting', text: t.says(t.bot, t.greeting) };
  const talk = current(s);
  if (!talk) return null;
  const { conversation, state, position, wait } = talk.snapshot;
  if (s.ready && rates(s, talk)) return { key: `rate ${conversation}`, text: t.says(t.form, t.how) };
  if (state !== 'waiting' || inCrisis(talk)) return null;
  if (passedOn(talk)) return { key: `${conversation}.`, text: t.asking };
  if (!position) return null;
  return { key: `${conversation}.${position}${wait ? '' : nobody(talk) ? '!' : '?'}`, text: `${t.place(position)}. ${back(s, t, now) || waitLine(wait ?? null, t)}` };
}

const CALM = 60_000;

/** In how many milliseconds what stands now is to be read: a place once a minute at most, whatever happens to it. Pure. */
export function readIn(last: { key: string; at: number }, key: string, now: number): number {
  return last.key.includes('.') && key.includes('.') ? Math.max(0, last.at + CALM - now) : 0;
}

function speaker(e: KohtaEvent, t: Words): string {
  if (e.from.role === 'visitor') return t.you;
  if (e.from.role === 'agent') return calledBy(e.from.name ?? '') || t.person;
  return t.bot;
}
