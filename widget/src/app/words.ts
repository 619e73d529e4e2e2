import type { Language } from '@kohta/look';
import type { Words } from './words/fi.ts';

export type { Words };

/** What is given to a view in the log: the words of the row's language, and that language where it is not the window's. */
export interface Spoken { t: Words; lang?: Language | undefined }

/** Fetches one language; the others stay where they are. */
export async function load(language: Language): Promise<Words> {
  switch (language) {
    case 'fi': return (await import('./words/fi.ts')).fi;
    case 'sv': return (await import('./words/sv.ts')).sv;
    case 'en': return (await import('./words/en.ts')).en;
  }
}

/** Where help is to be had by phone, in each language. */
export const HELP = { fi: '09 2525 0111', sv: '09 2525 0112', en: '09 2525 0113' } as const;
