import { type ReadonlySignal, signal } from '@preact/signals';

import { type Action, emptyDesk, reduce } from '../state/desk.ts';
import type { Desk } from '../state/model.ts';

/** Called after each change with the desk before and after it. */
export type Watcher = (before: Desk, after: Desk, action: Action) => void;

/** The one place where the desk's state lives. It changes by actions alone. */
export interface Store {
  readonly desk: ReadonlySignal<Desk>;
  dispatch(action: Action): void;
  /** Adds a watcher for as long as the store lives. */
  watch(watcher: Watcher): void;
}

export function store(first: Desk = emptyDesk): Store {
  const desk = signal(first);
  const watchers: Watcher[] = [];
  return {
    desk,
    dispatch(action) {
      const before = desk.peek();
      const after = reduce(before, action);
      if (after === before) return;
      desk.value = after;
      for (const watcher of watchers) watcher(before, after, action);
    },
    watch: (watcher) => void watchers.push(watcher),
  };
}
