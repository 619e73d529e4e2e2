import { LANGUAGES, type Language, pickLanguage } from '@kohta/look';

import { en, type Texts } from './en.ts';
import { fi } from './fi.ts';
import { sv } from './sv.ts';

export { LANGUAGES, pickLanguage };
export type { Language, Texts };

export const catalogues: Readonly<Record<Language, Texts>> = { fi, sv, en };
