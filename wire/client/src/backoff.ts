/** What a lost connection asks for. */
export type Return =
  | { stay: true; forget: boolean }              // stay away; forget: the token is no good, once more with null
  | { stay: false; tooLarge: boolean; soon: boolean };

const SOON = [1001, 1012, 3001];

/** Reads a close code by the contract: which of the ways back holds. */
export function onClose(code: number): Return {
  if (code >= 3500 && code <= 3999) return { stay: true, forget: code === 3501 };
  return { stay: false, tooLarge: code === 1009, soon: SOON.includes(code) };
}

export const MAX_DELAY = 30_000;

/**
 * Milliseconds to wait before the next attempt: full jitter, evenly drawn from 0 to 1 s doubled at each failed
 * attempt, at most 30 s. (Full jitter as in M. Brooker, "Exponential Backoff And Jitter", 2015.)
 */
export function delay(attempt: number, random: number): number {
  return random * Math.min(MAX_DELAY, 1000 * 2 ** Math.min(attempt, 10));
}
