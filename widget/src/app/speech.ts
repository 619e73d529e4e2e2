import { calledBy } from '@kohta/look';
import type { KohtaEvent } from '@kohta/client';
import { note, waitLine } from './notes.ts';
import { greets } from './rows.ts';
import { current, inCrisis, type State } from './state.ts';
import { HELP, type Words } from './words.ts';

/**
 * An event as it is read aloud: with its speaker, and with what it asks. Empty if there is nothing to hear, or the
 * event `before` said it. Pure.
 */
export function spoken(e: KohtaEvent, t: Words, now: Date, before?: KohtaEvent): string[] {
  if (e.kind !== 'message') {
    const n = note(e, t, now, before);
    const help = e.kind === 'escalated' && e.reason === 'crisis';
    return [...(n ? [n.text] : []), ...(help ? [`${t.helpTitle}: ${t.emergency} 112, ${t.helpline} ${HELP[t.language]}`] : [])];
  }
  const out = [e.from.role === 'system' ? e.text : t.says(speaker(e, t), e.text)];
  if (e.options?.length) out.push(t.choices(e.options.map((o) => o.label).join(', ')));
  if (e.form) out.push(t.asks(e.form.fields.map((f) => (f.wrong && f.wrong !== e.text ? `${f.label}. ${f.wrong}` : f.label)).join(', ')));
  return out;
}

/**
 * What stands in the log without being an event, as it is read aloud: the greeting, and the place in the line. `key`
 * changes when it is worth reading again: with the place, and not with each new guess at the wait. Pure.
 */
export function standing(s: State, t: Words): { key: string; text: string } | null {
  if (greets(s) && s.order.length === 0) return { key: 'greeting', text: t.says(t.bot, t.greeting) };
  const talk = current(s);
  const position = talk?.snapshot.position;
  if (talk?.snapshot.state !== 'waiting' || !position || inCrisis(talk)) return null;
  return { key: `${talk.snapshot.conversation}.${position}`, text: `${t.place(position)}. ${waitLine(talk.snapshot.wait ?? null, t)}` };
}

function speaker(e: KohtaEvent, t: Words): string {
  if (e.from.role === 'visitor') return t.you;
  if (e.from.role === 'agent') return calledBy(e.from.name ?? '') || t.person;
  return t.bot;
}
