/**
 * A desk for tests: one site, in memory, with 1 ms between the two ends. It speaks kohta.v1 well enough to be talked
 * to, and badly on request. Run it under fake timers.
 */
import type {
  AgentFrame, ErrorCode, From, KohtaEvent, ServerFrame, Side, Snapshot, VisitorFrame,
} from '../src/frames.ts';
import type { Ports, Socket, SocketListener } from '../src/ports.ts';

type Frame = VisitorFrame | AgentFrame;
type Kind = KohtaEvent['kind'];
type Fields<K extends Kind> = Omit<Extract<KohtaEvent, { kind: K }>, 'type' | 'conversation' | 'seq' | 'at' | 'kind' | 'from'> & { from?: From; key?: string };

export class FakeSocket implements Socket {
  received: Frame[] = [];
  open = true;
  welcomed = false;
  desk: FakeDesk;
  listener: SocketListener;

  constructor(desk: FakeDesk, listener: SocketListener) {
    this.desk = desk;
    this.listener = listener;
  }

  // the client's end
  send(text: string): void {
    if (!this.open) return;
    const frame = JSON.parse(text) as Frame;
    setTimeout(() => this.desk.take(this, frame), 1);
  }

  close(): void {
    this.open = false;
  }

  // the desk's end
  say(frame: ServerFrame | Record<string, unknown>): void {
    const text = JSON.stringify(frame);
    setTimeout(() => { if (this.open) this.listener.text(text); }, 1);
  }

  /** The desk, or the network (1006), ends it. */
  end(code: number): void {
    setTimeout(() => {
      if (!this.open) return;
      this.open = false;
      this.listener.closed(code);
    }, 1);
  }

  of<T extends Frame['type']>(type: T): Extract<Frame, { type: T }>[] {
    return this.received.filter((f): f is Extract<Frame, { type: T }> => f.type === type);
  }
}

export class FakeDesk {
  sockets: FakeSocket[] = [];
  events = new Map<string, KohtaEvent[]>();
  snapshots: Snapshot[] = [];
  waiting: Snapshot[] = [];
  me = { visitor: 'v-1', token: 't-1', agent: { id: 'a-1', name: 'Aino Lahti', role: 'agent' } };
  side: Side;
  /** Attempts to connect fail while true. */
  down = false;
  /** Hellos with these tokens are closed with 3501. */
  badTokens = new Set<string | null>();
  /** Called first with each frame; true means that it was dealt with. */
  before: (socket: FakeSocket, frame: Frame) => boolean = () => false;
  /** Tells the clients that their device has lost its network, or found one. */
  network: (up: boolean) => void = () => undefined;
  #uuid = 0;
  #open: string | null = null;
  #keys = new Map<string, ServerFrame>();

  constructor(side: Side = 'visitor') {
    this.side = side;
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('nobody has connected');
    return last;
  }

  ports(random: () => number = () => 0.5): Ports {
    return {
      open: (_url, _protocol, listener) => this.#accept(listener),
      now: () => Date.now(),
      random,
      uuid: () => uuid(++this.#uuid),
      timer: (ms, run) => {
        const id = setTimeout(run, ms);
        return () => clearTimeout(id);
      },
      network: (change) => {
        this.network = change;
        return () => { this.network = () => undefined; };
      },
    };
  }

  #accept(listener: SocketListener): FakeSocket {
    const socket = new FakeSocket(this, listener);
    this.sockets.push(socket);
    if (this.down) socket.end(1006);
    else setTimeout(() => { if (socket.open) listener.open(); }, 1);
    return socket;
  }

  take(socket: FakeSocket, frame: Frame): void {
    if (!socket.open) return;
    socket.received.push(frame);
    if (this.before(socket, frame)) return;
    if (frame.type === 'hello') this.#hello(socket, frame);
    else if (frame.type === 'sync' || frame.type === 'watch') this.#past(socket, frame.conversation, frame.after);
    else if (frame.type === 'ping') socket.say({ type: 'heartbeat', heads: this.heads() });
    else if ('key' in frame) this.#write(socket, frame);
  }

  #hello(socket: FakeSocket, frame: Extract<Frame, { type: 'hello' }>): void {
    const token = 'token' in frame ? frame.token : null;
    if (this.side === 'visitor' && this.badTokens.has(token)) return socket.end(3501);
    socket.welcomed = true;
    const conversations = this.snapshots.map((s) => ({ ...s, head: this.head(s.conversation) }));
    socket.say(this.side === 'visitor'
      ? { type: 'welcome', visitor: this.me.visitor, token: this.me.token, heartbeat_s: 20, conversations }
      : { type: 'welcome', agent: this.me.agent, heartbeat_s: 20, conversations, line: { waiting: this.waiting, total: this.waiting.length, version: 1 } });
    for (const [c, after] of Object.entries(frame.since ?? {})) this.#past(socket, c, after);
  }

  #past(socket: FakeSocket, conversation: string, after: number): void {
    for (const e of this.events.get(conversation) ?? []) if (e.seq > after) socket.say(e);
    socket.say({ type: 'synced', conversation, head: this.head(conversation) });
  }

  #write(socket: FakeSocket, frame: Extract<Frame, { key: string }>): void {
    const known = this.#keys.get(frame.key);
    if (known) return socket.say(known);
    const conversation = frame.conversation ?? this.#open ?? uuid(1000 + this.events.size);
    const text = 'text' in frame ? frame.text : frame.type;
    if (this.side === 'visitor') this.#open = conversation;
    const from: From = this.side === 'visitor' ? { role: 'visitor' } : { ...this.me.agent, role: 'agent' };
    const event = this.event(conversation, 'message', { text, key: frame.key, from });
    const ack: ServerFrame = { type: 'ack', key: frame.key, conversation, seq: event.seq };
    this.#keys.set(frame.key, ack);
    socket.say(ack);
  }

  /** Stores an event and tells every socket, or (`silent`) nobody. */
  event<K extends Kind>(conversation: string, kind: K, fields: Fields<K>, silent = false): KohtaEvent {
    const log = this.events.get(conversation) ?? [];
    const event = {
      type: 'event', conversation, seq: log.length + 1, at: new Date(Date.now()).toISOString(), kind,
      from: { role: 'bot', name: 'Botti' }, ...fields,
    } as unknown as KohtaEvent;
    this.events.set(conversation, [...log, event]);
    if (!this.snapshots.some((s) => s.conversation === conversation)) {
      this.snapshots.push({ conversation, state: 'bot', head: 0 });
    }
    if (!silent) for (const s of this.sockets) if (s.welcomed) s.say(event);
    return event;
  }

  refuse(socket: FakeSocket, key: string, code: ErrorCode, retry_after_s?: number): true {
    socket.say({ type: 'error', key, code, message: '', ...(retry_after_s !== undefined && { retry_after_s }) });
    return true;
  }

  head(conversation: string): number {
    return this.events.get(conversation)?.length ?? 0;
  }

  heads(): Record<string, number> {
    return Object.fromEntries([...this.events].map(([c, log]) => [c, log.length]));
  }
}

function uuid(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}
