import { calledBy, clock, dayLine, type Language } from '@kohta/look';
import type { EventOf, Form, KohtaEvent, Option, VisitorWrite, Wait } from '@kohta/client';
import { note, promised, waitLine } from './notes.ts';
import { current, houseAsks, inCrisis, nobody, passedOn, tongue, type Failed, type State, type Talk } from './state.ts';
import { back } from './who.ts';
import type { Words } from './words.ts';

/** What the log shows, from above, in which language. `key` stays with a row, and with a bubble from writing to delivery. */
export type Row = Line & { lang: Language };
type Line =
  | { row: 'day'; key: string; text: string }
  | { row: 'note'; key: string; text: string; warm: boolean }
  | Turn
  | { row: 'intro'; key: string; name: string }
  /** Held in view, whatever stands under it. */
  | { row: 'help'; key: string; held: boolean }
  | Asking & { row: 'options'; options: Option[] }
  | Asking & { row: 'form'; form: Form }
  | House
  | { row: 'rate'; key: string; conversation: string }
  | { row: 'typing'; key: string; name: string };

type Message = EventOf<'message'>;
type Promised = EventOf<'promised'>;

/** What is answered with the position of the event that asks. */
export interface Asking { key: string; conversation: string; seq: number }

/** The house's card: how the wait stands, and what else there is to choose than to wait. */
export interface House {
  row: 'house';
  key: string;
  head: string;
  say: string;
  /** A range to be drawn. */
  wait: Wait | null;
  fine: string;
  asks: Promised | null;
  /** The words of the event stand in the card, and not above it too. */
  quotes: boolean;
}

export interface Turn {
  row: 'turn';
  key: string;
  who: 'me' | 'bot' | 'person';
  /** Of a person in full; empty for others. */
  name: string;
  at: string;
  bubbles: Bubble[];
  mark: Mark | null;
}
export interface Bubble { key: string; text: string; kept: boolean }
export interface Mark { sign: 'sending' | 'delivered' | 'read' | 'kept' | 'failed'; text: string }

const PAUSE = 10 * 60_000;        // after this a speaker's name stands again

/** The words of a language; what is not known, or not there yet, is said in the customer's own. */
export type Tongues = (language: string | undefined) => Words;

/** The rows of the whole log: each conversation in the language in which it goes on. Pure. */
export function rows(s: State, of: Tongues, now: Date): Row[] {
  const page = new Page(of(undefined), now);
  const talk = current(s);
  const t = of(tongue(talk));
  const own = pending(s, t);
  const asking = talk && s.ready && own.length === 0 && talk.snapshot.state === 'bot' ? question(talk.events) : null;
  const card = talk && s.ready ? house(s, talk, t, now) : null;
  if (greets(s)) page.greet();
  for (const id of s.order) {
    const events = s.talks[id]?.events ?? [];
    page.t = of(tongue(s.talks[id]));
    events.forEach((e, i) => {
      const shown = (e === asking && corrects(e)) || (e === card?.asks && card.quotes) || (e.kind === 'snoozed' && events[i + 1]?.kind === 'promised');
      if (!shown) page.event(e, events[i - 1]);
    });
  }
  page.marks(talk);
  for (const p of own) page.say(p.key, 'me', '', p.text, p.at, p.mark);
  if (asking) page.asks(asking);
  if (card) page.put(card);
  if (card && inCrisis(talk)) page.hold();
  if (talk && s.ready) page.ending(s, talk);
  return page.rows;
}

/** Whether the greeting stands above: in a beginning, until the bot itself has spoken. */
export function greets(s: State): boolean {
  return s.greeted && !s.order.some((id) => s.talks[id]?.events.some((e) => e.kind === 'message' && e.from.role === 'bot'));
}

/** The bot's open question, with its buttons or its form, as long as the customer has said nothing since. */
function question(events: readonly KohtaEvent[]): Message | null {
  const said = events.findLastIndex((e) => e.kind === 'message' && e.from.role === 'visitor');
  return events.slice(said + 1).findLast((e): e is Message => e.kind === 'message' && Boolean(e.form || e.options?.length)) ?? null;
}

