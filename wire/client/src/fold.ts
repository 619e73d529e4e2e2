import type { KohtaEvent, Person, Snapshot, State } from './frames.ts';

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
    case 'escalated': return { ...inLine, reason: e.reason, since: e.at, wait: e.wait ?? null, ...(e.baton && { baton: e.baton }), ...(e.team && { team: e.team }) };
    case 'assigned': return { state: 'agent', agent: e.agent, fence: e.seq, ...unheld, raised: false, missed: 0 };
    case 'unassigned': return inLine;
    case 'offered': return { offer: { until: e.until ?? e.at, from: e.sender ?? null, ...(e.agent && { agent: e.agent.id }) } };
    case 'declined': return { offer: null, ...(e.reason !== 'agent_lost' && { missed: (s.missed ?? 0) + 1 }) };
    case 'raised': return { raised: true };
    case 'invited': return { invited: [...others(s, e.agent), e.agent] };
    case 'left': return { invited: others(s, e.agent) };
    case 'transferred': return { ...inLine, ...(e.team && { team: e.team }) };
    case 'snoozed': return { state: 'snoozed', position: null, wait: null, promise: e.promise ?? null };
    case 'woken': return to(e.state, s); // a promise holds until the conversation is closed
    case 'reopened': return to(e.state ?? 'bot', s);
    case 'returned': return { ...to('bot', s), promise: null, invited: [] };
    case 'closed': return { state: 'closed', closed_at: e.at, ...unheld, promise: null, invited: [], raised: false, missed: 0 };
    case 'promised': return e.wait === undefined ? {} : { wait: e.wait };
    case 'feeling': return { feeling: e.feeling, ...(e.intensity !== undefined && { intensity: e.intensity }) };
    case 'rated': return { rating: { survey: e.survey, score: e.score } };
    default: return {};
  }
}

const unheld: Partial<Snapshot> = { position: null, wait: null, offer: null };
const inLine: Partial<Snapshot> = { state: 'waiting', agent: null, ...unheld };

const others = (s: Snapshot, gone: Person) => (s.invited ?? []).filter((p) => p.id !== gone.id);

function to(state: State, s: Snapshot): Partial<Snapshot> {
  return { state, agent: state === 'agent' ? (s.agent ?? null) : null, position: null, wait: null };
}
