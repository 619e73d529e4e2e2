import { computed, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext, useMemo } from 'preact/hooks';

import type { Console } from '../desk/console.ts';

/** The console that the views show and whose hands they move. Given once, at the root. */
export const ConsoleContext = createContext<Console | null>(null);

export function useConsole(): Console {
  const console = useContext(ConsoleContext);
  if (console === null) throw new Error('a view stands outside of the console');
  return console;
}

/** A value that follows signals, and `of` as well: with another of these it is computed anew at once, not at the next change. */
export function useFollowing<T>(of: readonly unknown[], compute: () => T): ReadonlySignal<T> {
  return useMemo(() => computed(compute), of);
}
