import { signal } from '@preact/signals';
import type { ServerFrame, Snapshot } from '@kohta/client';
import { FakeDesk } from '@kohta/client/fake';
import { vi } from 'vitest';

import { Console } from '../src/desk/console.ts';
import type { Rest, Result } from '../src/desk/rest.ts';
import { me } from './help.ts';

export const settle = (ms = 50): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** A console before a desk in memory. Storage lives as long as `around`, so that a second console finds the first's. */
export function around(desk: FakeDesk) {
  const shelf = new Map<string, string>();
  const session = new Map<string, string>();
  const reloads: number[] = [];
  const storage = (map: Map<string, string>) => ({
    getItem: (key: string) => map.get(key) ?? null, setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key), key: (i: number) => [...map.keys()][i] ?? null, get length() { return map.size; },
  });
  const answers: { session: Result<typeof me> } = { session: { ok: true, value: me } };
  const nothing = { ok: true, value: { items: [], next: null } } as const;
  const rest: Rest = {
    session: () => Promise.resolve(answers.session), signIn: () => Promise.resolve(answers.session), signOut: () => Promise.resolve({ ok: true, value: null }),
    teams: () => Promise.resolve(nothing), agents: () => Promise.resolve(nothing), visits: () => Promise.resolve(nothing),
  };
  const open = async (): Promise<Console> => {
    const console = new Console({
      rest, settings: { language: signal('fi'), theme: signal('auto'), sound: signal(false), letters: signal(true) },
      drafts: storage(shelf), session: storage(session), link: () => ({ url: 'ws://desk/ws/agent', ports: desk.ports() }),
      now: () => Date.now(), chime: () => undefined, reload: () => void reloads.push(1),
    });
    await console.open();
    await settle();
    return console;
  };
  return { open, shelf, session, reloads, answers };
}

export function desk(mineSnaps: Snapshot[] = [], waiting: Snapshot[] = []): FakeDesk {
  const fake = new FakeDesk('agent');
  fake.me.agent = { ...me };
  fake.snapshots = mineSnaps;
  fake.waiting = waiting;
  return fake;
}

export const tell = (fake: FakeDesk, frame: ServerFrame | Record<string, unknown>): void => fake.socket.say(frame);
