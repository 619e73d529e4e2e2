import type { EventOf, KohtaEvent } from '@kohta/client';

import type { Snap } from './model.ts';

/**
 * Folds an event into a snapshot, as chat.Apply does on the desk, for what the console shows. An event that the
 * snapshot has already is left out.
 */
export function fold(snap: Snap, event: KohtaEvent): Snap {
  if (event.seq <= snap.head) return snap;
  return { ...change(snap, event), head: event.seq };
}

/** What is known of a conversation of which nothing but an event has been heard. */
export function unheard(conversation: string): Snap {
  return { conversation, state: 'bot', head: 0 };
}

function change(snap: Snap, event: KohtaEvent): Snap {
  switch (event.kind) {
    case 'message':
      return said(snap, event);
    case 'escalated':
      return waits({
        ...snap, reason: event.reason, baton: event.baton ?? null, team: event.team ?? snap.team ?? null, customer_last: true,
      }, event.at);
    case 'assigned':
      return { ...snap, state: 'agent', agent: event.agent, fence: event.seq, offer: null, raised: false, missed: 0 };
    case 'unassigned':
      return waits({ ...snap, agent: null }, event.at);
    case 'transferred':
      return passedOn(waits({ ...snap, agent: null, team: event.team ?? snap.team ?? null, skills: [] }, event.at), event);
    case 'snoozed':
      return { ...snap, state: 'snoozed', promise: event.promise ?? null, until: event.until ?? null };
    case 'promised':
      return event.reason === 'cancelled' ? { ...snap, promise: null } : snap;
    case 'woken':
      return event.state === 'waiting' ? waits(snap, event.at) : { ...snap, state: event.state };
    case 'returned':
      return { ...snap, state: 'bot', agent: null, reason: null, baton: null, since: null, customer_last: false, promise: null, invited: [] };
    case 'reopened':
      return reopened(snap, event);
    case 'closed':
      return { ...snap, state: 'closed', offer: null, promise: null, customer_last: false, raised: false, invited: [] };
    case 'feeling':
      return snap.feeling === 'crisis' ? snap : { ...snap, feeling: event.feeling };
    case 'rated':
      return { ...snap, rating: { survey: event.survey, score: event.score } };
    case 'offered':
      return { ...snap, offer: { agent: event.agent?.id ?? '', until: event.until ?? event.at, from: event.sender ?? snap.offer?.from ?? null } };
    case 'declined':
      return { ...snap, offer: null, ...(event.reason !== 'agent_lost' && { missed: (snap.missed ?? 0) + 1 }) };
    case 'raised':
      return { ...snap, raised: true };
    case 'invited':
      return { ...snap, invited: [...without(snap, event.agent.id), event.agent] };
    case 'left':
      return { ...snap, invited: without(snap, event.agent.id) };
    default:
      return snap;
  }
}

/** Passed on to a person: it is held out to them, and comes back to the sender if they do not take it. */
function passedOn(snap: Snap, event: EventOf<'transferred'>): Snap {
  if (!event.agent || event.from.role !== 'agent') return snap; // null: to a team
  return { ...snap, offer: { agent: event.agent.id, until: event.at, from: event.from.id ?? null } };
}

function without(snap: Snap, agent: string): NonNullable<Snap['invited']> {
  return (snap.invited ?? []).filter((one) => one.id !== agent);
}

function said(snap: Snap, event: EventOf<'message'>): Snap {
  if (event.from.role === 'bot' || event.from.role === 'system') {
    return snap.state === 'bot' ? { ...snap, customer_last: false } : snap;
  }
  const { role, id, name } = event.from;
  const last = { role, text: event.text, at: event.at, ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
  if (event.from.role === 'visitor') {
    return { ...snap, last, customer_at: event.at, customer_last: true, visitor: known(snap, event), about: snap.about || event.text };
  }
  return { ...snap, last, customer_last: false };
}

function known(snap: Snap, event: EventOf<'message'>): NonNullable<Snap['visitor']> | null {
  const id = event.from.id || snap.visitor?.id;
  const name = event.from.name || snap.visitor?.name;
  if (id === undefined) return snap.visitor ?? null;
  return { ...snap.visitor, id, ...(name === undefined ? {} : { name }) };
}

function reopened(snap: Snap, event: EventOf<'reopened'>): Snap {
  const next: Snap = { ...snap, state: event.state ?? 'waiting', since: null, customer_last: true, feeling: null };
  return next.state === 'waiting' ? waits(next, event.at) : next;
}

/** Into the line. The offer and the clock of who waits already stay. */
function waits(snap: Snap, at: string): Snap {
  return { ...snap, state: 'waiting', offer: snap.state === 'waiting' ? snap.offer ?? null : null, since: snap.since ?? at };
}
