import type { KohtaEvent } from '@kohta/client';

import { fold, unheard } from './fold.ts';
import type { Me, Snap, Talk } from './model.ts';

/** Whether somebody may be in danger, by what was said in a conversation. */
export function inDanger(snap: Snap): boolean {
  return snap.reason === 'crisis' || snap.feeling === 'crisis';
}

/** A conversation that a snapshot tells of, perhaps for the first time. An older snapshot changes nothing. */
export function withSnap(talk: Talk | undefined, snap: Snap): Talk {
  if (talk === undefined) return { snap, events: [], seen: 0, typing: null, fetched: false };
  if (talk.bare) return { ...known(talk), snap: talk.events.reduce(fold, snap) };
  if (snap.head < talk.snap.head) return talk;
  const older = talk.events.at(-1)?.seq ?? 0;
  return { ...known(talk), snap: { ...carried(talk.snap, snap), ...snap }, fetched: talk.fetched && older >= snap.head };
}

function known({ bare: _bare, gone: _gone, ...talk }: Talk): Talk {
  return talk;
}

/** How a conversation stands, as the desk was asked. Of one that is known well the line and the log tell more. */
export function withAnswer(talk: Talk | undefined, snap: Snap): Talk {
  return talk === undefined || talk.bare || talk.gone ? withSnap(talk, snap) : talk;
}

/** What a snapshot of the same log may leave out and still holds. */
function carried(before: Snap, after: Snap): Partial<Snap> {
  return before.head === after.head ? before : { ...(before.until !== undefined && after.state === 'snoozed' ? { until: before.until } : {}) };
}

/** An event joins the log at its position; one that is there already changes nothing. */
export function withEvent(talk: Talk | undefined, event: KohtaEvent): Talk {
  const before = talk ?? { ...withSnap(undefined, unheard(event.conversation)), bare: true };
  const events = insert(before.events, event);
  if (events === before.events) return before;
  const typing = event.kind === 'message' && event.from.role === before.typing?.role ? null : before.typing;
  const { gone: _gone, ...here } = before;
  return { ...here, events, typing, snap: fold(before.snap, event) };
}

function insert(events: readonly KohtaEvent[], event: KohtaEvent): readonly KohtaEvent[] {
  const last = events.at(-1);
  if (last === undefined || last.seq < event.seq) return [...events, event];
  const at = events.findIndex((other) => other.seq >= event.seq);
  if (events[at]?.seq === event.seq) return events;
  return [...events.slice(0, at), event, ...events.slice(at)];
}

/** The last position up to which the log is here without a hole, counted from 1. */
export function unbroken(events: readonly KohtaEvent[]): number {
  let head = 0;
  for (const event of events) {
    if (event.seq !== head + 1) break;
    head = event.seq;
  }
  return head;
}

/** The whole log up to the snapshot is here. */
export function whole(talk: Talk): boolean {
  return unbroken(talk.events) >= talk.snap.head;
}

/** The position of the last words that somebody said or noted; 0 for none. */
export function newestWord({ events }: Talk): number {
  return events.findLast((event) => event.kind === 'message' || event.kind === 'note')?.seq ?? 0;
}

/** A conversation of this agent: answered or snoozed by them. */
export function isMine(snap: Snap, me: Me | null): boolean {
  return me !== null && (snap.state === 'agent' || snap.state === 'snoozed') && snap.agent?.id === me.id;
}

/** How many of the customer's words in the log have not been read here. */
export function unread(talk: Talk): number {
  const read = Math.max(talk.seen, talk.snap.read?.agent ?? 0);
  let count = 0;
  for (let i = talk.events.length - 1; i >= 0; i--) {
    const event = talk.events[i];
    if (event === undefined || event.seq <= read) break;
    if (event.kind === 'message' && event.from.role === 'visitor') count++;
    if (event.kind === 'message' && event.from.role === 'agent') break;
  }
  return count;
}

export type Owner = 'bot' | 'line' | 'mine' | 'colleague' | 'closed';

/** Whose turn it is to act, seen from this agent. A snoozed conversation belongs to whom it was with. */
export function ownerOf(snap: Snap, me: Me | null): Owner {
  switch (snap.state) {
    case 'bot': return 'bot';
    case 'waiting': return 'line';
    case 'closed': return 'closed';
    default: return isMine(snap, me) ? 'mine' : 'colleague';
  }
}
