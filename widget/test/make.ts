import type { KohtaEvent, Snapshot, VisitorWelcome, VisitorWrite } from '@kohta/client';
import { reduce, start, type Action, type State } from '../src/app/state.ts';

/** Makers for tests: events of one conversation in a row, and the state that they lead to. */
export const NOW = new Date(2026, 2, 17, 14, 40);
export const AINO = { id: 'a-1', name: 'Aino Lahti' };
export const me = { role: 'visitor' } as const;
export const bot = { role: 'bot', name: 'Kaarnan botti' } as const;
export const aino = { role: 'agent', ...AINO } as const;
export const system = { role: 'system' } as const;

export function talk(id: string, ...what: Record<string, unknown>[]): KohtaEvent[] {
  return what.map((w, i) => ({
    type: 'event', conversation: id, seq: i + 1, at: new Date(2026, 2, 17, 14, 20 + i).toISOString(), from: system, ...w,
  }) as unknown as KohtaEvent);
}

export const says = (from: object, text: string, more: object = {}) => ({ kind: 'message', from, text, ...more });

export function welcome(...conversations: (Partial<Snapshot> & { conversation: string })[]): VisitorWelcome {
  return { type: 'welcome', visitor: 'v', token: 't', heartbeat_s: 20, conversations: conversations.map((c) => ({ state: 'bot', head: 0, ...c })) };
}

export function after(...actions: Action[]): State {
  return actions.reduce(reduce, start);
}

/** A connected state in which these events came, one conversation after another. */
export function told(...talks: KohtaEvent[][]): State {
  return after(
    { do: 'link', state: { name: 'connected' } },
    { do: 'welcome', frame: welcome(), anew: false },
    ...talks.map((events): Action => ({ do: 'events', conversation: events[0]?.conversation ?? '', events })),
  );
}

export const kept = (frame: VisitorWrite) => ({ key: frame.key, at: new Date(2026, 2, 17, 14, 25).getTime(), frame });
