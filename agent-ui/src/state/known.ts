import { calledBy } from '@kohta/look';

import type { Texts } from '../texts/index.ts';
import type { Snap, Talk } from './model.ts';
import { ahead, clock, duration, waitRange } from './time.ts';
import { toldWait } from './told.ts';

/** How the customer may be reached: what they left for that, else what the baton holds. Empty values are not told. */
export function reach(snap: Snap, texts: Texts): readonly (readonly [string, string])[] {
  const fields = snap.baton?.fields ?? {};
  return [
    [texts.customer.email, snap.contact?.email || fields['email'] || ''],
    [texts.customer.phone, snap.contact?.phone || fields['phone'] || ''],
  ];
}

/** What the customer was promised last: what, when, and by whom; empty where nothing is open. */
export function promiseOf(snap: Snap, now: number, texts: Texts): string {
  const { promise } = snap;
  const at = Date.parse(promise?.at ?? '');
  if (promise == null || !Number.isFinite(at)) return '';
  const words = texts.customer;
  const until = Date.parse(promise.until ?? '');
  const when = `${ahead(at, now, texts)}${until > at ? `–${clock(until, texts)}` : ''}`;
  const parts = [promise.channel === 'email' ? words.mail(when) : words.call(when)];
  if (snap.agent?.name) parts.push(calledBy(snap.agent.name));
  if (now > (Number.isFinite(until) ? until : at) && snap.state !== 'agent') parts.push(words.promiseLate);
  return parts.join(', ');
}

/** The wait that was told, and how it came out; empty where none was told. */
export function toldOf(talk: Talk, now: number, texts: Texts): string {
  const told = toldWait(talk.events, now);
  if (told === null) return '';
  const words = texts.customer;
  const range = waitRange(told.wait.low_s, told.wait.high_s, texts);
  if (told.took === null) return told.held === false ? words.toldLate(range) : range;
  const took = duration(told.took, texts);
  return told.held ? words.toldHeld(range, took) : words.toldPassed(range, took);
}
