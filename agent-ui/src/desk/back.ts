import { effect, type ReadonlySignal } from '@preact/signals';

import type { Desk, ViewName } from '../state/model.ts';

/** The part of a browser's history that the way back needs. */
export interface Past {
  push(): void;
  back(): void;
  /** Whether the lists and the conversation are two screens. */
  narrow(): boolean;
}

/**
 * Where one view is shown at a time, the browser's way back leads from the conversation to the lists, and not out of the console. The
 * result is to be called whenever the browser has gone back.
 */
export function wayBack(desk: ReadonlySignal<Desk>, view: (view: ViewName) => void, past: Past): () => void {
  let pushed = false;
  effect(() => {
    const away = desk.value.view !== 'lists';
    if (away && !pushed && past.narrow()) {
      pushed = true;
      past.push();
    } else if (!away && pushed) {
      pushed = false;
      past.back();
    }
  });
  return () => {
    if (!pushed) return;
    pushed = false;
    view('lists');
  };
}