/** The card at the end of who waits or was put off; null if there is nothing to say. In a crisis there is no talk of lines. */
function house(s: State, talk: Talk, t: Words, now: Date): House | null {
  const { conversation, state, position, wait = null } = talk.snapshot;
  const asks = houseAsks(s, talk);
  const line = state === 'waiting' && !inCrisis(talk);
  if (!asks && !line) return null;
  const card = { row: 'house', key: `house.${conversation}`, wait: null, asks, quotes: true } as const;
  const fine = state === 'waiting' ? t.mayClose : '';
  if (line && !asks && passedOn(talk)) return { ...card, head: t.asking, say: '', fine, quotes: false };
  const place = line && (position ? t.place(position) : t.inLine);
  const outdated = asks?.reason === 'nobody' && !nobody(talk);
  if (place && (!asks || wait || outdated)) {
    const later = back(s, t, now);
    return { ...card, head: place, say: later ? `${later}.` : waitLine(wait, t), wait, fine, quotes: false };
  }
  const [head = '', ...say] = (asks ? promised(asks, t) : '').split(/(?<=[.?]) (?=\p{Lu})/u);
  return { ...card, head, say: say.join(' '), fine: place && position ? `${place}. ${fine}` : fine };
}

/** Whether a message says only what already stands under a field of its form. */
export function corrects(e: Message): boolean {
  return e.form?.fields.some((f) => f.wrong === e.text) ?? false;
}

class Page {
  rows: Row[] = [];
  t: Words;
  #now: Date;
  #day = '';
  #last = 0;
  #met = '';

  constructor(t: Words, now: Date) {
    this.t = t;
    this.#now = now;
  }

  put(line: Line): void {
    this.rows.push({ ...line, lang: this.t.language });
  }

  greet(): void {
    this.#dayOf(this.#now);
    this.say('greeting', 'bot', '', this.t.greeting, null);
  }

