import type { Desk, Talk } from './model.ts';
import { isMine, unread } from './talks.ts';

const at = (time: string | null | undefined): number => Date.parse(time ?? '') || 0;

/** The customer's last word; where that is not told, since when they wait. 0 if neither is known. */
export function customerAt({ snap }: Talk): number {
  return at(snap.customer_at) || at(snap.since) || at(snap.opened_at);
}

/**
 * Since when the customer is owed an answer: their first word after an agent's last, or after they came to a person. Who writes again
 * while they wait has not waited less for it. Where the log does not reach back so far, the first that is known.
 */
export function owedAt(talk: Talk): number {
  let first = 0;
  for (let i = talk.events.length - 1; i >= 0; i--) {
    const event = talk.events[i];
    if (event === undefined || (event.kind === 'message' && event.from.role === 'agent')) break;
    if (event.kind === 'message' && event.from.role === 'visitor') first = at(event.at);
    if (event.kind === 'escalated' || event.kind === 'reopened') return first || at(event.at);
  }
  return first || customerAt(talk);
}

/** Whether it stands before those that have been read: also while it is open, so that it does not move under the hand that opens it. */
export function fresh(talk: Talk, desk: Desk): boolean {
  return isMine(talk.snap, desk.me) && (unread(talk) > 0 || desk.fresh === talk.snap.conversation);
}
