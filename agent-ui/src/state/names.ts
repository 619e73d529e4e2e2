import { plainName } from '@kohta/look';

import type { Texts } from '../texts/index.ts';
import type { Snap } from './model.ts';

/** What the customer is called: their name, or “Vierailija” and the last characters of their id. */
export function customerName(snap: Snap, texts: Texts): string {
  return plainName(snap.visitor?.name ?? '') || `${texts.visitor} ${shortId(snap.visitor?.id ?? snap.conversation)}`;
}

/** A field by its word, where the console knows one; else its slug without signs. */
export function fieldName(name: string, texts: Texts): string {
  return Object.hasOwn(texts.baton.field, name) ? texts.baton.field[name] ?? '' : name.replace(/[_.-]+/g, ' ');
}

/** The end of an id: ids begin with the time, so that their ends tell them apart. */
export function shortId(id: string): string {
  return id.replaceAll('-', '').slice(-4).toUpperCase();
}
