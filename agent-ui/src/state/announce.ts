import type { Texts } from '../texts/index.ts';
import type { Desk, Talk } from './model.ts';
import { customerName } from './names.ts';
import { newsWords } from './newswords.ts';
import { itemOf, mine, unreadInAll, waiting } from './select.ts';
import { madeAway } from './standing.ts';
import { inDanger, isMine } from './talks.ts';
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

/** What is read out at once: somebody who may be in danger waits, or says so to this agent. */
export function alarm(before: Desk, after: Desk, texts: Texts): string {
  if (before === after || after.me === null || (before.talks === after.talks && before.line === after.line && before.me !== null)) return '';
  const known = new Set(before.me === null ? [] : endangered(before).map((talk) => talk.snap.conversation));
  const names = endangered(after).filter((talk) => !known.has(talk.snap.conversation)).map((talk) => customerName(talk.snap, texts));
  return names.length === 0 ? '' : texts.said.danger([...new Set(names)].join(', '));
}

/** Those who may be in danger, waiting or with this agent. */
function endangered(desk: Desk): readonly Talk[] {
  const waits = waiting(desk).filter((talk) => talk.snap.state === 'waiting');
  return [...waits, ...mine(desk).filter((talk) => talk.snap.state === 'agent')].filter((talk) => inDanger(talk.snap));
}

/** Who wrote in a conversation of this agent's that is not open on the screen, by name. */
export function heardFrom(before: Desk, after: Desk, texts: Texts): readonly string[] {
  if (before.me === null || before.talks === after.talks) return [];
  return Object.values(after.talks).filter((talk) => {
    const was = before.talks[talk.snap.conversation];
    if (was === undefined || was === talk || talk.snap.conversation === after.selected || !isMine(talk.snap, after.me)) return false;
    return talk.events.some((event) => event.seq > was.snap.head && event.kind === 'message' && event.from.role === 'visitor');
  }).map((talk) => customerName(talk.snap, texts));
}

/** The window's title: a crisis before all, then what is unread, then how many wait. */
export function titleOf(desk: Desk, texts: Texts): string {
  const count = unreadInAll(desk);
  const parts = [texts.app, ...(desk.line.total > 0 ? [texts.title.waiting(desk.line.total)] : [])].join(', ');
  return `${endangered(desk).length > 0 ? texts.title.danger : ''}${count > 0 ? texts.title.unread(count) : ''}${parts}`;
}
