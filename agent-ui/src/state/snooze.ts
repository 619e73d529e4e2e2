import { catalogues, type Texts } from '../texts/index.ts';
import type { Snap } from './model.ts';
import { ahead } from './time.ts';

/** What a snooze until a time means, before it is said. */
export interface Aside {
  /** What the customer reads, in their language; empty where they know of a promise already. */
  readonly told: string;
  /** The language of `told`. */
  readonly language: string;
  /** That something was promised before that time, which ends the snooze; empty where nothing was. */
  readonly sooner: string;
}

export function asideUntil(at: number, { promise, language }: Snap, now: number, texts: Texts): Aside {
  const theirs = language === 'fi' || language === 'sv' || language === 'en' ? catalogues[language] : texts;
  const promised = Date.parse(promise?.at ?? '');
  if (!(promised > now)) return { told: theirs.snooze.told(ahead(at, now, theirs)), language: theirs.language, sooner: '' };
  const when = ahead(promised, now, texts);
  return { told: '', language: theirs.language, sooner: promised >= at ? '' : promise?.channel === 'email' ? texts.snooze.mail(when) : texts.snooze.call(when) };
}
