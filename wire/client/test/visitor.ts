import { vi } from 'vitest';
import { Client, memoryToken, type ClientOptions, type ConnectionState, type KohtaEvent } from '../src/index.ts';
import type { FakeDesk } from './fake.ts';

export const C = '00000000-0000-7000-8000-0000000000aa';

/** A visitor on a desk that answers as it is told to, and what they were told. */
export function visitor(desk: FakeDesk, more: Partial<ClientOptions<'visitor'>> = {}) {
  const told: { states: ConnectionState['name'][]; events: KohtaEvent[]; fresh: boolean[]; refused: string[]; anew: boolean[] } =
    { states: [], events: [], fresh: [], refused: [], anew: [] };
  const tokens = memoryToken(null);
  const client = new Client<'visitor'>({
    side: 'visitor', url: 'ws://desk.test/ws/visitor', ports: desk.ports(), site: 'demo', tokens, language: () => 'fi',
    ...more,
    hooks: {
      state: (s) => told.states.push(s.name),
      events: (_c, events, fresh) => { told.events.push(...events); told.fresh.push(...events.map(() => fresh)); },
      refused: (f, code) => told.refused.push(`${f.type} ${code}`),
      welcome: (_w, anew) => told.anew.push(anew),
    },
  });
  return { client, told, tokens };
}

export const run = (ms: number) => vi.advanceTimersByTimeAsync(ms);
export const seqs = (events: KohtaEvent[]) => events.map((e) => e.seq);
