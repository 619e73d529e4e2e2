import type { Kept, OutboxStore } from './ports.ts';

/**
 * The frames that are not acknowledged yet, in the order in which they were written. Memory leads, the store follows:
 * a frame may be sent before it is kept, and a store that fails is done without.
 */
export class Outbox<F> {
  #entries: Kept<F>[] = [];
  #gone = new Set<string>();       // settled here, perhaps not yet in the store
  #flying = new Set<string>();     // sent on this socket
  #store: OutboxStore<F>;
  #last: Promise<void> = Promise.resolve();

  constructor(store: OutboxStore<F>) {
    this.#store = store;
  }

  get entries(): readonly Kept<F>[] {
    return this.#entries;
  }

  get(key: string): Kept<F> | undefined {
    return this.#entries.find((e) => e.key === key);
  }

  /** Brings in what the store has from before, ahead of what was written since. */
  async load(): Promise<void> {
    const kept = await this.#store.all().catch(() => []);
    const known = new Set(this.#entries.map((e) => e.key));
    const before = kept.filter((e) => !known.has(e.key) && !this.#gone.has(e.key));
    this.#entries = [...before, ...this.#entries];
  }

  /** Adds at the end; `keep` false leaves it out of the store. */
  add(entry: Kept<F>, keep = true): void {
    if (this.get(entry.key) || this.#gone.has(entry.key)) return;
    this.#entries.push(entry);
    if (keep) this.#then(() => this.#store.put(entry));
  }

  /** Takes an entry out, and gives it back if it was there. */
  settle(key: string): Kept<F> | undefined {
    const entry = this.get(key);
    this.#gone.add(key);
    this.#flying.delete(key);
    if (!entry) return undefined;
    this.#entries = this.#entries.filter((e) => e.key !== key);
    this.#then(() => this.#store.remove(key));
    return entry;
  }

  /** Changes every entry, or drops those for which `change` gives null; returns the dropped. */
  rewrite(change: (frame: F) => F | null): Kept<F>[] {
    const dropped: Kept<F>[] = [];
    for (const entry of [...this.#entries]) {
      const frame = change(entry.frame);
      if (frame === null) dropped.push(this.settle(entry.key) ?? entry);
      else if (frame !== entry.frame) {
        entry.frame = frame;
        this.#then(() => this.#store.put(entry));
      }
    }
    return dropped;
  }

  /** The entries to be sent now, in order. They count as sent. */
  due(): Kept<F>[] {
    const out = this.#entries.filter((e) => !this.#flying.has(e.key));
    for (const e of out) this.#flying.add(e.key);
    return out;
  }

  /** The entries that were sent on this socket and have no answer. */
  flying(): Kept<F>[] {
    return this.#entries.filter((e) => this.#flying.has(e.key));
  }

  /** One was not taken now, or (without a key) the socket is gone: to be sent again. */
  land(key?: string): void {
    if (key === undefined) this.#flying.clear();
    else this.#flying.delete(key);
  }

  /** Ends when the store has what memory has. */
  settled(): Promise<void> {
    return this.#last;
  }

  #then(run: () => Promise<void>): void {
    this.#last = this.#last.then(run).catch(() => undefined);
  }
}
