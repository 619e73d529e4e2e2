import type { Desk } from './model.ts';
import { walk } from './select.ts';

/** The order in which the keys walk through the lists, and when they last did, by this browser's clock. */
export interface Walk {
  readonly ids: readonly string[];
  readonly at: number;
}

export const noWalk: Walk = { ids: [], at: 0 };

const lasts = 10_000;

/** Reading moves what was read: who walks on walks in the order in which they began, so that each is passed once. */
export function walkOn(before: Walk, desk: Desk, now: number): Walk {
  const all = walk(desk);
  const goesOn = now - before.at < lasts && desk.selected !== null && before.ids.includes(desk.selected);
  if (!goesOn) return { ids: all, at: now };
  return { ids: [...before.ids.filter((id) => all.includes(id)), ...all.filter((id) => !before.ids.includes(id))], at: now };
}
