import type { KohtaEvent } from '@kohta/client';

import type { Me, Snap } from './model.ts';

/** The colleague to whom this agent passed a conversation on, and who has not answered yet; null where nobody is asked. */
export function askedOf(snap: Snap, me: Me | null): string | null {
  const { offer } = snap;
  if (me === null || snap.state !== 'waiting' || !offer?.agent || offer.from !== me.id) return null;
  return offer.agent;
}

/** Whether this agent was called in to a colleague's conversation. */
export function isInvited(snap: Snap, me: Me | null): boolean {
  return me !== null && snap.state !== 'closed' && snap.agent?.id !== me.id && (snap.invited ?? []).some((one) => one.id === me.id);
}

/** Who called this agent in, and with what word, as far as the log tells. */
export function calledIn(events: readonly KohtaEvent[], me: Me | null): { readonly by: string; readonly note: string } | null {
  const event = events.findLast((one) => one.kind === 'invited' && one.agent.id === me?.id);
  return event?.kind === 'invited' ? { by: event.from.name ?? '', note: event.note ?? '' } : null;
}

/** The word of whoever passed a conversation on, for whoever has it next; empty where there is none, or somebody has had it since. */
export function wordOfSender(log: readonly KohtaEvent[]): string {
  const event = log.findLast((one) => one.kind === 'transferred' || one.kind === 'assigned');
  return event?.kind === 'transferred' ? event.note?.trim() ?? '' : '';
}

/** A conversation that this agent passed on and that came back: who did not take it, and why. Null for any other event. */
export function cameBack(event: KohtaEvent, log: readonly KohtaEvent[], me: Me | null): { readonly who: string; readonly note: string } | null {
  if (event.kind !== 'assigned' || event.agent.id !== me?.id || event.from.role === 'agent') return null;
  const before = log.filter((one) => one.seq < event.seq);
  const declined = before.findLast((one) => one.kind === 'declined' || one.kind === 'assigned');
  const passed = before.findLast((one) => one.kind === 'transferred' || one.kind === 'assigned');
  if (declined?.kind !== 'declined' || passed?.kind !== 'transferred' || passed.from.id !== me.id) return null;
  const who = declined.agent?.name || declined.from.name || passed.agent?.name || '';
  return { who, note: ['no_answer', 'agent_lost'].includes(declined.reason ?? '') ? '' : declined.reason ?? '' };
}
