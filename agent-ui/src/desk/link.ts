import { Client, type ConnectionState, type Draft, type Kept, type OutboxStore, type Ports, type Signal, type Sides, type Tabs } from '@kohta/client';

import { fenceOf } from '../state/fences.ts';
import type { Desk, Send } from '../state/model.ts';
import { isMine } from '../state/talks.ts';
import type { Store } from './store.ts';

type Write = Sides['agent']['write'];

export interface LinkOptions {
  readonly url: string;
  readonly ports: Ports;
  readonly store: Store;
  /** Milliseconds by the desk's clock. */
  readonly now: () => number;
  /** The session is no more, or may be: the one who asked has to look. */
  readonly doubt: () => void;
  readonly outbox?: OutboxStore<Write>;
  readonly tabs?: Tabs<Write>;
}

/** The line to the desk, joined to the state: frames become actions, and what the state needs is asked for. */
export class Link {
  readonly client: Client<'agent'>;
  readonly #o: LinkOptions;
  #watched: string | null = null;

  constructor(options: LinkOptions) {
    this.#o = options;
    this.client = new Client({
      side: 'agent',
      url: options.url,
      ports: options.ports,
      ...(options.outbox ? { store: options.outbox } : {}),
      ...(options.tabs ? { tabs: options.tabs } : {}),
      hooks: {
        state: (state) => this.#state(state),
        welcome: (welcome) => options.store.dispatch({ type: 'welcome', welcome }),
        events: (conversation, events) => options.store.dispatch({ type: 'events', conversation, events, now: options.now() }),
        synced: (conversation) => options.store.dispatch({ type: 'synced', conversation }),
        signal: (signal) => this.#signal(signal),
        heartbeat: (frame) => options.store.dispatch({ type: 'beat', now: options.now(), ...(frame.line ? { line: frame.line } : {}) }),
        outbox: (kept) => options.store.dispatch({ type: 'outbox', sends: kept.map(sendOf) }),
        refused: (frame, why, key) =>
          options.store.dispatch({ type: 'refused', key, conversation: frame.conversation, sort: frame.type, text: textOf(frame), why }),
      },
    });
    options.store.watch((before, after) => {
      this.#forget(before, after);
      this.#follow();
    });
  }

  /**
   * Sends a frame with the fence of the assignment that it relies on, as it is known now: however late it goes out, it
   * cannot write into what has changed hands since. Ends with whether the desk took it.
   */
  async write(frame: Draft<'agent'>): Promise<boolean> {
    const fence = fenceOf(this.#o.store.desk.peek(), frame.conversation);
    return (await this.client.write(fence === undefined ? frame : { ...frame, fence }).done).ok;
  }

  #state(state: ConnectionState): void {
    const { dispatch } = this.#o.store;
    if (state.name === 'connected') return dispatch({ type: 'link', state: 'online' });
    if (state.name === 'closed') {
      if (state.code === 0) return;
      dispatch({ type: 'link', state: 'refused' });
      return this.#o.doubt();
    }
    const first = state.attempt === 0 && state.code === 0;
    dispatch({ type: 'link', state: first ? 'connecting' : 'offline' });
    if (!first) this.#o.doubt();
  }

  #signal(signal: Signal): void {
    const { dispatch, desk } = this.#o.store;
    switch (signal.kind) {
      case 'line':
        if (signal.conversation === undefined) dispatch({ ...signal, type: 'line' });
        return;
      case 'offer': return dispatch({ type: 'offer', snapshot: signal.snapshot, until: Date.parse(signal.until) });
      case 'read': return dispatch({ type: 'read', conversation: signal.conversation, by: signal.by, seq: signal.seq });
      case 'typing':
        if (signal.from.role !== 'agent' || signal.from.id !== desk.peek().me?.id) {
          dispatch({ type: 'typing', conversation: signal.conversation, from: signal.from, now: this.#o.now() });
        }
        return;
      case 'presence':
        // said in another window of this agent's
        if (signal.agent.id === desk.peek().me?.id && signal.status !== desk.peek().status) {
          dispatch({ type: 'status', status: signal.status });
          this.client.presence(signal.status);
        }
    }
  }

  /** Watches the open conversation if it is not this agent's own, and asks for a line that was lost. */
  #follow(): void {
    const desk = this.#o.store.desk.peek();
    if (desk.line.behind >= 2) this.client.renew();
    const open = desk.selected === null ? undefined : desk.talks[desk.selected];
    const wanted = open !== undefined && !isMine(open.snap, desk.me) ? open.snap.conversation : null;
    if (wanted === this.#watched) return;
    if (this.#watched !== null) this.client.unwatch(this.#watched);
    if (wanted !== null) this.client.watch(wanted);
    this.#watched = wanted;
  }

  /** What the state no longer holds is told from its beginning if it comes up again. */
  #forget(before: Desk, after: Desk): void {
    if (before.talks === after.talks) return;
    for (const id of Object.keys(before.talks)) if (after.talks[id] === undefined) this.client.drop(id);
  }
}

function textOf(frame: Write): string {
  return frame.type === 'post' || frame.type === 'note' ? frame.text : '';
}

function sendOf(kept: Kept<Write>): Send {
  return { key: kept.key, conversation: kept.frame.conversation, type: kept.frame.type, text: textOf(kept.frame), at: kept.at };
}
