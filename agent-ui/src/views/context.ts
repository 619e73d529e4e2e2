import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Console } from '../desk/console.ts';

/** The console that the views show and whose hands they move. Given once, at the root. */
export const ConsoleContext = createContext<Console | null>(null);

export function useConsole(): Console {
  const console = useContext(ConsoleContext);
  if (console === null) throw new Error('a view stands outside of the console');
  return console;
}
