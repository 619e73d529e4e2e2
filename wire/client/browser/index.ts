/** The client's ports in a browser. The client itself knows no DOM. */
import { openDB, type IDBPDatabase } from 'idb';
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

/** Calls `wake` when the device may have slept or changed its network. Returns how to stop. */
export function onWake(wake: () => void): () => void {
  const seen = () => { if (document.visibilityState === 'visible') wake(); };
  addEventListener('online', wake);
  addEventListener('pageshow', seen);
  document.addEventListener('visibilitychange', seen);
  return () => {
    removeEventListener('online', wake);
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
  const either = async <T>(kept: (d: IDBPDatabase) => Promise<T>, else_: () => Promise<T>): Promise<T> => {
    const d = await db;
    return d ? kept(d) : else_();
  };
  return {
    all: () => either(async (d) => (await d.getAll('outbox')).map(({ key, at, frame }: Kept<F>) => ({ key, at, frame })), memory.all),
    put: (k) => either((d) => put(d, k), () => memory.put(k)),
    remove: (key) => either((d) => remove(d, key), () => memory.remove(key)),
  };
}

/** Opening may throw at once as well as later, where storage is blocked. */
async function opened(name: string): Promise<IDBPDatabase> {
  return openDB(name, 1, {
    upgrade: (d) => { d.createObjectStore('outbox', { keyPath: 'n', autoIncrement: true }).createIndex('key', 'key', { unique: true }); },
  });
}

async function put<F>(d: IDBPDatabase, kept: Kept<F>): Promise<void> {
  const tx = d.transaction('outbox', 'readwrite');
  const n = await tx.store.index('key').getKey(kept.key);
  await tx.store.put(n === undefined ? { ...kept } : { ...kept, n });
  await tx.done;
}

async function remove(d: IDBPDatabase, key: string): Promise<void> {
  const tx = d.transaction('outbox', 'readwrite');
  const n = await tx.store.index('key').getKey(key);
  if (n !== undefined) await tx.store.delete(n);
  await tx.done;
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
