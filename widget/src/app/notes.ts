import { appointment, calledBy, clock, range } from '@kohta/look';
import type { KohtaEvent, Wait } from '@kohta/client';
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
    case 'closed': return cool(e.by === 'visitor' ? t.closedByMe(at) : e.by === 'agent' && by ? t.closedBy(by, at) : t.closed(at));
    case 'promised': return promised(e, t);
    case 'rated': return cool(t.rated);
    default: return null;
  }
}

const cool = (text: string): Note => ({ text, warm: false });
const warm = (text: string): Note => ({ text, warm: true });

function left(reason: string, name: string, t: Words): string {
  if (reason === 'agent_lost' && name) return t.lost(name);
  if (reason === 'taken_over') return t.takenOver;
  return reason === 'released' ? t.released : t.noAnswer;
}

function later(e: Extract<KohtaEvent, { kind: 'snoozed' }>, t: Words, now: Date): string {
  const at = e.promise?.at ?? e.until;
  if (!at) return t.paused;
  const when = appointment(new Date(at), now, t.language);
  return e.promise?.channel === 'phone' ? t.callBack(when) : t.snoozed(when);
}

/** The wait as it is told: a range, or that it cannot be told. */
export function waitLine(wait: Wait | null, t: Words): string {
  if (!wait) return t.waitUnknown;
  const { low, high, unit } = range(wait.low_s, wait.high_s);
  return t.answer(low === 0 || low === high ? `${high}` : `${low}–${high}`, unit === 'h', low === 0);
}

function promised(e: Extract<KohtaEvent, { kind: 'promised' }>, t: Words): Note {
  return cool(e.text || waitLine(e.wait ?? null, t));
}
