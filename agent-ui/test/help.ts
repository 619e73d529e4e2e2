import type { AgentWelcome, KohtaEvent } from '@kohta/client';

import { type Action, emptyDesk, reduce } from '../src/state/desk.ts';
import type { Desk, Snap } from '../src/state/model.ts';

export const me = { id: 'a-me', name: 'Aino Lahti', role: 'agent' };
export const ville = { id: 'a-ville', name: 'Ville Koski' };

export const noon = Date.parse('2026-03-17T12:00:00.000Z');
export const at = (seconds: number): string => new Date(noon + seconds * 1000).toISOString();

export function snap(conversation: string, more: Partial<Snap> = {}): Snap {
  return { conversation, state: 'waiting', head: 0, language: 'fi', customer_at: at(0), customer_last: true, since: at(0), ...more };
}

export function own(conversation: string, more: Partial<Snap> = {}): Snap {
  return snap(conversation, { state: 'agent', agent: { id: me.id, name: me.name }, fence: 1, ...more });
}

export function welcome(mine: Snap[] = [], waiting: Snap[] = [], version?: number): AgentWelcome {
  return {
    type: 'welcome', agent: me, heartbeat_s: 20, conversations: mine,
    line: { waiting, total: waiting.length, ...(version === undefined ? {} : { version }) },
  };
}

type Fields<K extends KohtaEvent['kind']> = Omit<Extract<KohtaEvent, { kind: K }>, 'type' | 'conversation' | 'seq' | 'at' | 'kind' | 'from' | 'key'>;

export function event<K extends KohtaEvent['kind']>(conversation: string, seq: number, kind: K, from: KohtaEvent['from'], fields: Fields<K>, key?: string): KohtaEvent {
  return { type: 'event', conversation, seq, at: at(seq), kind, from, ...(key === undefined ? {} : { key }), ...fields } as unknown as KohtaEvent;
}

export const customer = { role: 'visitor', id: 'v-1', name: 'Marja Heikkilä' } as const;
export const bot = { role: 'bot', name: 'Botti' } as const;
export const system = { role: 'system' } as const;
export const agent = { role: 'agent', id: me.id, name: me.name } as const;
export const colleague = { role: 'agent', ...ville } as const;

export const said = (c: string, seq: number, text = 'hei'): KohtaEvent => event(c, seq, 'message', customer, { text });
export const answered = (c: string, seq: number, text = 'hei', key?: string): KohtaEvent => event(c, seq, 'message', agent, { text }, key);

export function run(actions: readonly Action[], from: Desk = emptyDesk): Desk {
  return actions.reduce(reduce, from);
}

export const happened = (conversation: string, ...events: KohtaEvent[]): Action => ({ type: 'events', conversation, events, now: noon });
