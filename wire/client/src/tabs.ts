import type { Kept } from './ports.ts';
import type { ErrorCode } from './frames.ts';

/** What the windows of one customer tell each other about the outbox they share. */
export type TabWord<F = unknown> =
  | { put: Kept<F> }
  | { acked: string; conversation: string; seq: number }
  | { refused: string; code: ErrorCode };

/** Windows with one outbox: exactly one sends, all see the same. */
export interface Tabs<F = unknown> {
  /** Calls `lead` once, when this window is the one that sends; it then is until it closes. */
  lead(lead: () => void): void;
  /** To every other window. */
  tell(word: TabWord<F>): void;
  hear(word: (word: TabWord<F>) => void): void;
}
