import { begun, fold, type ConnectionState, type ErrorCode, type EventOf, type Kept, type KohtaEvent, type Signal, type Snapshot, type VisitorWelcome, type VisitorWrite } from '@kohta/client';

/** One conversation: where it stands, and all that was said in it. */
export interface Talk {
  snapshot: Snapshot;
  events: readonly KohtaEvent[];
  /** When the other side read the last, as far as this page saw it. */
  readAt: number | null;
  typing: { name: string; until: number } | null;
}

/** A frame that the desk did not take. */
export interface Failed { key: string; at: number; frame: VisitorWrite; code: ErrorCode | 'gone' }

export interface State {
  link: ConnectionState['name'];
  code: number;
  /** Without a line for so long that it is worth a word. */
  offline: boolean;
  /** For a moment after the line came back and all was sent. */
  back: boolean;
  /** The past has been read, so that an empty log means that nothing was said. */
  ready: boolean;
  /** This page began without a past; the greeting stands above whatever follows. */
  greeted: boolean;
  talks: Readonly<Record<string, Talk>>;
  /** Conversations, oldest first. */
  order: readonly string[];
  kept: readonly Kept<VisitorWrite>[];
  failed: readonly Failed[];
  /** How far the customer has read, by conversation; known to all windows. */
  seen: Readonly<Record<string, number>>;
  /** Conversations whose rating was put off or done. */
  unrated: readonly string[];
}

export const start: State = {
  link: 'connecting', code: 0, offline: false, back: false, ready: false, greeted: false,
  talks: {}, order: [], kept: [], failed: [], seen: {}, unrated: [],
};

export type Action =
  | { do: 'link'; state: ConnectionState }
  | { do: 'offline'; offline: boolean }
  | { do: 'back'; back: boolean }
  | { do: 'welcome'; frame: VisitorWelcome; anew: boolean }
  | { do: 'events'; conversation: string; events: KohtaEvent[] }
  | { do: 'signal'; signal: Signal; at: number }
  | { do: 'kept'; kept: readonly Kept<VisitorWrite>[] }
  | { do: 'failed'; failed: Failed }
  | { do: 'seen'; seen: Readonly<Record<string, number>> }
  | { do: 'unrate'; conversations: readonly string[] };

/** The state after an action. Pure. */
export function reduce(s: State, a: Action): State {
  switch (a.do) {
    case 'link': return { ...s, link: a.state.name, code: 'code' in a.state ? a.state.code : 0 };
    case 'offline': return { ...s, offline: a.offline };
    case 'back': return { ...s, back: a.back };
    case 'welcome': return welcome(a.anew ? { ...start, link: s.link, kept: s.kept } : s, a.frame);
    case 'events': return arrived(s, a.conversation, a.events);
    case 'signal': return signal(s, a.signal, a.at);
    case 'kept': return { ...s, kept: a.kept };
    case 'failed': return { ...s, failed: [...s.failed.slice(-9), a.failed] };
    case 'seen': return { ...s, seen: furthest(s.seen, a.seen) };
    case 'unrate': return { ...s, unrated: [...new Set([...s.unrated, ...a.conversations])] };
  }
}

const silent: Omit<Talk, 'snapshot'> = { events: [], readAt: null, typing: null };

/** A snapshot from the desk wins over what was folded here, unless it is older. */
function welcome(s: State, f: VisitorWelcome): State {
  const talks = { ...s.talks };
  for (const snapshot of f.conversations) {
    const known = talks[snapshot.conversation];
    if (known && known.snapshot.head > snapshot.head) continue;
    talks[snapshot.conversation] = { ...(known ?? silent), snapshot };
  }
  const seen = furthest(s.seen, Object.fromEntries(f.conversations.map((c) => [c.conversation, c.read?.visitor ?? 0])));
  const past = f.conversations.some((c) => c.head > 0);
  return settle({ ...s, talks, seen, greeted: s.greeted || !past });
}