  event(e: KohtaEvent, before?: KohtaEvent): void {
    const at = new Date(e.at);
    this.#dayOf(at);
    if (e.kind === 'message') return this.#message(e, at);
    const n = note(e, this.t, this.#now, before);
    if (n) this.put({ row: 'note', key: `${e.conversation}.${e.seq}`, ...n });
    if (e.kind === 'escalated' && e.reason === 'crisis') this.put({ row: 'help', key: `help.${e.conversation}.${e.seq}`, held: false });
    if (e.kind === 'assigned') this.#introduce(e.conversation, e.agent.id, e.agent.name ?? '');
  }

  #introduce(conversation: string, agent: string, name: string): void {
    if (this.#met.includes(`${conversation}${agent} `) || !calledBy(name)) return;
    this.#met += `${conversation}${agent} `;
    this.put({ row: 'intro', key: `intro.${conversation}.${agent}`, name });
  }

  #dayOf(at: Date): void {
    const day = at.toDateString();
    if (day === this.#day) return;
    this.#day = day;
    this.put({ row: 'day', key: `day.${day}`, text: dayLine(at, this.#now, this.t.language) });
  }

  #message(e: Message, at: Date): void {
    const { role, name } = e.from;
    const key = role === 'visitor' && e.key ? e.key : `${e.conversation}.${e.seq}`;
    if (role === 'system') this.put({ row: 'note', key, text: e.text, warm: false });
    else this.say(key, role === 'visitor' ? 'me' : role === 'bot' ? 'bot' : 'person', role === 'agent' ? (name ?? '') : '', e.text, at);
  }

  /** Adds to the turn of who spoke last, or begins one. */
  say(key: string, who: Turn['who'], name: string, text: string, at: Date | null, mark: Mark | null = null): void {
    const time = at?.getTime() ?? this.#last;
    const bubble: Bubble = { key, text, kept: mark?.sign === 'kept' || mark?.sign === 'failed' };
    const last = this.rows.at(-1);
    if (last?.row === 'turn' && last.lang === this.t.language && last.who === who && last.name === name && time - this.#last < PAUSE) {
      last.bubbles.push(bubble);
      last.mark = mark;
    } else {
      this.put({ row: 'turn', key: `turn.${key}`, who, name, at: at ? clock(at, this.t.language) : '', bubbles: [bubble], mark });
    }
    this.#last = time;
  }

  /** Under the customer's last words, if nothing was said after them but by a person: how far they came. */
  marks(talk: Talk | null): void {
    const i = this.rows.findLastIndex((r) => r.row === 'turn' && r.who !== 'person');
    const turn = this.rows[i];
    if (!talk || turn?.row !== 'turn' || turn.who !== 'me') return;
    const own = talk.events.findLast((e) => e.kind === 'message' && e.from.role === 'visitor');
    if (!own) return;
    const { t } = this;
    const read = (talk.snapshot.read?.agent ?? 0) >= own.seq;
    const at = read ? talk.readAt : Date.parse(own.at);
    const when = at === null ? '' : ` ${clock(new Date(at), this.t.language)}`;
    turn.mark = { sign: read ? 'read' : 'delivered', text: (read ? t.read : t.delivered) + when };
  }

  /** Where help is stays in view above a card of the house's. */
  hold(): void {
    const help = this.rows.findLast((r) => r.row === 'help');
    if (help?.row === 'help') help.held = true;
  }

  /** What waits at the end of the log for the customer to do something, or to wait. */
  ending(s: State, talk: Talk): void {
    const { snapshot, typing } = talk;
    const id = snapshot.conversation;
    if (rates(s, talk)) this.put({ row: 'rate', key: `rate.${id}`, conversation: id });
    if (snapshot.state === 'agent' && typing && typing.until > this.#now.getTime()) {
      this.put({ row: 'typing', key: `typing.${id}`, name: typing.name || (snapshot.agent?.name ?? '') });
    }
  }

  /** The bot's open question: its form, or its buttons. */
  asks({ conversation, seq, form, options }: Message): void {
    if (form) this.put({ row: 'form', key: `form.${conversation}.${seq}`, conversation, seq, form });
    else if (options) this.put({ row: 'options', key: `options.${conversation}.${seq}`, conversation, seq, options });
  }
}

/** Whether the customer is asked how it went: at the end, also under a last word of theirs, but not when they begin anew. */
export function rates(s: State, talk: Talk): boolean {
  const id = talk.snapshot.conversation;
  if (talk.snapshot.state !== 'closed' || s.kept.some(({ frame }) => frame.type !== 'rate' && frame.conversation !== id)) return false;
  const spoke = talk.events.some((e) => e.kind === 'message' && e.from.role === 'visitor');
  const writing = s.kept.some((k) => k.frame.type === 'rate' && k.frame.conversation === id);
  return spoke && !talk.snapshot.rating && !writing && !s.unrated.includes(id);
}

interface Own { key: string; text: string; at: Date; mark: Mark }

/** The customer's words that are on their way, or were not taken. */
function pending(s: State, t: Words): Own[] {
  const online = s.link === 'connected';
  const out: Own[] = [];
  for (const f of s.failed) {
    const text = wordsOf(f.frame, s);
    if (text !== null) out.push({ key: f.key, text, at: new Date(f.at), mark: { sign: 'failed', text: why(f, t) } });
  }
  const mark: Mark = online ? { sign: 'sending', text: t.sending } : { sign: 'kept', text: t.kept };
  for (const k of s.kept) {
    const text = wordsOf(k.frame, s);
    if (text !== null && !delivered(s, k.key)) out.push({ key: k.key, text, at: new Date(k.at), mark });
  }
  return out;
}

function delivered(s: State, key: string): boolean {
  return Object.values(s.talks).some((t) => t.events.some((e) => e.key === key && e.from.role === 'visitor'));
}

function why(f: Failed, t: Words): string {
  if (f.code === 'too_large') return t.tooLong;
  return f.frame.type === 'post' ? t.notSent : t.answered;
}

/** A frame in the words that it will become; null if it is no words. */
export function wordsOf(f: VisitorWrite, s: State): string | null {
  if (f.type === 'post') return f.text;
  if (f.type !== 'choose' && f.type !== 'submit') return null;
  const asked = s.talks[f.conversation]?.events.find((e) => e.seq === f.seq);
  if (asked?.kind !== 'message' && asked?.kind !== 'promised') return null;
  if (f.type === 'choose') return asked.options?.find((o) => o.id === f.option)?.label ?? f.option;
  return (asked.form?.fields ?? []).filter((q) => f.fields[q.name]).map((q) => `${q.label}: ${f.fields[q.name]}`).join('\n');
}
