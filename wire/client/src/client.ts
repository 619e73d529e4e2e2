import { Connection, type ConnectionState } from './connection.ts';
import type {
  AgentHello, Draft, ErrorCode, ErrorFrame, Heartbeat, KohtaEvent, Page, Presence, ServerFrame, Side, Sides, Signal, Since,
  VisitorHello,
} from './frames.ts';
import { LIMITS } from './frames.ts';
import { Log } from './log.ts';
import { Outbox } from './outbox.ts';
import { memoryOutbox, type Kept, type OutboxStore, type Ports, type Stop, type TokenStore } from './ports.ts';
import type { Tabs, TabWord } from './tabs.ts';
import { cut, utf8Length } from './text.ts';

/** What became of a frame that writes. `gone`: it belonged to an identity that is no more. */
export type Outcome =
  | { ok: true; conversation: string; seq: number }
  | { ok: false; code: ErrorCode | 'gone' };

/** What the client tells. A hook may call the client; `outbox` and `state` may be told from within such a call. */
export interface Hooks<S extends Side> {
  state?(state: ConnectionState): void;
  /** `anew`: another identity than before; nothing known from before holds. */
  welcome?(frame: Sides[S]['welcome'], anew: boolean): void;
  /**
   * The next events of a conversation: each once, in order, without a hole. `fresh` is false for the past, read when
   * the conversation is first met.
   */
  events?(conversation: string, events: KohtaEvent[], fresh: boolean): void;
  /** All up to `head` has been told. */
  synced?(conversation: string, head: number): void;
  signal?(signal: Signal): void;
  heartbeat?(frame: Heartbeat): void;
  /** The frames that are not acknowledged, after each change. */
  outbox?(kept: readonly Kept<Sides[S]['write']>[]): void;
  /** A frame was not taken and is dropped. */
  refused?(frame: Sides[S]['write'], code: ErrorCode | 'gone', key: string): void;
  /** An error that belongs to no frame that writes. */
  error?(frame: ErrorFrame): void;
}

interface Base<S extends Side> {
  side: S;
  url: string;
  ports: Ports;
  hooks: Hooks<S>;
  /** Where frames outlive a reload; memory if left out. */
  store?: OutboxStore<Sides[S]['write']>;
  /** Other windows with the same store; without, this client alone sends. */
  tabs?: Tabs<Sides[S]['write']>;
}
export type ClientOptions<S extends Side> = Base<S> & (S extends 'visitor'
  ? {
    site: string;
    tokens: TokenStore;
    language: () => string;
    /** The token of a link, said in place of the visitor's: it says the site too, where `site` is empty. One that is no longer good leads to `closed`, not to another visitor. */
    link?: () => string | null;
  }
  : { site?: undefined; tokens?: undefined; language?: undefined; link?: undefined });


const TYPING = 2_000;
const RETRY_S = 2;
/** So long may an answer to a write take before the line must prove that it stands; it has 5 s for that. */
const ANSWER = 3_000;

/** The visitor's and the agent's half of kohta.v1: one line that comes back, an outbox, and a log without holes. */
export class Client<S extends Side> {
  #o: ClientOptions<S>;
  #line: Connection;
  #outbox: Outbox<Sides[S]['write']>;
  #logs = new Map<string, Log>();           // least recently used first
  #asked = new Set<string>();               // named in this socket's hello
  #watched = new Set<string>();
  #waiting = new Map<string, (o: Outcome) => void>();
  #me = '';
  #forgotten = false;                       // the identity was not taken, and another comes
  #page: Page | null = null;
  #pageTold = false;                        // in this socket's hello
  #status: Extract<Sides['agent']['frame'], { type: 'presence' }> | null = null;
  #leads: boolean;
  #resume: Stop | null = null;              // while the server wants a pause
  #doubt: Stop | null = null;               // while a write has no answer
  #typed = new Map<string, number>();
  #read = new Map<string, { seq: number; sent: boolean }>();
  #ready: Promise<void>;

