import type { AgentWelcome, From, KohtaEvent, Side } from '@kohta/client';

import { type Draft, draftOf, type DraftKind, type Drafts, giveBack, opened, sent, suggest, takeOver, write, written } from './drafts.ts';
import { askedOf, cameBack, isInvited } from './hands.ts';
import { changeLine, leaveLine, lineBeat, noLine, type Place, wholeLine } from './line.ts';
import type { Desk, LinkState, Notice, Refusal, Send, SendType, Snap, Talk, ViewName } from './model.ts';
import { addNews, dropNews, type News, newsOf, seenNews } from './news.ts';
import { addOffer, dropOffer, type Offer, openOffers } from './offers.ts';
import { carriesText, silent } from './refusals.ts';
import { fresh } from './owed.ts';
import { nowhere, type Standing } from './standing.ts';
import { inDanger, isMine, ownerOf, withAnswer, withEvent, withSnap } from './talks.ts';

/** All that can happen to the console. `now` is milliseconds by the desk's clock. */
export type Action =
  | { type: 'welcome'; welcome: AgentWelcome }
  | { type: 'events'; conversation: string; events: readonly KohtaEvent[]; now: number }
  | { type: 'synced'; conversation: string }
  | { type: 'line'; added: readonly Snap[]; removed: readonly string[]; version: number; reset?: boolean; total?: number; order?: readonly string[] }
  | { type: 'beat'; line?: { total: number; version: number }; now: number }
  | { type: 'offer'; snapshot: Snap; until: number; from?: string }
  | { type: 'snapshot'; snapshot: Snap }
  | { type: 'gone'; conversation: string }
  | { type: 'invite'; snapshot: Snap; by: string; note: string; now: number }
  | { type: 'alert'; what: string; conversation: string; who: string; now: number }
  | { type: 'names'; names: Readonly<Record<string, string>> }
  | { type: 'answered'; conversation: string }
  | { type: 'stepped'; conversation: string }
  | { type: 'looked' }
  | { type: 'heard'; id: number }
  | { type: 'read'; conversation: string; by: Side; seq: number }
  | { type: 'typing'; conversation: string; from: From; now: number }
  | { type: 'link'; state: LinkState }
  | { type: 'calm' }
  | { type: 'standing'; standing: Standing }
  | { type: 'outbox'; sends: readonly Send[] }
  | { type: 'refused'; key: string; conversation: string; sort: SendType; text: string; why: Refusal; after?: number }
  | { type: 'dismiss'; id: number }
  | { type: 'drafts'; drafts: Drafts }
  | { type: 'shelved'; conversation: string; was: Draft; draft: Draft; writing: DraftKind | null }
  | { type: 'write'; conversation: string; kind: DraftKind; text: string }
  | { type: 'suggest'; conversation: string; sentence: string }
  | { type: 'select'; conversation: string | null }
  | { type: 'mode'; conversation: string; mode: DraftKind }
  | { type: 'baton'; conversation: string; open: boolean }
  | { type: 'seen'; conversation: string; seq: number }
  | { type: 'view'; view: ViewName }
  | { type: 'cust'; open: boolean }
  | { type: 'left' };

export const emptyDesk: Desk = {
  me: null, standing: nowhere, link: { state: 'connecting', justBack: false }, talks: {}, line: noLine, offers: [], news: [], names: {},
  sends: [], notices: [], drafts: {}, selected: null, fresh: null, modes: {}, batons: {}, view: 'lists', custOpen: false,
};

const typingLasts = 6000;
/** How many conversations that are nobody's concern here any more are remembered. */
const remembered = 50;

