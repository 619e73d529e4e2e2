import type { KohtaEvent, Snapshot, State } from './frames.ts';

/*
 * The fold of a visitor's side: of what a visitor is told of an event, what a visitor is shown of a snapshot. The console
 * shows more, and has a fold of its own (agent-ui/src/state/fold.ts).
 */

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
    case 'escalated': return { ...inLine, wait: e.wait ?? null };
    case 'assigned': return { state: 'agent', agent: e.agent, ...noPlace };
    case 'unassigned': return inLine;
    case 'transferred': return inLine;
    case 'snoozed': return { state: 'snoozed', ...noPlace };
    case 'woken': return to(e.state, s);
    case 'reopened': return to(e.state ?? 'bot', s);
    case 'returned': return to('bot', s);
    case 'closed': return { state: 'closed', ...noPlace };
    case 'promised': return e.wait === undefined ? {} : { wait: e.wait };
    case 'rated': return { rating: { survey: e.survey, score: e.score } };
    default: return {};
  }
}

const noPlace: Partial<Snapshot> = { position: null, wait: null };
const inLine: Partial<Snapshot> = { state: 'waiting', agent: null, ...noPlace };

function to(state: State, s: Snapshot): Partial<Snapshot> {
  return { state, agent: state === 'agent' ? (s.agent ?? null) : null, ...noPlace };
}
