/** Stops what a timer was going to do. Stopping twice does no harm. */
export type Stop = () => void;

/** What a socket tells, in this order: open once at most, texts, closed once. */
export interface SocketListener {
  open(): void;
  text(data: string): void;
  closed(code: number): void;
}

export interface Socket {
  /** Hands a frame over; a frame handed to a socket that is closing is lost without a word. */
  send(text: string): void;
  /** Ends the connection. `closed` is told to the listener at most once more. */
  close(code?: number): void;
}

/** All that the client takes from the world around it. */
export interface Ports {
  open(url: string, protocol: string, listener: SocketListener): Socket;
  /** Milliseconds; may jump, as after sleep. */
  now(): number;
  /** At least 0 and less than 1. */
  random(): number;
  /** A new UUID in lower case. */
  uuid(): string;
  timer(ms: number, run: () => void): Stop;
  /** Calls `change` when the device has lost its network (false) or found one (true), until it is stopped. */
  network?(change: (up: boolean) => void): Stop;
}

/** One frame that waits to be acknowledged, as it is kept. `frame` is a write of either side. */
export interface Kept<F = unknown> { key: string; at: number; frame: F }

/**
 * Where unacknowledged frames outlive a reload. Calls are made one after the other, each after the one before it has
 * ended. A store that fails costs the keeping, never the sending.
 */
export interface OutboxStore<F = unknown> {
  /** All that is kept, in the order in which it was added. */
  all(): Promise<Kept<F>[]>;
  /** Adds, or replaces what has the same key at its old place. */
  put(kept: Kept<F>): Promise<void>;
  remove(key: string): Promise<void>;
}

/** The visitor's identity, kept between visits. */
export interface TokenStore {
  get(): string | null;
  set(token: string | null): void;
}

/** An outbox that lives as long as the page. */
export function memoryOutbox<F>(): OutboxStore<F> {
  const kept = new Map<string, Kept<F>>();
  return {
    all: () => Promise.resolve([...kept.values()]),
    put: (k) => { kept.set(k.key, k); return Promise.resolve(); },
    remove: (key) => { kept.delete(key); return Promise.resolve(); },
  };
}

/** A token that lives as long as the page. */
export function memoryToken(token: string | null = null): TokenStore {
  return { get: () => token, set: (t) => { token = t; } };
}
