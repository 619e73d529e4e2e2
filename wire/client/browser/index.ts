/** The client's ports in a browser. The client itself knows no DOM. */
import { memoryOutbox, type Kept, type OutboxStore, type Ports, type Socket, type SocketListener, type Tabs, type TabWord } from '../src/index.ts';

export function browserPorts(): Ports {
  return {
    open,
    now: () => Date.now(),
    random: () => Math.random(),
    uuid: () => crypto.randomUUID?.() ?? uuid(),
    timer: (ms, run) => {
      const id = setTimeout(run, ms);
      return () => clearTimeout(id);
    },
    network,
  };
}

function network(change: (up: boolean) => void): () => void {
  const heard = (event: Event): void => change(event.type === 'online');
  addEventListener('online', heard);
  addEventListener('offline', heard);
  return () => {
    removeEventListener('online', heard);
    removeEventListener('offline', heard);
  };
}

/** The address of one of the desk's sockets, seen from a page that the desk serves. */
export function socketURL(path: '/ws/visitor' | '/ws/agent'): string {
  return location.origin.replace(/^http/, 'ws') + path;
}

function open(url: string, protocol: string, listener: SocketListener): Socket {
  const ws = new WebSocket(url, protocol);
  ws.onopen = () => listener.open();
  ws.onmessage = (m) => { if (typeof m.data === 'string') listener.text(m.data); };
  ws.onclose = (c) => listener.closed(c.code);
  return {
    send: (text) => { if (ws.readyState === WebSocket.OPEN) ws.send(text); },
    close: (code = 1000) => ws.close(code),
  };
}

/** For pages on plain http that are not on a loopback address, where randomUUID is missing. */
function uuid(): string {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x40;
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80;
  return [...b].map((x, i) => ([4, 6, 8, 10].includes(i) ? '-' : '') + x.toString(16).padStart(2, '0')).join('');
}

/** Calls `wake` when the device may have slept. Returns how to stop. What the network does, the ports tell. */
export function onWake(wake: () => void): () => void {
  const seen = () => { if (document.visibilityState === 'visible') wake(); };
  addEventListener('pageshow', seen);
  document.addEventListener('visibilitychange', seen);
  return () => {
    removeEventListener('pageshow', seen);
    document.removeEventListener('visibilitychange', seen);
  };
}

/**
 * An outbox in IndexedDB, in the order of writing over all windows. Where there is no IndexedDB (private windows,
 * blocked storage) it lives as long as the page.
 */
export function keptOutbox<F>(name: string): OutboxStore<F> {
  const memory = memoryOutbox<F>();
  const db = opened(name).catch(() => null);
  return {
    all: async () => {
      const rows = await within<(Kept<F> & { n: number })[]>(db, 'readonly', (store) => store.getAll());
      return rows?.map(({ key, at, frame }) => ({ key, at, frame })) ?? memory.all();
    },
    put: async (kept) => { if (!await change(db, kept.key, (store, n) => store.put(n === undefined ? { ...kept } : { ...kept, n }))) await memory.put(kept); },
    remove: async (key) => { if (!await change(db, key, (store, n) => (n === undefined ? null : store.delete(n)))) await memory.remove(key); },
  };
}

/** Opening may throw at once as well as later, where storage is blocked. */
async function opened(name: string): Promise<IDBDatabase> {
  const asked = indexedDB.open(name, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore('outbox', { keyPath: 'n', autoIncrement: true }).createIndex('key', 'key', { unique: true });
  };
  return answer(asked);
}

function answer<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error('storage'));
  });
}

/** What a request within one transaction gives; undefined where there is no database. */
async function within<T>(db: Promise<IDBDatabase | null>, mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  const d = await db;
  return d ? answer(ask(d.transaction('outbox', mode).objectStore('outbox'))) : undefined;
}

/** Changes the row of a key; false where there is no database. */
async function change(db: Promise<IDBDatabase | null>, key: string, how: (store: IDBObjectStore, n: IDBValidKey | undefined) => IDBRequest | null): Promise<boolean> {
  const d = await db;
  if (!d) return false;
  const store = d.transaction('outbox', 'readwrite').objectStore('outbox');
  const asked = how(store, await answer(store.index('key').getKey(key)));
  if (asked) await answer<unknown>(asked);
  return true;
}

/**
 * Windows of one origin that share an outbox. The one that holds the lock sends; without locks or channels every
 * window sends, which the keys make harmless.
 */
export function windows<F>(name: string): Tabs<F> {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name);
  return {
    lead: (lead) => {
      if (!navigator.locks) return lead();
      void navigator.locks.request(name, () => { lead(); return new Promise<never>(() => undefined); }).catch(lead);
    },
    tell: (word) => channel?.postMessage(word),
    hear: (hear) => channel?.addEventListener('message', (m: MessageEvent<TabWord<F>>) => hear(m.data)),
  };
}
