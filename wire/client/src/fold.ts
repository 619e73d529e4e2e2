import type { KohtaEvent, Snapshot, State } from './frames.ts';

/** The snapshot of a conversation of which nothing is known yet. */
export function begun(conversation: string): Snapshot {
  return { conversation, state: 'bot', head: 0, agent: null, position: null, wait: null };
}

/**
 * The snapshot after an event, so that a screen need not wait for the next welcome. Pure; events that the snapshot
 * already holds change nothing.
 */
export function fold(s: Snapshot, e: KohtaEvent): Snapshot {
  if (e.seq <= s.head) return s;
  return { ...s, head: e.seq, ...change(s, e) };
}

function change(s: Snapshot, e: KohtaEvent): Partial<Snapshot> {
  switch (e.kind) {
    case 'escalated': return { ...inLine, reason: e.reason, since: e.at, ...(e.baton && { baton: e.baton }), ...(e.team && { team: e.team }) };
    case 'assigned': return { state: 'agent', agent: e.agent, fence: e.seq, position: null, wait: null, offer: null };
    case 'unassigned': return inLine;
    case 'transferred': return { ...inLine, ...(e.team && { team: e.team }) };
    case 'snoozed': return { state: 'snoozed', position: null, wait: null, promise: e.promise ?? null };
    case 'woken': return { ...to(e.state, s), promise: null };
    case 'reopened': return to(e.state ?? 'bot', s);
    case 'returned': return to('bot', s);
    case 'closed': return { state: 'closed', closed_at: e.at, position: null, wait: null, offer: null };
    case 'promised': return e.wait === undefined ? {} : { wait: e.wait };
    case 'feeling': return { feeling: e.feeling, ...(e.intensity !== undefined && { intensity: e.intensity }) };
    case 'rated': return { rating: { survey: e.survey, score: e.score } };
    default: return {};
  }
}

const inLine: Partial<Snapshot> = { state: 'waiting', agent: null, position: null, wait: null, offer: null };

function to(state: State, s: Snapshot): Partial<Snapshot> {
  return { state, agent: state === 'agent' ? (s.agent ?? null) : null, position: null, wait: null };
}