export function reduce(desk: Desk, action: Action): Desk {
  switch (action.type) {
    case 'welcome': return welcome(desk, action.welcome);
    case 'events': return happen(desk, action.conversation, action.events, action.now);
    case 'synced': return change(desk, action.conversation, (talk) => (talk.fetched ? talk : { ...talk, fetched: true }));
    case 'line': return lineChange(desk, action);
    case 'beat': return beat(desk, action.line, action.now);
    case 'offer': return offered(desk, action.snapshot, { conversation: action.snapshot.conversation, until: action.until, from: action.from ?? '' });
    case 'snapshot': return { ...desk, talks: { ...desk.talks, [action.snapshot.conversation]: withAnswer(desk.talks[action.snapshot.conversation], action.snapshot) } };
    case 'gone': return gone(desk, action.conversation);
    case 'invite': return tell(shown(desk, action.snapshot), { sort: 'invited', conversation: action.snapshot.conversation, at: action.now, who: action.by, note: action.note });
    case 'alert': return alerted(desk, action.what, action.conversation, action.who, action.now);
    case 'read': return change(desk, action.conversation, (talk) => marked(talk, action.by, action.seq));
    case 'typing': return change(desk, action.conversation, (talk) => typed(talk, action.from, action.now));
    case 'seen': return change(desk, action.conversation, (talk) => (action.seq > talk.seen ? { ...talk, seen: action.seq } : talk));
    case 'link': return link(desk, action.state);
    case 'calm': return desk.link.justBack ? { ...desk, link: { ...desk.link, justBack: false } } : desk;
    case 'names': return { ...desk, names: { ...desk.names, ...action.names } };
    case 'standing': return { ...desk, standing: action.standing };
    case 'outbox': return outbox(desk, action.sends);
    case 'refused': return refused(desk, action);
    case 'dismiss': return { ...desk, notices: desk.notices.filter((notice) => notice.id !== action.id) };
    case 'left': return emptyDesk;
    default: return hand(desk, action);
  }
}

/** What the agent does with their own hands. */
function hand(desk: Desk, action: Exclude<Action, { type: 'welcome' }>): Desk {
  switch (action.type) {
    case 'drafts': return { ...desk, drafts: { ...action.drafts, ...desk.drafts } };
    case 'shelved': return { ...desk, drafts: takeOver(desk.drafts, action.conversation, action.was, action.draft, action.writing) };
    case 'write': return { ...desk, drafts: write(desk.drafts, action.conversation, action.kind, action.text) };
    case 'suggest': return {
      ...desk,
      drafts: suggest(desk.drafts, action.conversation, action.sentence),
      modes: { ...desk.modes, [action.conversation]: 'reply' },
    };
    case 'select': return prune({ ...desk, selected: action.conversation, fresh: freshOf(desk, action.conversation), view: action.conversation === null ? 'lists' : 'talk' });
    case 'mode': return { ...desk, modes: { ...desk.modes, [action.conversation]: action.mode }, drafts: opened(desk.drafts, action.conversation, action.mode) };
    case 'baton': return { ...desk, batons: { ...desk.batons, [action.conversation]: action.open } };
    case 'answered': return { ...desk, offers: dropOffer(desk.offers, action.conversation) };
    case 'stepped': return change(desk, action.conversation, (talk) => ({ ...talk, snap: { ...talk.snap, invited: (talk.snap.invited ?? []).filter((one) => one.id !== desk.me?.id) } }));
    case 'looked': return { ...desk, news: seenNews(desk.news) };
    case 'heard': return { ...desk, news: dropNews(desk.news, (one) => one.id === action.id) };
    case 'view': return { ...desk, view: action.view };
    case 'cust': return { ...desk, custOpen: action.open };
    default: return desk;
  }
}

function change(desk: Desk, conversation: string, to: (talk: Talk) => Talk): Desk {
  const talk = desk.talks[conversation];
  if (talk === undefined) return desk;
  const next = to(talk);
  return next === talk ? desk : { ...desk, talks: { ...desk.talks, [conversation]: next } };
}

function welcome(desk: Desk, frame: AgentWelcome): Desk {
  const own = new Set(frame.conversations.map((snap) => snap.conversation));
  const talks: Record<string, Talk> = {};
  const left: Talk[] = [];
  for (const [id, talk] of Object.entries(desk.talks)) {
    // Ours before, and the desk no longer says so: somebody has it, and the log will tell who.
    const lost = talk.snap.state === 'agent' && isMine(talk.snap, frame.agent) && !own.has(id);
    if (lost) left.push(talk);
    talks[id] = lost ? { ...talk, snap: { ...talk.snap, agent: null } } : talk;
  }
  for (const snap of [...frame.conversations, ...frame.line.waiting]) talks[snap.conversation] = withSnap(talks[snap.conversation], snap);
  const order = frame.line.waiting.map((snap) => snap.conversation);
  let offers = desk.offers;
  for (const snap of [...frame.conversations, ...frame.line.waiting]) {
    if (snap.offer?.agent === frame.agent.id) offers = addOffer(offers, { conversation: snap.conversation, until: Date.parse(snap.offer.until), from: snap.offer.from ?? '' });
  }
  const next: Desk = { ...desk, me: frame.agent, talks, offers, line: wholeLine(order, frame.line.total, frame.line.version ?? null) };
  const known = (frame.alerts ?? []).reduce((state, one) => alerted(state, one.what, one.conversation, one.agent?.name ?? '', Date.parse(one.at ?? '') || 0), next);
  return left.reduce((state, talk) => goneFrom(state, talk, null), known);
}

