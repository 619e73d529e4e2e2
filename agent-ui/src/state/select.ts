import type { FeelingName } from '@kohta/client';
import { calledBy } from '@kohta/look';

import type { Texts } from '../texts/index.ts';
import { draftOf } from './drafts.ts';
import type { Desk, Talk } from './model.ts';
import { customerName } from './names.ts';
import { ahead } from './time.ts';
import { isMine, unread } from './talks.ts';

/** The waiting conversations in service order, as far as their snapshots are here. */
export function waiting(desk: Desk): readonly Talk[] {
  return desk.line.order.map((id) => desk.talks[id]).filter((talk) => talk !== undefined);
}

/**
 * My conversations: first those whose customer waits for me, longest silence first; then those where the turn is
 * theirs, latest first; then the snoozed, by when they come back.
 */
export function mine(desk: Desk): readonly Talk[] {
  return Object.values(desk.talks).filter((talk) => isMine(talk.snap, desk.me)).sort(byUrgency);
}

function byUrgency(a: Talk, b: Talk): number {
  const groups = group(a) - group(b);
  if (groups !== 0) return groups;
  const times = group(a) === 1 ? customerAt(b) - customerAt(a) : group(a) === 0 ? customerAt(a) - customerAt(b) : untilOf(a) - untilOf(b);
  return times !== 0 ? times : a.snap.conversation < b.snap.conversation ? -1 : 1;
}

function group(talk: Talk): number {
  if (talk.snap.state === 'snoozed') return 2;
  return talk.snap.customer_last === false ? 1 : 0;
}

const at = (time: string | null | undefined): number => Date.parse(time ?? '') || 0;
const untilOf = (talk: Talk): number => at(talk.snap.until ?? talk.snap.due?.at ?? talk.snap.promise?.at);

/** The customer's last word; where that is not told, since when they wait. 0 if neither is known. */
export function customerAt(talk: Talk): number {
  return at(talk.snap.customer_at) || at(talk.snap.since) || at(talk.snap.opened_at);
}

/** What stands in a list for a conversation. */
export interface Item {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly reason: string;
  readonly feeling: FeelingName | null;
  readonly crisis: boolean;
  readonly by: string;
  readonly said: string;
  readonly draft: boolean;
  readonly unread: number;
  /** The customer's last word. */
  readonly at: number;
  /** What stands in the place of the time, where the time is not what matters. */
  readonly instead: string;
}

export function itemOf(talk: Talk, desk: Desk, now: number, texts: Texts): Item {
  const { snap } = talk;
  const crisis = snap.reason === 'crisis' || snap.feeling === 'crisis';
  const draft = draftOf(desk.drafts, snap.conversation);
  const written = (draft.reply || draft.note).trim();
  return {
    id: snap.conversation,
    name: customerName(snap, texts),
    language: snap.language ?? '',
    reason: why(talk, crisis, now, texts),
    feeling: crisis ? null : snap.feeling ?? null,
    crisis,
    by: written !== '' ? texts.lists.draft : speaker(talk, desk, texts),
    said: oneLine(written !== '' ? written : snap.last?.text ?? snap.baton?.quote ?? ''),
    draft: written !== '',
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
  if (snap.state === 'snoozed') return snap.promise ? texts.lists.promised : texts.lists.snoozed;
  return isMine(snap, desk.me) && snap.customer_last === false ? texts.lists.theirTurn : '';
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
  return mine(desk).reduce((sum, talk) => sum + unread(talk), 0);
}

/** The conversations in the order in which the keys j and k walk through them. */
export function walk(desk: Desk): readonly string[] {
  return [...waiting(desk), ...mine(desk)].map((talk) => talk.snap.conversation);
}

/** The one after or before the selected; the first or the last where none of the list is selected. */
export function step(desk: Desk, by: 1 | -1): string | null {
  const ids = walk(desk);
  const index = desk.selected === null ? -1 : ids.indexOf(desk.selected);
  if (index < 0) return (by === 1 ? ids[0] : ids.at(-1)) ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, index + by))] ?? null;
}

/** What o takes: the open conversation if it is to be had, else the next in line. */
export function takable(desk: Desk): string | null {
  const open = desk.selected === null ? undefined : desk.talks[desk.selected];
  if (open !== undefined && (open.snap.state === 'waiting' || open.snap.state === 'bot')) return open.snap.conversation;
  return desk.line.order[0] ?? null;
}

/** The name of a conversation for a label: customer and reason. */
export function labelOf(talk: Talk, texts: Texts): string {
  const reason = texts.reason[talk.snap.reason ?? ''];
  const name = customerName(talk.snap, texts);
  return reason === undefined ? name : `${name}, ${reason}`;
}
