import type { From } from '@kohta/client';

import type { Texts } from '../texts/index.ts';
import { draftOf } from './drafts.ts';
import type { Desk, Me, Notice, Refusal, SendType, Talk } from './model.ts';
import { ownerOf } from './talks.ts';
import { knownOf, lineOf } from './transcript.ts';

/** A frame that carries words; they go back to where they were written. */
export function carriesText(type: SendType): type is 'post' | 'note' {
  return type === 'post' || type === 'note';
}

/**
 * A refusal that needs no notice: the work is done already, or an offer has gone by. What carries words always has one.
 */
export function silent(type: SendType, why: Refusal): boolean {
  return (type === 'decline' || type === 'accept') && (why === 'conflict' || why === 'not_found');
}

/** Says what happened, what is safe and what to do, from what is known of the conversation now. */
export function explain(notice: Notice, talk: Talk | undefined, desk: Desk, texts: Texts): string {
  const { me } = desk;
  const parts = [happened(notice, talk, me, texts)];
  if (notice.why === 'lost') parts.push(texts.notice.lostMine);
  if (notice.why === 'lost' && hasWords(notice.conversation ?? '', desk)) parts.push(texts.notice.wordsKept);
  if (notice.textBack) parts.push(canSendAgain(notice, talk, me) ? texts.notice.mineNow : texts.notice.textBack);
  return parts.filter((part, i) => parts.indexOf(part) === i).join(' ');
}

/**
 * What happened while the agent was not there, oldest first, from where the conversation left their hands. Nothing
 * where the notice says it all.
 */
export function meanwhile(notice: Notice, talk: Talk | undefined, desk: Desk, now: number, texts: Texts): readonly { readonly at: number; readonly text: string }[] {
  const { after } = notice;
  if (after === null || talk === undefined) return [];
  const known = knownOf(talk, desk.me);
  const log = talk.events.filter((event) => event.seq > after);
  const from = log.findIndex((event) => moves.has(event.kind));
  const steps = log.slice(from < 0 ? log.length : from).filter((event) => (moves.has(event.kind) || (event.kind === 'message' && event.from.role !== 'bot')));
  const told = steps.map((event) => ({ at: Date.parse(event.at), text: event.kind === 'message' ? spoke(event.from, desk.me, texts) : lineOf(event, known, now, texts) ?? '' }))
    .filter((step, i, all) => step.text !== '' && step.text !== all[i - 1]?.text);
  return told.length > 1 ? told.slice(-5) : [];
}

const moves: ReadonlySet<string> = new Set(['assigned', 'unassigned', 'transferred', 'returned', 'snoozed', 'woken', 'closed', 'reopened', 'promised', 'declined', 'raised']);

function spoke(from: From, me: Me | null, texts: Texts): string {
  if (from.role === 'visitor') return texts.notice.customerWrote;
  return from.role === 'agent' && from.id !== me?.id ? texts.notice.wrote(from.name || texts.talk.colleague) : '';
}

/** Whether the agent wrote something for a conversation that nobody has received: a draft, or words on the way. */
function hasWords(conversation: string, desk: Desk): boolean {
  const draft = draftOf(desk.drafts, conversation);
  return draft.reply.trim() !== '' || draft.note.trim() !== ''
    || desk.sends.some((send) => send.conversation === conversation && carriesText(send.type) && !send.acked);
}

function canSendAgain(notice: Notice, talk: Talk | undefined, me: Me | null): boolean {
  return notice.why === 'conflict' && talk !== undefined && ownerOf(talk.snap, me) === 'mine';
}

function happened(notice: Notice, talk: Talk | undefined, me: Me | null, texts: Texts): string {
  const words = texts.notice;
  switch (notice.why) {
    case 'conflict':
    case 'closed':
    case 'lost':
      return whatIs(notice, talk, me, texts);
    case 'back': return notice.by ? words.back(notice.by) : words.backUnnamed;
    case 'none': return words.none;
    case 'not_found': return words.notFound;
    case 'forbidden': return words.forbidden;
    case 'too_large': return words.tooLarge;
    case 'unavailable':
    case 'rate_limited': return words.tryAgain;
    default: return words.bad;
  }
}

function whatIs(notice: Notice, talk: Talk | undefined, me: Me | null, texts: Texts): string {
  const words = texts.notice;
  if (talk === undefined) return words.moved;
  switch (ownerOf(talk.snap, me)) {
    case 'closed': return words.closed;
    // who did not get it from the line knows that it was there: somebody else was faster
    case 'line': return notice.sort === 'take' ? words.moved : words.wentBack;
    case 'bot': return words.toBot;
    case 'mine': return words.moved;
    case 'colleague': {
      const name = talk.snap.agent?.name || notice.by;
      return name ? words.takenBy(name) : words.takenByUnnamed;
    }
  }
}
