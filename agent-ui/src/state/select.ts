import type { FeelingName } from '@kohta/client';
import { calledBy } from '@kohta/look';

import type { Texts } from '../texts/index.ts';
import { boxOf, draftOf, type DraftKind, written } from './drafts.ts';
import { askedOf, calledIn, isInvited } from './hands.ts';
import type { Desk, Talk } from './model.ts';
import { customerName } from './names.ts';
import { customerAt, fresh, owedAt } from './owed.ts';
import { ahead } from './time.ts';
import { inDanger, isMine, unread } from './talks.ts';

/** The waiting conversations in service order, as far as their snapshots are here. */
export function waiting(desk: Desk): readonly Talk[] {
  return desk.line.order.map((id) => desk.talks[id]).filter((talk) => talk !== undefined);
}

/**
 * The line in its two lanes: what too many let pass stands above, for supervisors. Who is held out to me stands first, to
 * be read before the answer. What I passed on stands apart.
 */
export function lanes(desk: Desk): { readonly raised: readonly Talk[]; readonly waiting: readonly Talk[] } {
  const line = [...new Set([...heldOut(desk), ...waiting(desk)])].filter((talk) => askedOf(talk.snap, desk.me) === null);
  return { raised: line.filter((talk) => talk.snap.raised === true), waiting: line.filter((talk) => talk.snap.raised !== true) };
}

function heldOut(desk: Desk): readonly Talk[] {
  return desk.offers.map((offer) => desk.talks[offer.conversation]).filter((talk) => talk !== undefined);
}

/** Who has heard nothing for the longest: of all who wait, and of mine whose turn is not theirs. Null where nobody waits. */
export function longestSilence(desk: Desk): Talk | null {
  const silent = [...waiting(desk), ...mine(desk).filter((talk) => isMine(talk.snap, desk.me) && talk.snap.state === 'agent' && talk.snap.customer_last !== false)].filter((talk) => customerAt(talk) > 0);
  return silent.reduce<Talk | null>((longest, talk) => (longest === null || customerAt(talk) < customerAt(longest) ? talk : longest), null);
}

/**
 * My conversations: first whoever may be in danger, then those whose customer waits for me, unread words first and who is owed an answer the longest; then those to which I was called in;
 * then those where the turn is theirs, latest first; then the snoozed, by when they come back.
 */
export function mine(desk: Desk): readonly Talk[] {
  const here = (talk: Talk): boolean => isMine(talk.snap, desk.me) || isInvited(talk.snap, desk.me);
  return Object.values(desk.talks).filter(here).sort((a, b) => byUrgency(a, b, desk));
}

/** What I passed on to a person who has not answered yet, who waits longest first. */
export function passedOn(desk: Desk): readonly Talk[] {
  return Object.values(desk.talks).filter((talk) => askedOf(talk.snap, desk.me) !== null).sort((a, b) => byUrgency(a, b, desk));
}

function byUrgency(a: Talk, b: Talk, desk: Desk): number {
  const sort = group(a, desk);
  if (sort !== group(b, desk)) return sort - group(b, desk);
  if (sort === 0 && fresh(a, desk) !== fresh(b, desk)) return fresh(a, desk) ? -1 : 1;
  const times = sort <= 0 ? owedAt(a) - owedAt(b) : sort === 2 ? customerAt(b) - customerAt(a) : sort === 3 ? untilOf(a) - untilOf(b) : customerAt(a) - customerAt(b);
  return times !== 0 ? times : a.snap.conversation < b.snap.conversation ? -1 : 1;
}

function group(talk: Talk, desk: Desk): number {
  if (inDanger(talk.snap) && talk.snap.state === 'agent') return -1;
  if (isInvited(talk.snap, desk.me)) return 1;
  if (talk.snap.state === 'snoozed') return 3;
  return talk.snap.customer_last === false ? 2 : 0;
}

const at = (time: string | null | undefined): number => Date.parse(time ?? '') || 0;
const untilOf = (talk: Talk): number => at(talk.snap.until ?? talk.snap.due?.at ?? talk.snap.promise?.at);