  constructor(options: ClientOptions<S>) {
    this.#o = options;
    this.#outbox = new Outbox(options.store ?? memoryOutbox());
    this.#leads = !options.tabs;
    this.#ready = this.#outbox.load();
    this.#line = new Connection(options.ports, {
      url: options.url,
      hello: () => JSON.stringify(this.#hello()),
      frame: (f) => this.#receive(f),
      state: (s) => this.#changed(s),
      tooLarge: () => this.#dropLargest(),
      forget: () => this.#forget(),
    });
    options.tabs?.hear((word) => this.#heard(word));
    options.tabs?.lead(() => void this.#lead());
  }

  get state(): ConnectionState { return this.#line.state; }
  get outbox(): readonly Kept<Sides[S]['write']>[] { return this.#outbox.entries; }
  /** The visitor's or the agent's id, empty before the first welcome. */
  get me(): string { return this.#me; }

  /** Connects, as soon as what was kept has been read. Also the way out of `closed`. */
  async start(): Promise<void> {
    await this.#ready;
    if (this.#outbox.entries.length > 0) this.#told();
    this.#line.start();
  }

  stop(): void {
    this.#resume?.();
    this.#resume = null;
    this.#trust();
    this.#line.stop();
  }

  /** The device woke, the network is back, or somebody pressed “Try now”. */
  wake(): void { this.#line.wake(); }

  /** Comes back with the identity that the token store has now. */
  renew(): void { this.#line.renew(); }

  /** Whether a frame is small enough for the desk to take. */
  fits(frame: Draft<S>): boolean {
    return utf8Length(JSON.stringify({ ...frame, key: NIL })) <= LIMITS[this.#o.side].frame;
  }

  /**
   * Sends a frame until it is acknowledged or refused, over reconnects, and over reloads too unless `keep` is false.
   * `done` says what became of it; it never rejects.
   */
  write(frame: Draft<S>, keep = true): { key: string; done: Promise<Outcome> } {
    const key = this.#o.ports.uuid();
    const full = { ...frame, key } as unknown as Sides[S]['write'];
    if (!this.fits(frame)) return { key, done: Promise.resolve({ ok: false, code: 'too_large' }) };
    const done = new Promise<Outcome>((resolve) => this.#waiting.set(key, resolve));
    const kept = { key, at: this.#o.ports.now(), frame: full };
    this.#outbox.add(kept, keep);
    this.#o.tabs?.tell({ put: kept });
    this.#told();
    this.#flush();
    return { key, done };
  }

  /** Says that somebody is writing, at most once in 2 s a conversation. */
  typing(conversation: string): void {
    const now = this.#o.ports.now();
    if (now - (this.#typed.get(conversation) ?? -TYPING) < TYPING) return;
    if (this.#send({ type: 'typing', conversation })) this.#typed.set(conversation, now);
  }

  /** Marks as read up to `seq`; goes out now or with the next welcome, and never backwards. */
  read(conversation: string, seq: number): void {
    if (seq <= (this.#read.get(conversation)?.seq ?? 0)) return;
    this.#read.set(conversation, { seq, sent: this.#send({ type: 'read', conversation, seq }) });
  }

  /** Where on the website the visitor is. */
  page(page: Page): void {
    const most = LIMITS[this.#o.side].page;
    this.#page = { url: cut(page.url, most), title: cut(page.title, most), referrer: cut(page.referrer, most) };
    this.#send({ type: 'page', page: this.#page });
  }

  /** The agent's status, and why; said again after each welcome. */
  presence(status: Presence, reason?: string): void {
    this.#status = { type: 'presence', status, ...(reason && { reason }) };
    this.#send(this.#status);
  }

  /** Says once that this agent wants the next conversation now, breather or not. */
  ready(): void {
    this.#status = { type: 'presence', status: 'online' };
    this.#send({ ...this.#status, reason: 'ready' });
  }

  /** Follows a conversation that is not the agent's own, from its beginning, until `unwatch`. */
  watch(conversation: string): void {
    if (this.#watched.has(conversation)) return;
    this.#watched.add(conversation);
    this.#sendWatch(conversation);
  }

  unwatch(conversation: string): void {
    if (!this.#watched.delete(conversation)) return;
    this.#send({ type: 'unwatch', conversation });
  }

  /** Forgets how far a conversation was told; if it comes up again, it is told from the beginning. */
  drop(conversation: string): void {
    this.unwatch(conversation);
    this.#logs.delete(conversation);
    this.#read.delete(conversation);
    this.#typed.delete(conversation);
  }

  /** Ends when the outbox is kept as it is in memory. */
  settled(): Promise<void> { return this.#outbox.settled(); }

  #log(conversation: string): Log {
    const log = this.#logs.get(conversation) ?? new Log();
    this.#logs.delete(conversation);
    this.#logs.set(conversation, log);
    return log;
  }

  #send(frame: Sides['visitor']['frame'] | Sides['agent']['frame']): boolean {
    return this.#line.send(JSON.stringify(frame));
  }

  // ---- hello

  /** The first frame, made to fit: what has no room comes after the welcome. */
  #hello(): VisitorHello | AgentHello {
    const limit = LIMITS[this.#o.side];
    let names = [...this.#logs].filter(([c, log]) => log.head > 0 && !this.#watched.has(c)).slice(-limit.since);
    const over = () => utf8Length(JSON.stringify(hello)) > limit.hello;
    let hello = this.#named(names, this.#page);
    if (over()) hello = this.#named(names, null);
    while (over() && names.length > 0) {
      names = names.slice(Math.ceil(names.length / 8));
      hello = this.#named(names, null);
    }
    this.#asked = new Set(names.map(([c]) => c));
    this.#pageTold = 'page' in hello;
    return hello;
  }

  #named(names: [string, Log][], page: Page | null): VisitorHello | AgentHello {
    const since: Since = Object.fromEntries(names.map(([c, log]) => [c, log.head]));
    const o = this.#o as ClientOptions<'visitor'>;
    if (this.#o.side === 'agent') return { type: 'hello', since };
    const link = o.link?.();
    const who = link ? { link } : { token: o.tokens.get() };
    const hello: VisitorHello = { type: 'hello', site: o.site || null, ...who, language: o.language(), since };
    return page ? { ...hello, page } : hello;
  }

  #forget(): boolean {
    const tokens = this.#o.tokens;
    if (this.#o.link?.() || !tokens?.get()) return false;
    tokens.set(null);
    this.#forgotten = true;
    return true;
  }

  // ---- what comes

  #receive(f: ServerFrame): void {
    switch (f.type) {
      case 'welcome': return this.#welcome(f as Sides[S]['welcome']);
      case 'event': return this.#event(f);
      case 'ack': return this.#settle(f.key, { ok: true, conversation: f.conversation, seq: f.seq });
      case 'synced': return this.#synced(f.conversation, f.head);
      case 'heartbeat': return this.#heartbeat(f);
      case 'signal': return this.#o.hooks.signal?.(f);
      case 'error': return this.#error(f);
    }
  }

  #welcome(f: Sides[S]['welcome']): void {
    const me = 'visitor' in f ? f.visitor : f.agent.id;
    const anew = this.#forgotten || (this.#me !== '' && this.#me !== me);
    if (anew) this.#begin();
    this.#me = me;
    this.#forgotten = false;
    if ('token' in f && this.#o.tokens?.get() !== f.token) this.#o.tokens?.set(f.token);
    this.#o.hooks.welcome?.(f, anew);
    const now = this.#o.ports.now();
    for (const c of this.#asked) this.#logs.get(c)?.asking(now);
    for (const s of f.conversations) this.#reach(s.conversation, s.head);
    for (const c of this.#watched) this.#sendWatch(c);
    this.#again();
    this.#flush();
  }

  /** Another identity: its past is not ours, and what was addressed to conversations of the old one has no address. */
  #begin(): void {
    this.#logs.clear();
    this.#asked.clear();
    this.#watched.clear();
    this.#read.clear();
    for (const kept of this.#outbox.rewrite(unaddressed)) this.#end(kept, 'gone');
    this.#told();
  }

  /** After a welcome: what signals could not say meanwhile. */
  #again(): void {
    if (this.#status) this.#send(this.#status);
    if (this.#page && !this.#pageTold) this.#send({ type: 'page', page: this.#page });
    for (const [conversation, mark] of this.#read) {
      if (!mark.sent) mark.sent = this.#send({ type: 'read', conversation, seq: mark.seq });
    }
  }

  #event(e: KohtaEvent): void {
    const log = this.#log(e.conversation);
    const fresh = !log.reading;
    const out = log.admit(e);
    if (this.#mine(e)) this.#settle(e.key ?? '', { ok: true, conversation: e.conversation, seq: e.seq });
    if (out.length > 0) this.#o.hooks.events?.(e.conversation, out, fresh);
    this.#reach(e.conversation, e.seq);
  }

  #mine(e: KohtaEvent): boolean {
    if (!e.key || !this.#outbox.get(e.key)) return false;
    return e.from.role === this.#o.side && (this.#o.side === 'visitor' || e.from.id === this.#me);
  }

  /** A conversation is known to reach `head`: asks for what is missing. */
  #reach(conversation: string, head: number): void {
    const log = this.#log(conversation);
    if (log.ask(head, this.#o.ports.now())) this.#send({ type: 'sync', conversation, after: log.head });
  }

  #sendWatch(conversation: string): void {
    const log = this.#log(conversation);
    if (this.#send({ type: 'watch', conversation, after: log.head })) log.asking(this.#o.ports.now());
  }

  #synced(conversation: string, head: number): void {
    const log = this.#log(conversation);
    log.answered();
    this.#reach(conversation, head);
    if (log.head >= head) this.#o.hooks.synced?.(conversation, log.head);
  }

  #heartbeat(f: Heartbeat): void {
    for (const [conversation, head] of Object.entries(f.heads)) {
      this.#log(conversation).revive();
      this.#reach(conversation, head);
    }
    this.#o.hooks.heartbeat?.(f);
  }

  #error(f: ErrorFrame): void {
    const kept = f.key ? this.#outbox.get(f.key) : undefined;
    if (!kept) {
      if (f.conversation) this.#logs.get(f.conversation)?.answered();
      return this.#o.hooks.error?.(f);
    }
    if (f.code === 'rate_limited' || f.code === 'unavailable') return this.#pause(kept.key, f.retry_after_s ?? RETRY_S);
    this.#settle(kept.key, { ok: false, code: f.code });
  }

  // ---- what goes

  #flush(): void {
    if (!this.#leads || this.#resume || this.#line.state.name !== 'connected') return;
    for (const kept of this.#outbox.due()) this.#line.send(JSON.stringify(kept.frame));
    this.#await();
  }

  /** A write that has no answer puts the line in doubt, again and again until it has one. */
  #await(): void {
    if (this.#doubt) return;
    const oldest = this.#outbox.flying()[0]?.key;
    if (oldest === undefined) return;
    this.#doubt = this.#o.ports.timer(ANSWER, () => {
      this.#doubt = null;
      if (this.#outbox.flying()[0]?.key === oldest) this.#line.probe();
      this.#await();
    });
  }

  #trust(): void {
    this.#doubt?.();
    this.#doubt = null;
  }

  /** The server wants to be left alone for a while: nothing overtakes the frame that it did not take. */
  #pause(key: string, seconds: number): void {
    this.#outbox.land(key);
    this.#resume?.();
    this.#resume = this.#o.ports.timer(seconds * 1000, () => {
      this.#resume = null;
      this.#flush();
    });
  }

  #settle(key: string, outcome: Outcome, told = false): void {
    const kept = this.#outbox.settle(key);
    if (!kept) return;
    this.#trust();
    this.#await();
    if (!told) this.#o.tabs?.tell(outcome.ok
      ? { acked: key, conversation: outcome.conversation, seq: outcome.seq }
      : { refused: key, code: outcome.code as ErrorCode });
    this.#told();
    if (outcome.ok) this.#resolve(key, outcome);
    else this.#end(kept, outcome.code);
  }

  #end(kept: Kept<Sides[S]['write']>, code: ErrorCode | 'gone'): void {
    this.#o.hooks.refused?.(kept.frame, code, kept.key);
    this.#resolve(kept.key, { ok: false, code });
  }

  #resolve(key: string, outcome: Outcome): void {
    this.#waiting.get(key)?.(outcome);
    this.#waiting.delete(key);
  }

  /** Closed for a frame that was too large, and no error has said which: the largest under way it must be. */
  #dropLargest(): void {
    const size = (k: Kept) => JSON.stringify(k.frame).length;
    const worst = this.#outbox.flying().reduce<Kept<Sides[S]['write']> | null>((a, b) => (a && size(a) >= size(b) ? a : b), null);
    if (worst) this.#settle(worst.key, { ok: false, code: 'too_large' });
  }

  #told(): void {
    this.#o.hooks.outbox?.(this.#outbox.entries);
  }

  #changed(state: ConnectionState): void {
    if (state.name !== 'connected') {
      this.#outbox.land();
      this.#resume?.();
      this.#resume = null;
      this.#trust();
      for (const log of this.#logs.values()) log.lost();
    }
    this.#o.hooks.state?.(state);
  }

  // ---- other windows

  async #lead(): Promise<void> {
    this.#ready = this.#outbox.load();
    await this.#ready;
    this.#leads = true;
    this.#told();
    this.#flush();
  }

  #heard(word: TabWord<Sides[S]['write']>): void {
    if ('put' in word) {
      this.#outbox.add(word.put, false);
      this.#told();
      this.#flush();
    } else if ('acked' in word) {
      this.#settle(word.acked, { ok: true, conversation: word.conversation, seq: word.seq }, true);
    } else {
      this.#settle(word.refused, { ok: false, code: word.code }, true);
    }
  }
}

const NIL = '00000000-0000-0000-0000-000000000000';

/** A visitor's words find their way without an address; the rest has none. An agent never changes identity in place. */
function unaddressed<W extends { type: string; conversation: string | null }>(frame: W): W | null {
  if (frame.type !== 'post' && frame.type !== 'ask_human') return null;
  return frame.conversation === null ? frame : { ...frame, conversation: null };
}
