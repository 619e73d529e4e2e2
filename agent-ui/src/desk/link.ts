import { type AgentWelcome, Client, type ConnectionState, type Draft, type Kept, type OutboxStore, type Ports, type Signal, type Sides, type Tabs } from '@kohta/client';

import { fenceOf } from '../state/fences.ts';
import { askedOf, isInvited } from '../state/hands.ts';
import type { Desk, Send } from '../state/model.ts';
import { unsent } from '../state/select.ts';
import { madeAway, same, type Standing, told } from '../state/standing.ts';
import { isMine } from '../state/talks.ts';
import type { Store } from './store.ts';

type Write = Sides['agent']['write'];

const unsentWatched = 20;

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
  #watched: ReadonlySet<string> = new Set();

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
        welcome: (welcome) => this.#welcome(welcome),
        events: (conversation, events) => options.store.dispatch({ type: 'events', conversation, events, now: options.now() }),
        synced: (conversation) => options.store.dispatch({ type: 'synced', conversation }),
        signal: (signal) => this.#signal(signal),
        heartbeat: (frame) => options.store.dispatch({ type: 'beat', now: options.now(), ...(frame.line ? { line: frame.line } : {}) }),
        error: (frame) => {
          if (frame.code === 'not_found' && frame.conversation) options.store.dispatch({ type: 'gone', conversation: frame.conversation });
        },
        outbox: (kept) => options.store.dispatch({ type: 'outbox', sends: kept.map(sendOf) }),
        refused: (frame, why, key) =>
          options.store.dispatch({ type: 'refused', key, conversation: frame.conversation ?? '', sort: frame.type, text: textOf(frame), why, ...afterOf(frame) }),
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
    const fence = fenceOf(this.#o.store.desk.peek(), frame.conversation ?? '');
    return (await this.client.write(fence === undefined ? frame : { ...frame, fence }).done).ok;
  }

  /** Takes the next that this agent can serve, now or not at all. Ends with its conversation, or null. */
  async takeNext(): Promise<string | null> {
    const outcome = await this.client.write({ type: 'take', conversation: null }, false).done;
    return outcome.ok ? outcome.conversation : null;
  }

  stand(standing: Standing): void {
    this.#o.store.dispatch({ type: 'standing', standing });
    this.#say(standing);
  }

  /** Online, and not waiting for the end of a breather. */
  ready(standing: Standing): void {
    this.#o.store.dispatch({ type: 'standing', standing });
    this.client.ready();
  }

  #say({ status, reason }: Standing): void {
    if (reason === '') this.client.presence(status);
    else this.client.presence(status, reason);
  }

  /** Whom the desk has made away is not made online again by coming back: that is the agent's to say. */
  #welcome(welcome: AgentWelcome): void {
    const { dispatch } = this.#o.store;
    dispatch({ type: 'welcome', welcome });
    const { status, reason, rest_until } = welcome.agent;
    if (status === undefined) return;
    const standing = told(status, reason, rest_until);
    const now = this.#o.store.desk.peek().standing;
    const elsewhere = now.status === 'offline' && standing.status !== 'offline'; // another window of theirs has said so
    if (elsewhere || (madeAway(standing) && now.status !== 'offline')) this.#hear(standing);
    else if (standing.rest !== null && now.status === 'online') dispatch({ type: 'standing', standing });
  }

  /** How this agent stands, as the desk or another window says. What this window says after a break is the same. */
  #hear(standing: Standing): void {
    const now = this.#o.store.desk.peek().standing;
    if (same(standing, now)) return;
    this.#o.store.dispatch({ type: 'standing', standing });
    if (standing.status !== now.status || standing.reason !== now.reason) this.#say(standing);
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
        if (signal.conversation === undefined) {
          dispatch({ ...signal, type: 'line' });
          this.#ask(signal.removed);
        }
        return;
      case 'offer':
        return dispatch({ type: 'offer', snapshot: signal.snapshot, until: Date.parse(signal.until), from: signal.from?.name ?? '' });
      case 'snapshot': return dispatch({ type: 'snapshot', snapshot: signal.snapshot });
      case 'invite':
        return dispatch({ type: 'invite', snapshot: signal.snapshot, by: signal.from.name ?? '', note: signal.note ?? '', now: this.#o.now() });
      case 'alert':
        return dispatch({ type: 'alert', what: signal.what, conversation: signal.conversation, who: signal.agent?.name ?? '', now: this.#o.now() });
      case 'read': return dispatch({ type: 'read', conversation: signal.conversation, by: signal.by, seq: signal.seq });
      case 'typing':
        if (signal.from.role !== 'agent' || signal.from.id !== desk.peek().me?.id) {
          dispatch({ type: 'typing', conversation: signal.conversation, from: signal.from, now: this.#o.now() });
        }
        return;
      case 'presence':
        if (signal.agent.name) dispatch({ type: 'names', names: { [signal.agent.id]: signal.agent.name } });
        if (signal.agent.id === desk.peek().me?.id) this.#hear(told(signal.status, signal.reason, signal.rest_until));
    }
  }

  /**
   * Watches the open conversation if it does not come by itself, what was passed on to a person until they answer, what a colleague passes on to this one, and
   * what was given to this agent at once until it is known how it stands; asks for a line that was lost.
   */
  #follow(): void {
    const desk = this.#o.store.desk.peek();
    if (desk.line.behind >= 2) this.client.renew();
    const wanted = new Set<string>();
    const open = desk.selected === null ? undefined : desk.talks[desk.selected];
    if (desk.selected !== null && (open === undefined || !(open.gone || isMine(open.snap, desk.me) || isInvited(open.snap, desk.me)))) wanted.add(desk.selected);
    for (const { snap, bare } of Object.values(desk.talks)) {
      if (askedOf(snap, desk.me) !== null || (bare && (isMine(snap, desk.me) || isInvited(snap, desk.me)))) wanted.add(snap.conversation);
    }
    // a colleague's word for the next stands in the log
    for (const offer of desk.offers) if (desk.talks[offer.conversation]?.snap.offer?.from || offer.from !== '') wanted.add(offer.conversation);
    // of what was written and not sent, at least whom it was for
    for (const { id, talk } of unsent(desk).slice(0, unsentWatched)) if (talk === null || talk.bare) wanted.add(id);
    for (const id of this.#watched) if (!wanted.has(id)) this.client.unwatch(id);
    for (const id of wanted) if (!this.#watched.has(id)) this.client.watch(id);
    this.#watched = wanted;
  }

  /** The open conversation has left the line, and no event says why: is it still ours to see? */
  #ask(left: readonly string[]): void {
    const { selected, talks } = this.#o.store.desk.peek();
    if (selected === null || !left.includes(selected) || talks[selected]?.snap.state !== 'waiting' || !this.#watched.has(selected)) return;
    this.client.unwatch(selected);
    this.client.watch(selected);
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

/** The position that a frame relied on: what came after it, its writer has not seen. */
function afterOf(frame: Write): { after?: number } {
  return frame.fence === undefined ? {} : { after: frame.fence };
}

function sendOf(kept: Kept<Write>): Send {
  return { key: kept.key, conversation: kept.frame.conversation ?? '', type: kept.frame.type, text: textOf(kept.frame), at: kept.at };
}
