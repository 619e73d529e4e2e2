import type { Act } from './keys.ts';

/** How long single letters are not listened to: words that fall beside a field must do nothing. By this browser's clock. */
export interface Quiet {
  /** No letter does anything before this moment. */
  readonly until: number;
  /** No letter takes a conversation before this moment. */
  readonly taking: number;
}

export const noQuiet: Quiet = { until: 0, taking: 0 };

const afterChange = 1_000;
const afterResolving = 2_000;

/** What only opens a window changes nothing, and the window has the letters. */
const changing: ReadonlySet<Act> = new Set(['take', 'takeNext', 'resolve', 'accept']);
const moving: ReadonlySet<Act> = new Set(['next', 'previous']);
const takes: ReadonlySet<Act> = new Set(['take', 'takeNext']);

/**
 * A letter was pressed outside of every field: whether it is heard, and what holds after it. `act` is null for a letter that stands for
 * nothing, which tells that somebody writes words. What falls into the quiet makes it longer, but for walking through the lists.
 */
export function press(quiet: Quiet, act: Act | null, now: number): { readonly quiet: Quiet; readonly heard: boolean } {
  const longer = { ...quiet, until: now + afterChange };
  if (act === null) return { quiet: longer, heard: false };
  if (now < quiet.until) return { quiet: moving.has(act) ? quiet : longer, heard: false };
  if (takes.has(act) && now < quiet.taking) return { quiet: longer, heard: false };
  return { quiet: changing.has(act) ? { until: longer.until, taking: act === 'resolve' ? now + afterResolving : quiet.taking } : quiet, heard: true };
}

/** What was asked after a letter has been answered: the answer counts as the letter does. */
export function answered(act: Act, now: number): Quiet {
  return press(noQuiet, act, now).quiet;
}
