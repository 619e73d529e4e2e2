import { appointment, calledBy, clock, range, type Range } from '@kohta/look';
import type { EventOf, KohtaEvent, Promised, Wait } from '@kohta/client';
import type { Words } from './words.ts';

/** A line of the system. Warm if it is about a person. */
export interface Note { text: string; warm: boolean }

/** What an event says to the customer; null if it says nothing by itself, or the event `before` said it. Pure. */
export function note(e: KohtaEvent, t: Words, now: Date, before?: KohtaEvent): Note | null {
  const at = clock(new Date(e.at), t.language);
  const by = calledBy(e.from.name ?? '');
  switch (e.kind) {
    case 'escalated': return before?.kind === 'message' && before.from.role === 'bot' ? null : cool(t.escalated(at));
    case 'assigned': return warm(t.joined(calledBy(e.agent.name ?? '') || t.person, at));
    case 'unassigned': return cool(left(e.reason, calledBy(e.agent?.name ?? e.from.name ?? ''), t));
    case 'transferred': return warm(by ? t.transferred(by) : t.passedOn);
    case 'snoozed': return warm(later(e, t, now));
    case 'woken': return cool(e.state === 'agent' ? t.wokenAgent : e.state === 'waiting' ? t.wokenLine : t.wokenBot);
    case 'returned': return cool(t.returned);
    case 'reopened': return cool(t.reopened(at));
    case 'closed': return cool(ended(e, by, at, t, before));
    case 'promised': return cool(promised(e, t));
    case 'rated': return cool(t.rated);
    default: return null;
  }
}

const cool = (text: string): Note => ({ text, warm: false });
const warm = (text: string): Note => ({ text, warm: true });

function left(reason: string, name: string, t: Words): string {
  if (reason === 'agent_lost') return t.lost(name);
  if (reason === 'taken_over') return t.takenOver;
  return reason === 'released' ? t.released : t.noAnswer;
}

/** A silent customer was told that they may write whenever they like, before the house closed. */
function ended(e: EventOf<'closed'>, by: string, at: string, t: Words, before?: KohtaEvent): string {
  if (e.by === 'visitor') return t.closedByMe(at);
  if (e.by === 'agent') return by ? t.closedBy(by, at) : t.closed(at);
  return before?.kind === 'message' && before.from.role === 'system' ? t.closed(at) : `${t.closed(at)}. ${t.anytime}`;
}

function later(e: EventOf<'snoozed'>, t: Words, now: Date): string {
  const until = e.until && t.snoozed(appointment(new Date(e.until), now, t.language));
  return `${e.promise ? agreed(e.promise, t, now) : until || t.paused}. ${t.anytime}`;
}

/** What was promised: a call between two times, or an answer by one. */
export function agreed({ at, until, channel }: Promised, t: Words, now: Date): string {
  const [from, to] = [new Date(at), until ? new Date(until) : null];
  return channel === 'phone' ? t.callAt(appointment(from, now, t.language, to)) : t.until(appointment(to ?? from, now, t.language));
}

/** The wait as it is told: a range, or that it cannot be told. */
export function waitLine(wait: Wait | null, t: Words): string {
  if (!wait) return t.waitUnknown;
  const { low, high, unit } = told(wait);
  return t.answer(low === high ? `${high}` : `${low}–${high}`, unit === 'h');
}

/** The range as it is told: nobody is promised less than a minute. */
export function told(wait: Wait): Range {
  const r = range(wait.low_s, wait.high_s);
  return { ...r, low: Math.max(1, r.low) };
}

/** What the house said to a customer who waits. */
export function promised(e: EventOf<'promised'>, t: Words): string {
  return e.text || waitLine(e.wait ?? null, t);
}