function arrived(s: State, conversation: string, events: KohtaEvent[]): State {
  const talk = s.talks[conversation] ?? { ...silent, snapshot: begun(conversation) };
  const snapshot = events.reduce(fold, talk.snapshot);
  const spoke = events.some((e) => e.kind === 'message' && e.from.role === 'agent');
  const next = { ...talk, snapshot, events: [...talk.events, ...events], typing: spoke ? null : talk.typing };
  return settle({ ...s, talks: { ...s.talks, [conversation]: next } });
}

/** What follows from the talks: their order, and whether the past is there. */
function settle(s: State): State {
  const began = (id: string) => s.talks[id]?.events[0]?.at ?? '~';
  const open = (id: string) => (s.talks[id]?.snapshot.state === 'closed' ? 0 : 1);
  const order = Object.keys(s.talks).sort((a, b) => open(a) - open(b) || (began(a) < began(b) ? -1 : 1));
  const ready = Object.values(s.talks).every((t) => t.events.length >= t.snapshot.head);
  return { ...s, order, ready: s.ready || ready };
}

function signal(s: State, f: Signal, at: number): State {
  if (f.kind !== 'typing' && f.kind !== 'read' && f.kind !== 'line') return s;
  const talk = f.conversation ? s.talks[f.conversation] : undefined;
  if (!talk || !f.conversation) return s;
  const put = (next: Talk): State => ({ ...s, talks: { ...s.talks, [next.snapshot.conversation]: next } });
  if (f.kind === 'typing') return put({ ...talk, typing: { name: f.from.name ?? '', until: at + TYPING } });
  if (f.kind === 'line') return put({ ...talk, snapshot: { ...talk.snapshot, position: f.position, wait: f.wait } });
  if (f.by === 'visitor') return { ...s, seen: furthest(s.seen, { [f.conversation]: f.seq }) };
  const read = talk.snapshot.read ?? {};
  if (f.seq <= (read.agent ?? 0)) return s;
  return put({ ...talk, readAt: at, snapshot: { ...talk.snapshot, read: { ...read, agent: f.seq } } });
}

/** A sign of typing lasts this long. */
export const TYPING = 6_000;

function furthest(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const out = { ...a };
  for (const [id, seq] of Object.entries(b)) out[id] = Math.max(out[id] ?? 0, seq);
  return out;
}

// ---- questions

/** The conversation that is going on, or the last one. */
export function current(s: State): Talk | null {
  return s.talks[s.order.at(-1) ?? ''] ?? null;
}

const FRESH = 24 * 3_600_000;

/**
 * Where new words go: into the open conversation; into the last one if somebody else closed it within a day; else
 * null, into a new one.
 */
export function address(s: State, now: number): string | null {
  const talk = current(s);
  if (!talk) return null;
  const id = talk.snapshot.conversation;
  if (talk.snapshot.state !== 'closed') return id;
  const end = talk.events.findLast((e) => e.kind === 'closed');
  const resumed = end?.kind === 'closed' && end.by !== 'visitor' && now - Date.parse(end.at) < FRESH;
  return resumed ? id : null;
}

/** Whether a person has been asked for and has not been given up again. */
export function asked(s: State): boolean {
  const state = current(s)?.snapshot.state;
  return state === 'waiting' || state === 'agent' || state === 'snoozed';
}

/** Whether the last call for a person was for a crisis: then there is no talk of lines. */
export function inCrisis(talk: Talk | null): boolean {
  return talk?.events.findLast((e) => e.kind === 'escalated')?.reason === 'crisis';
}

/** What may come after a question of the house without closing it. */
const QUIET = ['message', 'promised', 'rated', 'unknown'];

/**
 * The house's open question to who waits or was put off: its buttons or its form. It is over when it is answered, and
 * when the conversation moves; other words of the customer leave it open.
 */
