import { calledBy } from '@kohta/look';
import type { KohtaEvent } from '@kohta/client';
import { note } from './notes.ts';
import type { Words } from './words.ts';

/** An event as it is read aloud: with its speaker, and with what it asks. Empty if there is nothing to hear. Pure. */
export function spoken(e: KohtaEvent, t: Words, now: Date): string[] {
  if (e.kind !== 'message') {
    const n = note(e, t, now);
    return n ? [n.text] : [];
  }
  const out = [e.from.role === 'system' ? e.text : t.says(speaker(e, t), e.text)];
  if (e.options?.length) out.push(t.choices(e.options.map((o) => o.label).join(', ')));
  if (e.form) out.push(t.asks(e.form.fields.map((f) => [f.label, f.wrong].filter(Boolean).join('. ')).join(', ')));
  return out;
}

function speaker(e: KohtaEvent, t: Words): string {
  if (e.from.role === 'visitor') return t.you;
  if (e.from.role === 'agent') return calledBy(e.from.name ?? '') || t.person;
  return t.bot;
}