function happen(desk: Desk, conversation: string, events: readonly KohtaEvent[], now: number): Desk {
  const before = desk.talks[conversation];
  let talk = before;
  for (const event of events) talk = withEvent(talk, event);
  if (talk === undefined || talk === before) return desk;
  if (before?.snap.state === 'waiting' && ownerOf(talk.snap, desk.me) === 'colleague') talk = { ...talk, takenAt: now };
  const next = { ...desk, talks: { ...desk.talks, [conversation]: talk }, drafts: said(desk, conversation, before, events) };
  return settle(heard(lost(next, before, talk), before, talk, events), conversation, events, talk);
}

/** What this agent has just said in another window is no draft here. What went out from here has its place in `sends`. */
function said(desk: Desk, conversation: string, before: Talk | undefined, events: readonly KohtaEvent[]): Drafts {
  const known = before?.snap.head ?? 0;
  return events.reduce((drafts, event) => {
    if ((event.kind !== 'message' && event.kind !== 'note') || event.seq <= known || event.from.role !== 'agent' || event.from.id !== desk.me?.id) return drafts;
    if (before === undefined || desk.sends.some((send) => send.key === event.key)) return drafts;
    return sent(drafts, conversation, event.kind === 'note' ? 'note' : 'reply', event.text);
  }, desk.drafts);
}

/** What follows from events: the line and the offers without what is no longer waiting, the sends without what arrived. */
function settle(desk: Desk, conversation: string, events: readonly KohtaEvent[], talk: Talk): Desk {
  const keys = new Set(events.map((event) => event.key).filter((key) => key !== undefined));
  const sends = desk.sends.some((send) => keys.has(send.key)) ? desk.sends.filter((send) => !keys.has(send.key)) : desk.sends;
  const waits = talk.snap.state === 'waiting';
  return {
    ...desk,
    sends,
    line: waits ? desk.line : leaveLine(desk.line, conversation),
    offers: waits && !events.some((event) => event.kind === 'declined') ? desk.offers : dropOffer(desk.offers, conversation),
  };
}

/** What is new about a conversation, and not only newly read of its past, may be news. */
function heard(desk: Desk, before: Talk | undefined, talk: Talk, events: readonly KohtaEvent[]): Desk {
  const known = before?.snap.head ?? 0;
  return events.filter((event) => before !== undefined && event.seq > known).reduce((state, event) => {
    const back = cameBack(event, talk.events, state.me);
    const next = { ...state, news: newsOf(state.news, event, state.me) };
    if (back === null) return next;
    const { conversation } = event;
    return {
      ...tell(next, { sort: 'back', conversation, at: Date.parse(event.at), ...back }),
      notices: add(next.notices, { conversation, why: 'back', sort: null, textBack: false, by: back.who || null, after: null }),
    };
  }, desk);
}

function tell(desk: Desk, one: Omit<News, 'id' | 'fresh'>): Desk {
  return { ...desk, news: addNews(desk.news, one) };
}

/** An alert of the desk. One that is there already is not told twice; of what this client does not know, nothing. */
function alerted(desk: Desk, what: string, conversation: string, who: string, at: number): Desk {
  if (what !== 'silence' && what !== 'raised') return desk;
  if (desk.news.some((one) => one.sort === what && one.conversation === conversation && one.at >= at)) return desk;
  return tell(desk, { sort: what, conversation, at, who, note: '' });
}