export function houseAsks(s: State, talk: Talk | null): EventOf<'promised'> | null {
  const asks = talk?.events.findLast((e): e is EventOf<'promised'> => e.kind === 'promised' && Boolean(e.form || e.options?.length));
  if (!talk || !asks) return null;
  const over = talk.events.some((e) => e.seq > asks.seq && (!QUIET.includes(e.kind) || (e.kind === 'message' && e.answers === asks.seq)));
  const answering = s.kept.some(({ frame }) => 'seq' in frame && frame.seq === asks.seq && frame.conversation === asks.conversation);
  return over || answering ? null : asks;
}

/** When people are back, as the customer was told; null while they are here. */
export function backAt(s: State, now: Date): Date | null {
  const talk = current(s);
  if (here(talk)) return null;
  const at = talk?.snapshot.state === 'waiting' ? talk.events.findLast((e): e is EventOf<'promised'> => e.kind === 'promised' && Boolean(e.opens_at))?.opens_at : null;
  return at && Date.parse(at) > now.getTime() ? new Date(at) : null;
}

/** Whether a place in the line tells by itself that somebody is there: a wait is told of people alone. */
function here(talk: Talk | null): boolean {
  return talk?.snapshot.state === 'waiting' && Boolean(talk.snapshot.wait);
}

/** Whether nobody is there for who waits: as they were told last, and no wait since. What answers a choice of theirs says nothing of that. */
export function nobody(talk: Talk | null): boolean {
  if (!talk || here(talk)) return false;
  const told = talk.events.findLast((e, i, all) => TOLD.includes(e.kind) && !answers(all, i));
  return told?.kind === 'promised' && told.reason === 'nobody';
}

/** After each of these it is known anew how things stand. */
const TOLD = ['promised', 'woken', 'escalated', 'assigned'];

/** Whether this event follows from what the customer chose of the house's. */
function answers(events: readonly KohtaEvent[], i: number): boolean {
  const before = events.slice(0, i).findLast((e) => e.kind === 'message' || e.kind === 'promised');
  return before?.kind === 'message' && events.some((e) => e.kind === 'promised' && e.seq === before.answers);
}

/** Whether a colleague is being asked to go on: the conversation was passed on to somebody by name, and has no place in the line meanwhile. */
export function passedOn({ snapshot, events }: Talk): boolean {
  const moved = events.findLast((e) => ['transferred', 'escalated', 'assigned', 'unassigned'].includes(e.kind));
  return snapshot.state === 'waiting' && !snapshot.position && moved?.kind === 'transferred' && Boolean(moved.agent);
}

/** The language in which a conversation goes on, as far as the desk has told it. */
export function tongue(talk: Talk | null | undefined): string | undefined {
  const told = talk?.events.findLast((e): e is EventOf<'message'> & { language: string } => e.kind === 'message' && 'language' in e);
  return told?.language ?? talk?.snapshot.language;
}

/** Messages of others that the customer has not seen, and the person who wrote the last of them. */
export function unread(s: State): { count: number; person: string | null } {
  let count = 0;
  let person: string | null = null;
  for (const [id, talk] of Object.entries(s.talks)) {
    for (const e of talk.events) {
      const asks = e.kind === 'promised' && (e.form || e.options);
      if (!(asks || e.kind === 'message') || e.from.role === 'visitor' || e.seq <= (s.seen[id] ?? 0)) continue;
      count++;
      if (e.from.role === 'agent') person = e.from.name ?? '';
    }
  }
  return { count, person };
}

/** The last position of a conversation; what is seen when its end is in view. */
export function heads(s: State): Record<string, number> {
  return Object.fromEntries(Object.entries(s.talks).map(([id, t]) => [id, t.events.at(-1)?.seq ?? 0]));
}

/** Whether something may still happen by itself: a conversation is open, or words wait to be sent. */
export function alive(s: State): boolean {
  const talk = current(s);
  return s.kept.length > 0 || (talk !== null && talk.snapshot.state !== 'closed');
}
