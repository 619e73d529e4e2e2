import type { Desk } from './model.ts';
import { isMine } from './talks.ts';

export type Chime = 'waiting' | 'answer' | 'crisis' | 'offer';

/**
 * The sound that a change asks for: crisis before an offer, which has its time, before a customer's answer before a
 * newcomer in the line. What was there when the console opened, or came while it was away, makes none.
 */
export function chimeOf(before: Desk, after: Desk): Chime | null {
  if (before.me === null || after.me === null || before.link.state !== 'online') return null;
  const came = after.line.order.filter((id) => !before.line.order.includes(id));
  const offered = after.offers.filter((offer) => !before.offers.some((other) => other.conversation === offer.conversation));
  const fresh = [...came, ...offered.map((offer) => offer.conversation)];
  if (fresh.some((id) => after.talks[id]?.snap.reason === 'crisis')) return 'crisis';
  if (offered.length > 0) return 'offer';
  if (spoken(before, after)) return 'answer';
  const alerted = after.news.some((one) => one.id > (before.news[0]?.id ?? 0) && (one.sort === 'silence' || one.sort === 'raised' || one.sort === 'nudge' || one.sort === 'invited'));
  return fresh.length > 0 || alerted ? 'waiting' : null;
}

function spoken(before: Desk, after: Desk): boolean {
  if (before.talks === after.talks) return false;
  return Object.values(after.talks).some((talk) => {
    const was = before.talks[talk.snap.conversation];
    if (was === talk || was === undefined || !was.fetched || !isMine(talk.snap, after.me)) return false;
    return talk.events.slice(was.events.length).some((event) => event.kind === 'message' && event.from.role === 'visitor');
  });
}