/** A conversation went to another, and not by this agent's own hand. */
function lost(desk: Desk, before: Talk | undefined, talk: Talk): Desk {
  if (before === undefined || !isMine(before.snap, desk.me) || isMine(talk.snap, desk.me)) return desk;
  const ours = talk.events.slice(before.events.length).some((event) => event.from.role === 'agent' && event.from.id === desk.me?.id);
  return ours || talk.snap.state === 'closed' ? desk : goneFrom(desk, before, talk.snap.agent?.name || null);
}

/** Tells that a conversation is no longer this agent's; what happened since is told from its log. */
function goneFrom(desk: Desk, before: Talk, by: string | null): Desk {
  const { conversation, head } = before.snap;
  return {
    ...tell(desk, { sort: 'lost', conversation, at: Date.parse(before.events.at(-1)?.at ?? '') || 0, who: by ?? '', note: '' }),
    notices: add(desk.notices, { conversation, why: 'lost', sort: null, textBack: false, by, after: head }),
  };
}

function lineChange(desk: Desk, action: Extract<Action, { type: 'line' }>): Desk {
  const talks = { ...desk.talks };
  for (const snap of action.added) talks[snap.conversation] = withSnap(talks[snap.conversation], snap);
  const line = action.reset
    ? wholeLine(action.added.map((snap) => snap.conversation), action.total ?? action.added.length, action.version)
    : changeLine(desk.line, { added: action.added.map(placeOf), removed: action.removed, version: action.version, total: action.total, order: action.order },
      (id) => placeOf(talks[id]?.snap ?? { conversation: id, state: 'waiting', head: 0 }));
  if (line === desk.line) return desk;
  // who left the line may be ours by the next event: what is known of them is kept as long as there is room
  const left = desk.line.order.filter((id) => !line.order.includes(id));
  return prune({ ...desk, talks, line, news: dropNews(desk.news, (one) => one.sort === 'raised' && left.includes(one.conversation)) });
}

/** It is not ours to see any more. */
function gone(desk: Desk, conversation: string): Desk {
  const next = change(desk, conversation, (talk) => (talk.gone ? talk : { ...talk, gone: true }));
  const selected = next.talks[conversation] === undefined && next.selected === conversation ? null : next.selected;
  return { ...next, selected, line: leaveLine(next.line, conversation), offers: dropOffer(next.offers, conversation) };
}

function placeOf(snap: Snap): Place {
  return {
    conversation: snap.conversation,
    position: snap.position ?? null,
    crisis: inDanger(snap),
    since: Date.parse(snap.since ?? snap.customer_at ?? '') || Number.MAX_SAFE_INTEGER,
  };
}

function beat(desk: Desk, line: { total: number; version: number } | undefined, now: number): Desk {
  const offers = openOffers(desk.offers, now);
  const next = line === undefined ? desk.line : lineBeat(desk.line, line);
  if (offers === desk.offers) return next === desk.line ? desk : { ...desk, line: next };
  return { ...desk, offers, line: next, news: desk.offers.filter((offer) => !offers.includes(offer)).reduce(missed(desk, now), desk.news) };
}

/** An offer whose time ran out is seen afterwards, unless its answer is on the way. */
function missed(desk: Desk, now: number): (news: readonly News[], offer: Offer) => readonly News[] {
  return (news, { conversation, from }) => (desk.sends.some((send) => send.conversation === conversation && (send.type === 'accept' || send.type === 'decline'))
    ? news
    : addNews(news, { sort: 'missed', conversation, at: now, who: from, note: '' }));
}

function offered(desk: Desk, snapshot: Snap, offer: Offer): Desk {
  return { ...shown(desk, snapshot), offers: addOffer(desk.offers, offer) };
}

function shown(desk: Desk, snapshot: Snap): Desk {
  return { ...desk, talks: { ...desk.talks, [snapshot.conversation]: withSnap(desk.talks[snapshot.conversation], snapshot) } };
}

function marked(talk: Talk, by: Side, seq: number): Talk {
  const read = talk.snap.read ?? {};
  return (read[by] ?? 0) >= seq ? talk : { ...talk, snap: { ...talk.snap, read: { ...read, [by]: seq } } };
}

function typed(talk: Talk, from: From, now: number): Talk {
  return { ...talk, typing: { name: from.name ?? '', role: from.role, until: now + typingLasts } };
}

