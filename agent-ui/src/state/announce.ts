import type { Texts } from '../texts/index.ts';
import type { Desk } from './model.ts';
import { newsWords } from './newswords.ts';
import { itemOf } from './select.ts';
import { madeAway } from './standing.ts';
import { duration } from './time.ts';

/**
 * What is read out, once, when something comes that did not come from the agent's own hands; empty for most changes.
 * What came while the console was away is on the screen, and is not read out.
 */
export function announcement(before: Desk, after: Desk, now: number, texts: Texts): string {
  if (before === after || before.me === null || after.me === null) return '';
  const said: string[] = [];
  for (const offer of after.offers) {
    const talk = after.talks[offer.conversation];
    if (talk === undefined || before.offers.some((other) => other.conversation === offer.conversation)) continue;
    const item = itemOf(talk, after, now, texts);
    said.push(texts.offer.announce([item.name, item.reason].filter(Boolean).join(', '), duration(offer.until - now, texts)));
  }
  const newest = before.news.reduce((id, one) => Math.max(id, one.id), 0);
  for (const one of after.news) if (one.id > newest) said.push(newsWords(one, after, texts));
  if (madeAway(after.standing) && !madeAway(before.standing)) said.push(texts.bar.madeAway);
  return said.join(' ');
}
