import { catalogue } from './language.ts';
import { sharedEn } from './shared/en.ts';
import { sharedFi } from './shared/fi.ts';
import { sharedSv } from './shared/sv.ts';

/** What both screens say. */
export const shared = catalogue(sharedFi, sharedSv, sharedEn);