/** What stands in a list for a conversation. */
export interface Item {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly reason: string;
  /** In whose hands it is besides: offered to, asked of, called in by. */
  readonly mark: string;
  /** What an agent must know beside the language. */
  readonly skills: readonly string[];
  readonly feeling: FeelingName | null;
  readonly crisis: boolean;
  readonly by: string;
  readonly said: string;
  /** The language of what was said; undefined of a note. */
  readonly saidIn: string | undefined;
  readonly draft: boolean;
  readonly unread: number;
  /** The customer's last word. */
  readonly at: number;
  /** What stands in the place of the time, where the time is not what matters. */
  readonly instead: string;
}

export function itemOf(talk: Talk, desk: Desk, now: number, texts: Texts): Item {
  const { snap } = talk;
  const crisis = inDanger(talk.snap);
  const draft = draftOf(desk.drafts, snap.conversation);
  const box = boxOf(draft);
  const unsentWords = draft[box].trim();
  return {
    id: snap.conversation,
    name: customerName(snap, texts),
    language: snap.language ?? '',
    reason: why(talk, crisis, now, texts),
    mark: mark(talk, desk, texts),
    skills: snap.state === 'waiting' ? skillsOf(snap) : [],
    feeling: crisis ? null : snap.feeling ?? null,
    crisis,
    by: unsentWords === '' ? speaker(talk, desk, texts) : box === 'note' ? texts.lists.noteDraft : texts.lists.draft,
    said: oneLine(unsentWords !== '' ? unsentWords : snap.last?.text ?? snap.baton?.quote ?? ''),
    saidIn: unsentWords !== '' && box === 'note' ? undefined : snap.language || undefined,
    draft: unsentWords !== '',
    unread: isMine(snap, desk.me) ? unread(talk) : 0,
    at: customerAt(talk),
    instead: instead(talk, desk, texts),
  };
}

/** Who said the last words, if it was not the customer: oneself, a colleague by name, or nobody where it is not told. */
function speaker(talk: Talk, desk: Desk, texts: Texts): string {
  const { last } = talk.snap;
  if (last?.role !== 'agent') return '';
  const from = last.id === undefined ? talk.events.findLast((event) => event.kind === 'message' && event.from.role === 'agent' && event.at === last.at)?.from : last;
  if (from?.id !== undefined && from.id === desk.me?.id) return texts.lists.you;
  return from?.name ? `${calledBy(from.name)}:` : '';
}

function instead(talk: Talk, desk: Desk, texts: Texts): string {
  const { snap } = talk;
  if (snap.state === 'snoozed') return snap.promise == null ? texts.lists.snoozed : snap.promise.channel === 'email' ? texts.lists.replyPromised : texts.lists.promised;
  return snap.customer_last === false && (isMine(snap, desk.me) || isInvited(snap, desk.me)) ? texts.lists.theirTurn : '';
}

function mark(talk: Talk, desk: Desk, texts: Texts): string {
  const { snap } = talk;
  const words = texts.lists;
  const asked = askedOf(snap, desk.me);
  if (asked !== null) return words.asked(calledBy(nameOf(asked, talk, desk)) || texts.talk.colleague);
  if (isInvited(snap, desk.me)) {
    const by = calledIn(talk.events, desk.me)?.by || desk.news.find((one) => one.sort === 'invited' && one.conversation === snap.conversation)?.who;
    return by ? words.invitedBy(calledBy(by)) : words.invited;
  }
  if (snap.state !== 'waiting' || !snap.offer?.agent) return '';
  if (snap.offer.agent === desk.me?.id) return words.offeredToMe;
  const name = calledBy(nameOf(snap.offer.agent, talk, desk));
  return name === '' ? words.offered : words.offeredTo(name);
}

/** An agent's name by id: as the desk's people are known, else as the log tells; empty where nobody does. */
export function nameOf(agent: string, talk: Talk, desk: Desk): string {
  if (desk.names[agent]) return desk.names[agent];
  const named = talk.events.findLast((event) => (event.from.role === 'agent' && event.from.id === agent && event.from.name) || ('agent' in event && event.agent?.id === agent && event.agent.name));
  if (named === undefined) return '';
  return named.from.id === agent ? named.from.name ?? '' : 'agent' in named ? named.agent?.name ?? '' : '';
}

