import { signal, type Signal } from '@preact/signals';

import { type Language, pickLanguage } from '../texts/index.ts';

export type Theme = 'light' | 'dark' | 'auto';

/** What an agent chooses for this browser. */
export interface Settings {
  readonly language: Signal<Language>;
  readonly theme: Signal<Theme>;
  readonly sound: Signal<boolean>;
  readonly letters: Signal<boolean>;
}

type Kept = Pick<Storage, 'getItem' | 'setItem'>;

/** The settings as they were kept; each change is kept again. Storage that is forbidden costs the keeping alone. */
export function settings(storage: Kept, wishes: readonly string[]): Settings {
  const read = (name: string): string | null => {
    try {
      return storage.getItem(`kohta.${name}`);
    } catch {
      return null;
    }
  };
  const kept = <T>(name: string, first: T, write: (value: T) => string): Signal<T> => {
    const value = signal(first);
    value.subscribe((now) => {
      try {
        if (now !== first || read(name) !== null) storage.setItem(`kohta.${name}`, write(now));
      } catch {
        // the setting holds until the page is left
      }
    });
    return value;
  };
  const theme = read('theme');
  return {
    language: kept<Language>('language', pickLanguage(read('language'), ...wishes), String),
    theme: kept<Theme>('theme', theme === 'light' || theme === 'dark' ? theme : 'auto', String),
    sound: kept<boolean>('sound', read('sound') !== 'off', (on) => (on ? 'on' : 'off')),
    letters: kept<boolean>('letters', read('letters') !== 'off', (on) => (on ? 'on' : 'off')),
  };
}
