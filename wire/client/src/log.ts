import type { KohtaEvent } from './frames.ts';

/** Events that came before their turn, at most; what is beyond is asked for again. */
export const MAX_EARLY = 1_000;

const PATIENCE = 10_000;

/**
 * The positions of one conversation: lets every event through once and in order, and knows when something is missing.
 * It keeps no event that was let through.
 */
export class Log {
  /** The last position that was let through. */
  head = 0;
  #early = new Map<number, KohtaEvent>();
  #asked: { after: number; at: number } | null = null;
  #stuck = false;

  /** The events that may be shown now, in order: none, this one, or this one and those that waited for it. */
  admit(event: KohtaEvent): KohtaEvent[] {
    if (event.seq <= this.head || this.#early.has(event.seq)) return [];
    this.#stuck = false;
    if (this.#early.size < MAX_EARLY || event.seq === this.head + 1) this.#early.set(event.seq, event);
    const out: KohtaEvent[] = [];
    for (let next; (next = this.#early.get(this.head + 1)); ) {
      this.#early.delete(++this.head);
      out.push(next);
    }
    return out;
  }

  /** While the past is being read for the first time; what comes then is no news. */
  get reading(): boolean {
    return this.#asked?.after === 0;
  }

  /** Whether a sync should be sent, given that the log is known to reach `head`. The answer yes counts as sent. */
  ask(head: number, now: number): boolean {
    const missing = head > this.head || this.#early.size > 0;
    const patient = this.#asked !== null && now - this.#asked.at < PATIENCE;
    if (!missing || patient || this.#stuck) return false;
    this.#asked = { after: this.head, at: now };
    return true;
  }

  /** A sync was sent by other means. */
  asking(now: number): void {
    this.#asked = { after: this.head, at: now };
  }

  /** The answer to a sync has ended. One that brought nothing is not asked again before news or `revive`. */
  answered(): void {
    this.#stuck = this.#asked?.after === this.head;
    this.#asked = null;
  }

  /** A heartbeat or a new socket: what stood still may be asked for again. */
  revive(): void {
    this.#stuck = false;
  }

  /** The socket is gone, and with it the answers. */
  lost(): void {
    this.#asked = null;
    this.#stuck = false;
  }
}