/** The skills without the languages: which language it is stands in the ring. */
export function skillsOf(snap: Talk['snap']): readonly string[] {
  return (snap.skills ?? []).filter((skill) => skill !== 'fi' && skill !== 'sv' && skill !== 'en').map((skill) => skill.replace(/[_.-]+/g, ' '));
}

/** Why it is here; of a snoozed one, when it comes back. */
function why(talk: Talk, crisis: boolean, now: number, texts: Texts): string {
  if (talk.snap.state === 'snoozed' && untilOf(talk) > 0) return ahead(untilOf(talk), now, texts);
  return texts.reason[crisis ? 'crisis' : talk.snap.reason ?? ''] ?? '';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 160);
}

/** Unread words in all of my conversations, for the title of the window. */
export function unreadInAll(desk: Desk): number {
  return mine(desk).reduce((sum, talk) => sum + (isMine(talk.snap, desk.me) ? unread(talk) : 0), 0);
}

/** The conversations in the order in which the keys j and k walk through them. */
export function walk(desk: Desk): readonly string[] {
  const { raised, waiting: line } = lanes(desk);
  return [...new Set([...raised, ...line, ...mine(desk), ...passedOn(desk)].map((talk) => talk.snap.conversation))];
}

/** The one after or before the selected; the first or the last where none of the list is selected. `ids`: the order to walk in. */
export function step(desk: Desk, by: 1 | -1, ids: readonly string[] = walk(desk)): string | null {
  const index = desk.selected === null ? -1 : ids.indexOf(desk.selected);
  if (index < 0) return (by === 1 ? ids[0] : ids.at(-1)) ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, index + by))] ?? null;
}

/** What o takes: the open conversation if it is to be had, else the next in line. */
export function takable(desk: Desk): string | null {
  const open = desk.selected === null ? undefined : desk.talks[desk.selected];
  if (open !== undefined && !open.gone && (open.snap.state === 'waiting' || open.snap.state === 'bot')) return open.snap.conversation;
  return lanes(desk).waiting[0]?.snap.conversation ?? desk.line.order[0] ?? null;
}

/** The box in which a conversation opens: the one that was chosen, else the one in which its draft was written. */
export function modeOf(desk: Desk, conversation: string): DraftKind {
  return desk.modes[conversation] ?? boxOf(draftOf(desk.drafts, conversation));
}

/** Which of my conversations is next, once the open one is no longer mine. */
export function nextOwn(desk: Desk): Talk | null {
  return mine(desk).find((talk) => talk.snap.conversation !== desk.selected && talk.snap.state === 'agent') ?? null;
}

/** This agent gave it away, and there is nothing to write in it. */
export function passedAway(talk: Talk, desk: Desk): boolean {
  const last = talk.events.findLast((event) => event.kind === 'transferred' || event.kind === 'assigned' || event.kind === 'returned' || event.kind === 'unassigned');
  const by = last?.from;
  return last?.kind !== 'assigned' && by?.role === 'agent' && by.id === desk.me?.id && !isMine(talk.snap, desk.me) && !written(draftOf(desk.drafts, talk.snap.conversation).reply);
}

/** Words that were not sent, of a conversation that stands in no list any more. */
export interface Unsent {
  readonly id: string;
  /** Null where nothing is known of it here. */
  readonly talk: Talk | null;
  readonly parts: readonly { readonly kind: DraftKind; readonly text: string }[];
}

export function unsent(desk: Desk): readonly Unsent[] {
  if (desk.me === null) return [];
  const listed = new Set([...heldOut(desk), ...waiting(desk), ...mine(desk), ...passedOn(desk)].map((talk) => talk.snap.conversation));
  return Object.entries(desk.drafts).filter(([id]) => !listed.has(id) && !(id === desk.selected && desk.talks[id]?.snap.state === 'bot')).map(([id, draft]) => ({
    id, talk: desk.talks[id] ?? null, parts: (['reply', 'note'] as const).map((kind) => ({ kind, text: draft[kind].trim() })).filter(({ text }) => written(text)),
  })).filter(({ parts }) => parts.length > 0);
}

/** The name of a conversation for a label: customer and reason. */
export function labelOf(talk: Talk, texts: Texts): string {
  const reason = texts.reason[talk.snap.reason ?? ''];
  const name = customerName(talk.snap, texts);
  return reason === undefined ? name : `${name}, ${reason}`;
}
