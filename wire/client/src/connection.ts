import { decode } from './decode.ts';
import { delay, onClose } from './backoff.ts';
import { PROTOCOL, type ServerFrame } from './frames.ts';
import type { Ports, Socket, Stop } from './ports.ts';

/**
 * How the line to the desk is. `connecting` covers the pauses between attempts, `closed` is for good: nothing but
 * `start` leads out of it. `code` is the close code that led here, 0 if none did.
 */
export type ConnectionState =
  | { name: 'connecting'; attempt: number; code: number }
  | { name: 'connected' }
  | { name: 'closed'; code: number };

export interface ConnectionHooks {
  url: string;
  /** The first frame, made anew at each attempt. */
  hello(): string;
  frame(frame: ServerFrame): void;
  state(state: ConnectionState): void;
  /** The server took the last frame for too large. */
  tooLarge(): void;
  /** Forgets the identity that was not taken; false if there was none to forget. */
  forget(): boolean;
}

export const SILENCE = 30_000;
const OPENING = 10_000;
const PONG = 5_000;
const STABLE = 5_000;
const HANGING = 2_000;

/** One socket after another, so that there is one whenever there can be. */
export class Connection {
  state: ConnectionState = { name: 'closed', code: 0 };
  #ports: Ports;
  #hooks: ConnectionHooks;
  #socket: Socket | null = null;
  #turn = 0;                  // of the socket in use; what an older one says no longer counts
  #attempt = 0;
  #soonUsed = false;
  #forgot = false;
  #late = false;              // this hello came too late to be taken, which is no refusal
  #heard = 0;
  #began = 0;                 // when this attempt did
  #welcomed = 0;              // when; 0 before the welcome
  #unplug: Stop | null = null;
  #timers: Record<'wait' | 'watch' | 'pong', Stop | null> = { wait: null, watch: null, pong: null };

  constructor(ports: Ports, hooks: ConnectionHooks) {
    this.#ports = ports;
    this.#hooks = hooks;
  }

  /** Begins, also after `closed`. Does nothing while it is under way. */
  start(): void {
    if (this.state.name !== 'closed') return;
    this.#attempt = 0;
    this.#forgot = false;
    this.#unplug?.();
    this.#unplug = this.#ports.network?.((up) => (up ? this.wake() : this.cut())) ?? null;
    this.#connect(0);
  }

  /** Ends for good. */
  stop(): void {
    this.#unplug?.();
    this.#unplug = null;
    this.#abandon(1000);
    this.#set({ name: 'closed', code: 0 });
  }

  /** Sends if there is a welcome to answer; tells whether it did. */
  send(text: string): boolean {
    if (this.state.name !== 'connected' || !this.#socket) return false;
    this.#socket.send(text);
    return true;
  }

  /** The device woke up or found a network: a waiting or hanging attempt is made anew, a standing line must answer within 5 s. */
  wake(): void {
    if (this.state.name !== 'connecting') return this.probe();
    const hangs = !this.#timers.wait && this.#ports.now() - this.#began >= HANGING;
    if (hangs) this.#abandon(3010);
    if (hangs || this.#timers.wait) this.#connect(this.state.code);
  }

  /** A standing line must answer within 5 s, or it is given up. One that is being asked already is not asked again. */
  probe(): void {
    if (this.state.name !== 'connected' || this.#timers.pong) return;
    const before = this.#heard;
    this.send('{"type":"ping"}');
    this.#timer('pong', PONG, () => {
      if (this.#heard === before) this.#lose();
    });
  }

  /** The network is gone, says the device, and with it the line, if there was one; the attempts go on. */
  cut(): void {
    if (this.state.name === 'connected') this.#lose();
  }

  /** Leaves this socket and comes back at once, with a new hello. */
  renew(): void {
    if (this.state.name === 'closed') return;
    this.#abandon(1000);
    this.#connect(0);
  }

  #connect(code: number): void {
    this.#clear();
    this.#welcomed = 0;
    this.#began = this.#ports.now();
    this.#late = false;
    this.#set({ name: 'connecting', attempt: this.#attempt, code });
    const turn = ++this.#turn;
    const mine = (run: () => void) => () => { if (turn === this.#turn) run(); };
    this.#timer('watch', OPENING, () => this.#lose());
    this.#socket = this.#ports.open(this.#hooks.url, PROTOCOL, {
      open: mine(() => this.#socket?.send(this.#hooks.hello())),
      text: (data) => mine(() => this.#receive(data))(),
      closed: (closeCode) => mine(() => this.#lost(closeCode))(),
    });
  }

  #receive(data: string): void {
    this.#heard = this.#ports.now();
    const frame = decode(data);
    if (!frame) return;
    if (frame.type === 'welcome') {
      this.#welcomed = this.#heard;
      this.#soonUsed = this.#forgot = false;
      this.#watch(SILENCE);
      this.#set({ name: 'connected' });
    }
    if (frame.type === 'error' && frame.code === 'hello_first') this.#late = true;
    this.#hooks.frame(frame);
  }

  /** Looks again when the silence could have lasted long enough; timers may come late, as after sleep. */
  #watch(ms: number): void {
    this.#timer('watch', ms, () => {
      const silent = this.#ports.now() - this.#heard;
      if (silent >= SILENCE) this.#lose();
      else this.#watch(Math.max(SILENCE - silent, 1));
    });
  }

  /** Nothing is heard: the socket is left to itself and the way back begins. */
  #lose(): void {
    this.#abandon(3010);
    this.#lost(1006);
  }

  #abandon(code: number): void {
    this.#clear();
    this.#turn++;
    this.#socket?.close(code);
    this.#socket = null;
  }

  #lost(code: number): void {
    this.#clear();
    this.#turn++;
    this.#socket = null;
    const back = onClose(this.#late ? 1006 : code);
    if (back.stay) return this.#refused(code, back.forget);
    if (back.tooLarge) this.#hooks.tooLarge();
    const soon = back.soon && !this.#soonUsed;
    this.#soonUsed = back.soon;
    if (soon || this.#stood()) this.#attempt = 0;
    const ms = delay(this.#attempt++, this.#ports.random());
    this.#set({ name: 'connecting', attempt: this.#attempt, code });
    this.#timer('wait', ms, () => this.#connect(code));
  }

  #stood(): boolean {
    return this.#welcomed > 0 && this.#ports.now() - this.#welcomed >= STABLE;
  }

  #refused(code: number, forget: boolean): void {
    if (forget && !this.#forgot && this.#hooks.forget()) {
      this.#forgot = true;
      return this.#connect(code);
    }
    this.#set({ name: 'closed', code });
  }

  #set(state: ConnectionState): void {
    this.state = state;
    this.#hooks.state(state);
  }

  #timer(name: 'wait' | 'watch' | 'pong', ms: number, run: () => void): void {
    this.#timers[name]?.();
    this.#timers[name] = this.#ports.timer(ms, () => {
      this.#timers[name] = null;
      run();
    });
  }

  #clear(): void {
    for (const name of ['wait', 'watch', 'pong'] as const) {
      this.#timers[name]?.();
      this.#timers[name] = null;
    }
  }
}