function link(desk: Desk, state: LinkState): Desk {
  const back = state === 'online' && desk.link.state === 'offline';
  const line = state === 'online' ? desk.line : { ...desk.line, behind: 0 };
  return { ...desk, line, link: { state, justBack: back || (desk.link.justBack && state === 'online') } };
}

/**
 * The client's outbox is the truth of what waits to go out. Words that have left it stay on the screen until their
 * event comes.
 */
function outbox(desk: Desk, sends: readonly Send[]): Desk {
  const known = new Set(desk.sends.map((send) => send.key));
  const waiting = new Set(sends.map((send) => send.key));
  const landed = desk.sends
    .filter((send) => !waiting.has(send.key) && carriesText(send.type))
    .filter((send) => !desk.talks[send.conversation]?.events.some((event) => event.key === send.key))
    .map((send) => ({ ...send, acked: true }));
  const fresh = sends.filter((send) => !known.has(send.key));
  const notices = fresh.reduce((list, send) => without(list, send.conversation || null), desk.notices);
  // all windows hear of what one of them sends: it is unsent in none of them
  const drafts = fresh.reduce((all, { conversation, type, text }) => (carriesText(type) ? sent(all, conversation, type === 'note' ? 'note' : 'reply', text) : all), desk.drafts);
  return { ...desk, sends: [...landed, ...sends], notices, drafts };
}

function refused(desk: Desk, action: Extract<Action, { type: 'refused' }>): Desk {
  const { conversation, sort, text, why } = action;
  const sends = desk.sends.filter((send) => send.key !== action.key);
  const offers = sort === 'accept' || sort === 'decline' ? dropOffer(desk.offers, conversation) : desk.offers;
  if (silent(sort, why)) return { ...desk, sends, offers };
  const textBack = carriesText(sort);
  const kind: DraftKind = sort === 'note' ? 'note' : 'reply';
  return {
    ...(why === 'not_found' ? gone(desk, conversation) : desk),
    sends,
    offers,
    drafts: textBack ? giveBack(desk.drafts, conversation, kind, text) : desk.drafts,
    modes: textBack ? { ...desk.modes, [conversation]: kind } : desk.modes,
    notices: add(desk.notices, {
      conversation: conversation === '' ? null : conversation, why: conversation === '' && why === 'not_found' ? 'none' : why, sort, textBack, by: null,
      after: why === 'conflict' ? action.after ?? null : null,
    }),
  };
}

function add(notices: readonly Notice[], notice: Omit<Notice, 'id'>): readonly Notice[] {
  const id = 1 + Math.max(0, ...notices.map((other) => other.id));
  return [...notices.filter((other) => other.conversation !== notice.conversation || other.textBack), { ...notice, id }].slice(-10);
}

function without(notices: readonly Notice[], conversation: string | null): readonly Notice[] {
  return notices.some((notice) => notice.conversation === conversation) ? notices.filter((notice) => notice.conversation !== conversation) : notices;
}

function freshOf(desk: Desk, conversation: string | null): string | null {
  const talk = conversation === null ? undefined : desk.talks[conversation];
  return talk !== undefined && fresh(talk, desk) ? conversation : null;
}

function hasDraft(desk: Desk, conversation: string): boolean {
  const { reply, note } = draftOf(desk.drafts, conversation);
  return written(reply) || written(note);
}

/** Forgets the oldest conversations that are neither mine, nor waiting, nor offered, nor open on the screen. */
function prune(desk: Desk): Desk {
  const waiting = new Set(desk.line.order);
  const idle = Object.values(desk.talks).filter(({ snap }) =>
    ownerOf(snap, desk.me) !== 'mine' && !isInvited(snap, desk.me) && !waiting.has(snap.conversation) && snap.conversation !== desk.selected
    && askedOf(snap, desk.me) === null && !hasDraft(desk, snap.conversation)
    && !desk.news.some((one) => one.conversation === snap.conversation) && !desk.offers.some((offer) => offer.conversation === snap.conversation));
  if (idle.length <= remembered) return desk;
  const last = (talk: Talk): string => talk.events.at(-1)?.at ?? talk.snap.customer_at ?? '';
  idle.sort((a, b) => (last(a) < last(b) ? -1 : 1));
  const talks = { ...desk.talks };
  for (const talk of idle.slice(0, idle.length - remembered)) delete talks[talk.snap.conversation];
  return { ...desk, talks };
}
