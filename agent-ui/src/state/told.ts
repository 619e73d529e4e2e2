import type { KohtaEvent, Wait } from '@kohta/client';

/** A wait that the customer was told, and how it came out. */
export interface Told {
  readonly wait: Wait;
  /** When it was told, milliseconds. */
  readonly at: number;
  /** How long it then took until somebody had the conversation; null while nobody has. */
  readonly took: number | null;
  /** Whether it was not longer than the range; null while that is open. */
  readonly held: boolean | null;
  /** A range that was told before this one was passed. */
  readonly passed: boolean;
}

/** The wait that was told last, judged at `now`; null where none was told. */
export function toldWait(events: readonly KohtaEvent[], now: number): Told | null {
  return judged(events.reduce(after, null), now);
}

function judged(told: Told | null, now: number): Told | null {
  return told !== null && told.took === null && late(told, now) ? { ...told, held: false } : told;
}

function after(told: Told | null, event: KohtaEvent): Told | null {
  const at = Date.parse(event.at);
  if ((event.kind === 'escalated' || event.kind === 'promised') && event.wait) {
    const passed = told !== null && event.kind === 'promised' && (told.passed || late(told, at));
    return { wait: event.wait, at, took: null, held: null, passed };
  }
  if (event.kind === 'escalated') return null;
  return event.kind === 'assigned' && told !== null && told.took === null ? { ...told, took: at - told.at, held: !late(told, at) } : told;
}

function late(told: Told, at: number): boolean {
  return at - told.at > told.wait.high_s * 1000;
}
