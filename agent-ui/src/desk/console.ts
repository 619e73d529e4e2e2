import { computed, effect, type ReadonlySignal, signal, type Signal } from '@preact/signals';
import { clean, type Draft } from '@kohta/client';

import { justTaken, mayTakeNext, mayWrite, type TalkAct } from '../state/acts.ts';
import { alarm, announcement, heardFrom, titleOf } from '../state/announce.ts';
import { chimeOf, type Chime } from '../state/chimes.ts';
import { draftOf, type DraftKind, keep, kept, keptFor, recall, type Shelf } from '../state/drafts.ts';
import { taking } from '../state/fences.ts';
import type { Act } from '../state/keys.ts';
import type { Desk, Me, Talk } from '../state/model.ts';
import { answered, noQuiet, press, type Quiet } from '../state/quiet.ts';
import { customerName } from '../state/names.ts';
import { modeOf, step, takable } from '../state/select.ts';
import { chosen, ofWord, type Standing, wordOf } from '../state/standing.ts';
import { asksFirst, doubtOf, type LettingGo, letsGo } from '../state/sure.ts';
import { isMine } from '../state/talks.ts';
import { noWalk, type Walk, walkOn } from '../state/walk.ts';
import { catalogues, type Texts } from '../texts/index.ts';
import { Link, type LinkOptions } from './link.ts';
import type { Rest, Result } from './rest.ts';
import type { Settings } from './settings.ts';
import { store, type Store } from './store.ts';
import { Voice } from './voice.ts';

export type Session =
  | { readonly name: 'opening' }
  | { readonly name: 'out'; readonly why: '' | 'ended' | 'down' }
  | { readonly name: 'in'; readonly me: Me };

export type DialogName = 'transfer' | 'snooze' | 'command' | 'keys' | 'invite' | 'away' | LettingGo;

/** A place on the screen that wants the focus. */
export type Focus = 'reply' | 'item' | 'status' | 'talk' | 'stay' | 'list' | 'offers' | 'news';

/** What the console takes from the world around it. */
export interface Around {
  readonly rest: Rest;
  readonly settings: Settings;
  readonly drafts: Shelf;
  /** For the time of the session, as the status last chosen. */
  readonly session: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly link: (agent: string) => Pick<LinkOptions, 'url' | 'ports' | 'outbox' | 'tabs'>;
  /** Milliseconds by this browser's clock. */
  readonly now: () => number;
  readonly chime: (chime: Chime) => void;
  /** Begins the page anew, so that nothing of a session outlives it. */
  readonly reload: () => void;
}

const statusKey = 'kohta.status';
const endedKey = 'kohta.ended';
const openKey = 'kohta.open';
const notesKey = 'kohta.notes';
const doubtEvery = 10_000;
const backShows = 4_000;

/** The console behind its views: the state as signals, and everything that hands can do. */
export class Console {
  readonly session: Signal<Session> = signal({ name: 'opening' });
  readonly desk: ReadonlySignal<Desk>;
  readonly texts: ReadonlySignal<Texts>;
  /** Milliseconds by the desk's clock, each second anew. */
  readonly now: Signal<number>;
  readonly dialog: Signal<DialogName | null> = signal(null);
  /** Changes each time when something wants the focus. */
  readonly focus: Signal<{ readonly what: Focus } | null> = signal(null);
  /** The offer that is being declined: its card asks why. */
  readonly declining: Signal<string | null> = signal(null);
  readonly voice = new Voice();
  /** The teams' names by slug, empty until they have been fetched. */
  readonly teams: Signal<Readonly<Record<string, string>>> = signal({});
  readonly title: ReadonlySignal<string>;
  readonly settings: Settings;
  readonly rest: Rest;
  readonly #around: Around;
  readonly #store: Store;
  #link: Link | null = null;
  #skew = 0;
  #doubted = 0;
  #quiet: Quiet = noQuiet;
  #walk: Walk = noWalk;

  constructor(around: Around) {
    this.#around = around;
    this.#store = store();
    this.rest = around.rest;
    this.settings = around.settings;
    this.desk = this.#store.desk;
    this.texts = computed(() => catalogues[this.settings.language.value]);
    this.now = signal(around.now());
    this.title = computed(() => {
      return titleOf(this.desk.value, this.texts.value);
    });
    this.#store.watch((before, after) => this.#changed(before, after));
  }

  // ---- the session

  /** Looks whether there is a session, and enters. */
  async open(): Promise<void> {
    const result = await this.rest.session();
    if (result.ok) return this.#enter(result.value);
    const ended = this.#session('getItem', endedKey) !== null;
    this.#session('removeItem', endedKey);
    this.session.value = { name: 'out', why: result.why === 'down' ? 'down' : ended ? 'ended' : '' };
  }

  /** Signs in. The result says what to tell when it fails. */
  async signIn(email: string, password: string): Promise<Result<Me>> {
    const result = await this.rest.signIn(email, password);
    if (result.ok) this.#enter(result.value);
    return result;
  }

  /** Signs out; drafts stay on this device. */
  async signOut(): Promise<void> {
    this.#link?.client.presence('offline');
    this.#session('removeItem', statusKey);
    this.#session('removeItem', openKey);
    this.#session('removeItem', notesKey);
    await this.#link?.client.settled();
    this.#link?.client.stop();
    await this.rest.signOut();
    this.#around.reload();
  }

  #enter(me: Me): void {
    this.#store.dispatch({ type: 'drafts', drafts: recall(this.#around.drafts, me.id) });
    this.#link = new Link({ ...this.#around.link(me.id), store: this.#store, now: () => this.#deskNow(), doubt: () => void this.#doubt() });
    this.session.value = { name: 'in', me };
    for (const id of (this.#session('getItem', notesKey) ?? '').split(' ').filter((one) => one !== '')) this.mode(id, 'note');
    const standing = ofWord(this.#session('getItem', statusKey) ?? '');
    if (standing !== null) this.stand(standing);
    const open = this.#session('getItem', openKey);
    if (open !== null) this.select(open);
    void this.#link.client.start();
    void this.#nameTeams();
    void this.#namePeople();
  }

  async #nameTeams(): Promise<void> {
    const result = await this.rest.teams();
    if (result.ok) this.teams.value = Object.fromEntries(result.value.items.map(({ team, name }) => [team, name]));
  }

  async #namePeople(): Promise<void> {
    const result = await this.rest.agents();
    if (result.ok) this.#store.dispatch({ type: 'names', names: Object.fromEntries(result.value.items.map(({ id, name }) => [id, name])) });
  }

  /** The line broke: perhaps because the session did. */
  async #doubt(): Promise<void> {
    const now = this.#around.now();
    if (now - this.#doubted < doubtEvery) return;
    this.#doubted = now;
    const result = await this.rest.session();
    if (result.ok || result.why !== 'refused') return;
    this.#session('setItem', endedKey, '1');
    this.#link?.client.stop();
    this.#around.reload();
  }

  #session(verb: 'getItem' | 'setItem' | 'removeItem', key: string, value = ''): string | null {
    try {
      return this.#around.session[verb](key, value) ?? null;
    } catch {
      return null;
    }
  }

  // ---- time

  /** The desk's clock, as an answer of it told. Differences under two seconds are the header's own grain. */
  hearTime(skew: number): void {
    this.#skew = Math.abs(skew) < 2_000 ? 0 : skew;
  }

  tick(): void {
    this.now.value = this.#deskNow();
    if (this.desk.peek().offers.length > 0) this.#store.dispatch({ type: 'beat', now: this.now.peek() });
  }

  #deskNow(): number {
    return this.#around.now() + this.#skew;
  }

  /** The device woke up, or somebody asks to try again now. */
  wake(): void {
    this.#link?.client.wake();
  }

  // ---- the agent

  /** Says how the agent stands. */
  stand(standing: Standing): void {
    this.#link?.stand(standing);
  }

  /** Back, or not waiting for the end of a breather. */
  ready(): void {
    this.#link?.ready(chosen('online', ''));
  }

  // ---- moving about

  select(conversation: string | null): void {
    this.#store.dispatch({ type: 'select', conversation });
  }

  view(view: Desk['view']): void {
    this.#store.dispatch({ type: 'view', view });
  }

  showCustomer(open: boolean): void {
    this.#store.dispatch({ type: 'cust', open });
  }

  baton(conversation: string, open: boolean): void {
    this.#store.dispatch({ type: 'baton', conversation, open });
  }

  dismiss(id: number): void {
    this.#store.dispatch({ type: 'dismiss', id });
  }

  wantFocus(what: Focus): void {
    this.focus.value = { what };
  }

  /** Everything of the conversation that is on the screen has been read. */
  seen(conversation: string): void {
    const desk = this.desk.peek();
    const talk = desk.talks[conversation];
    const last = talk?.events.at(-1)?.seq ?? 0;
    if (talk === undefined || last <= talk.seen) return;
    this.#store.dispatch({ type: 'seen', conversation, seq: last });
    if (isMine(talk.snap, desk.me)) this.#link?.client.read(conversation, last);
  }

  // ---- writing

  write(conversation: string, kind: DraftKind, text: string): void {
    this.#store.dispatch({ type: 'write', conversation, kind, text });
    this.#quiet = { ...this.#quiet, until: 0 }; // the words have found their field
    if (kind === 'reply' && text !== '') this.#link?.client.typing(conversation);
  }

  /** Another window of this browser changed what is kept. `writing`: the focus is in the reply box of this one. */
  shelved(key: string | null, was: string | null, now: string | null, writing: boolean): void {
    const session = this.session.peek();
    const conversation = session.name === 'in' ? keptFor(session.me.id, key) : null;
    if (conversation === null) return;
    const desk = this.desk.peek();
    const box = writing && desk.selected === conversation ? modeOf(desk, conversation) : null;
    this.#store.dispatch({ type: 'shelved', conversation, was: kept(was), draft: kept(now), writing: box });
  }

  /** Throws away what was written and not sent. */
  discard(conversation: string): void {
    for (const kind of ['reply', 'note'] as const) this.#store.dispatch({ type: 'write', conversation, kind, text: '' });
  }

  mode(conversation: string, mode: DraftKind): void {
    this.#store.dispatch({ type: 'mode', conversation, mode });
  }

  /** Puts the suggested sentence into the reply. */
  suggest(conversation: string, sentence: string): void {
    this.#store.dispatch({ type: 'suggest', conversation, sentence });
    this.wantFocus('reply');
  }

  /** Sends what is written. The draft is given up only when the outbox has it; false if it is too long. */
  send(conversation: string, kind: DraftKind): boolean {
    const desk = this.desk.peek();
    const talk = desk.talks[conversation];
    const text = clean(draftOf(desk.drafts, conversation)[kind]);
    if (text === '' || talk === undefined || this.#link === null || !mayWrite(talk, desk)[kind]) return true;
    const frame: Draft<'agent'> = { type: kind === 'reply' ? 'post' : 'note', conversation, text };
    if (!this.#link.client.fits(frame)) return false;
    void this.#link.write(frame);
    this.#store.dispatch({ type: 'write', conversation, kind, text: '' });
    return true;
  }

  // ---- handling conversations

  /** Takes a conversation and opens it; not one that is being taken already, or that a colleague has just taken. */
  take(conversation: string): void {
    const desk = this.desk.peek();
    const talk = desk.talks[conversation];
    if (taking(desk, conversation) || (talk !== undefined && justTaken(talk, this.#deskNow()))) return;
    this.select(conversation);
    this.wantFocus('talk');
    void this.#link?.write({ type: 'take', conversation }).then((ok) => {
      if (ok && this.desk.peek().selected === conversation) this.wantFocus('reply');
    });
  }

  /** Takes the next that this agent can serve, whichever the desk says it is, and opens it. */
  takeNext(): void {
    const link = this.#link;
    if (link === null || !mayTakeNext(this.desk.peek())) return;
    void link.takeNext().then((conversation) => {
      if (conversation === null) return;
      this.select(conversation);
      this.wantFocus('reply');
    });
  }

  accept(conversation: string): void {
    this.select(conversation);
    void this.#link?.write({ type: 'accept', conversation }).then((ok) => {
      if (!ok) return;
      this.#store.dispatch({ type: 'answered', conversation });
      this.wantFocus('reply');
    });
  }

  /** Declines an offer, with a reason of the list or in the agent's own words, or without any. */
  decline(conversation: string, reason: string): void {
    const text = clean(reason);
    this.declining.value = null;
    void this.#link?.write({ type: 'decline', conversation, ...(text === '' ? {} : { reason: text }) }).then((ok) => {
      if (ok) this.#store.dispatch({ type: 'answered', conversation });
    });
  }

  /** Calls a colleague in to a conversation of this agent's. */
  invite(conversation: string, agent: string, note: string): void {
    const text = clean(note);
    void this.#link?.write({ type: 'invite', conversation, agent, ...(text === '' ? {} : { note: text }) });
  }

  /** Opens one of the news, which has been looked at then. */
  openNews(id: number, conversation: string): void {
    this.#store.dispatch({ type: 'heard', id });
    this.select(conversation);
    this.wantFocus('talk');
  }

  /** Opens a conversation that somebody must see to, and asks to whom it goes. */
  give(conversation: string): void {
    this.select(conversation);
    this.dialog.value = 'transfer';
  }

  looked(): void {
    this.#store.dispatch({ type: 'looked' });
  }

  heard(id: number): void {
    this.#store.dispatch({ type: 'heard', id });
  }

  /** Passes a conversation on. One that is not this agent's is taken first: only its owner gives it away. */
  transfer(conversation: string, to: { team: string } | { agent: string }, note: string): void {
    const link = this.#link;
    const talk = this.desk.peek().talks[conversation];
    const text = clean(note);
    const frame = { type: 'transfer', conversation, ...to, ...(text === '' ? {} : { note: text }) } as const;
    const whom = 'agent' in to ? this.desk.peek().names[to.agent] ?? this.texts.peek().talk.colleague : this.teams.peek()[to.team] ?? to.team;
    const done = (ok: boolean): void => this.#done(ok, conversation, this.texts.peek().said.transferred(whom));
    if (talk !== undefined && isMine(talk.snap, this.desk.peek().me)) void link?.write(frame).then(done);
    // what follows at once relies on the take, whose event may still be on its way
    else void link?.write({ type: 'take', conversation }).then(async (ok) => { if (ok) done((await link.client.write(frame).done).ok); });
  }

  snooze(conversation: string, until: number): void {
    void this.#link?.write({ type: 'snooze', conversation, until: new Date(until).toISOString() }).then((ok) => this.#done(ok, conversation, this.texts.peek().said.snoozed));
  }

  /** What was done is said, and the focus, whose button is gone, stays with the conversation. */
  #done(ok: boolean, conversation: string, words: string): void {
    if (!ok) return;
    const talk = this.desk.peek().talks[conversation];
    this.voice.say(talk === undefined ? words : `${words} ${customerName(talk.snap, this.texts.peek())}.`);
    if (this.desk.peek().selected === conversation) this.wantFocus('stay');
  }

  /** Does what stands on a button in the head of a conversation; asks first where words or a promise would be left behind. */
  act(act: TalkAct, conversation: string): void {
    const talk = this.desk.peek().talks[conversation];
    if (letsGo(act) && talk !== undefined && asksFirst(doubtOf(act, talk, this.desk.peek(), this.#deskNow()))) {
      this.dialog.value = act;
      return;
    }
    this.#do(act, conversation);
  }

  /** Lets a conversation go, as was asked and answered. */
  sure(act: LettingGo, conversation: string): void {
    this.dialog.value = null;
    this.#quiet = answered('resolve', this.#around.now());
    this.#do(act, conversation);
  }

  #do(act: TalkAct, conversation: string): void {
    switch (act) {
      case 'take':
      case 'takeOver': return this.take(conversation);
      case 'transfer':
      case 'snooze':
      case 'invite':
        this.dialog.value = act;
        return;
      case 'leave':
        void this.#link?.write({ type: act, conversation }).then((ok) => { if (ok) this.#store.dispatch({ type: 'stepped', conversation }); });
        return;
      default: void this.#link?.write({ type: act, conversation }).then((ok) => this.#done(ok, conversation, this.texts.peek().said[act]));
    }
  }

  /** A single letter was pressed outside of every field; null if it stands for nothing. Resolving is asked about first: a letter is pressed by mistake. */
  letter(act: Act | null, within: string | null = null): void {
    const { quiet, heard } = press(this.#quiet, act, this.#around.now());
    this.#quiet = quiet;
    if (!heard || act === null) return;
    const { selected, talks, me } = this.desk.peek();
    if (act !== 'resolve') this.press(act, within);
    else if (selected !== null && talks[selected] !== undefined && isMine(talks[selected].snap, me)) this.dialog.value = act;
  }

  /** Words are being typed where nothing takes them: the window that a letter of them opened was not meant. */
  stray(): void {
    if (this.dialog.peek() !== 'keys') this.dialog.value = null;
    this.letter(null);
  }

  /** Does what a key or a line of the command bar asks for; `within` is the offer in whose card a key fell. */
  press(act: Act, within: string | null = null): void {
    const desk = this.desk.peek();
    const open = desk.selected === null ? undefined : desk.talks[desk.selected];
    switch (act) {
      case 'next': return this.#step(1);
      case 'previous': return this.#step(-1);
      case 'take': return this.#takeHere(desk, open);
      case 'takeNext': return this.takeNext();
      case 'offers':
      case 'news': return this.wantFocus(act);
      case 'command':
      case 'help':
        this.dialog.value = act === 'help' ? 'keys' : 'command';
        return;
      case 'status': return this.wantFocus('status');
      case 'accept':
      case 'decline': return this.#answerOffer(act, within);
      default: if (open !== undefined) this.#pressIn(act, open);
    }
  }

  #pressIn(act: Act, open: Talk): void {
    const id = open.snap.conversation;
    const mine = isMine(open.snap, this.desk.peek().me);
    if (act === 'reply' || act === 'note') {
      this.mode(id, act);
      this.wantFocus('reply');
    } else if (act === 'baton') this.baton(id, !batonOpen(open, this.desk.peek()));
    else if (mine && (act === 'transfer' || act === 'snooze' || act === 'resolve' || act === 'invite')) this.act(act, id);
  }

  #step(by: 1 | -1): void {
    const desk = this.desk.peek();
    this.#walk = walkOn(this.#walk, desk, this.#around.now());
    const next = step(desk, by, this.#walk.ids);
    if (next === null) return;
    this.select(next);
    this.wantFocus('item');
  }

  #takeHere(desk: Desk, open: Talk | undefined): void {
    const colleagues = open !== undefined && open.snap.state === 'agent' && !isMine(open.snap, desk.me);
    const conversation = colleagues ? open.snap.conversation : takable(desk);
    if (conversation !== null) this.take(conversation);
  }

  #answerOffer(act: 'accept' | 'decline', within: string | null): void {
    const offer = this.desk.peek().offers.find((one) => one.conversation === within) ?? this.desk.peek().offers[0];
    if (offer === undefined) return;
    if (act === 'accept') this.accept(offer.conversation);
    else this.declining.value = offer.conversation;
  }

  // ---- after each change

  #changed(before: Desk, after: Desk): void {
    if (before.drafts !== after.drafts) this.#keepDrafts(before, after);
    if (before.modes !== after.modes) this.#keepNotes(after);
    if (before.standing !== after.standing) this.#keepStanding(after.standing);
    this.#keepOpen(before, after);
    const texts = this.texts.peek();
    this.voice.say(announcement(before, after, this.#deskNow(), texts));
    this.voice.cry(alarm(before, after, texts));
    this.voice.tell(heardFrom(before, after, texts), texts.said.wrote);
    const chime = chimeOf(before, after);
    if (chime !== null && this.settings.sound.peek()) this.#around.chime(chime);
    if (after.link.justBack && !before.link.justBack) setTimeout(() => this.#store.dispatch({ type: 'calm' }), backShows);
  }

  /** What is open is open again after a reload, unless it has ended. */
  #keepOpen(before: Desk, after: Desk): void {
    const id = openOf(after);
    if (id === openOf(before)) return;
    if (id === null) this.#session('removeItem', openKey);
    else this.#session('setItem', openKey, id);
  }

  /** Where the note's box is open, empty or not, it is open again after a reload. */
  #keepNotes({ modes }: Desk): void {
    this.#session('setItem', notesKey, Object.keys(modes).filter((id) => modes[id] === 'note').join(' '));
  }

  #keepStanding(standing: Standing): void {
    this.#session(standing.status === 'offline' ? 'removeItem' : 'setItem', statusKey, wordOf(standing));
  }

  #keepDrafts(before: Desk, after: Desk): void {
    const me = this.session.peek();
    if (me.name !== 'in') return;
    for (const id of new Set([...Object.keys(before.drafts), ...Object.keys(after.drafts)])) {
      if (before.drafts[id] !== after.drafts[id]) this.#keepDraft(me.me.id, id);
    }
  }

  /** A draft that was sent leaves the shelf only when the outbox is kept: at any moment the words stand in one of them. */
  #keepDraft(agent: string, id: string): void {
    const put = (): void => void keep(this.#around.drafts, agent, id, draftOf(this.desk.peek().drafts, id));
    if (this.desk.peek().drafts[id] !== undefined) put();
    else void this.#link?.client.settled().then(put);
  }
}

function openOf({ selected, talks }: Desk): string | null {
  const talk = selected === null ? undefined : talks[selected];
  return talk?.gone || talk?.snap.state === 'closed' ? null : selected;
}

/** The baton is open until this agent's first reply, unless a hand has said otherwise. */
export function batonOpen(talk: Talk, desk: Desk): boolean {
  const said = desk.batons[talk.snap.conversation];
  if (said !== undefined) return said;
  const handed = talk.events.findLastIndex((event) => event.kind === 'escalated');
  if (desk.sends.some((send) => send.conversation === talk.snap.conversation && send.type === 'post')) return false;
  return !talk.events.slice(handed + 1).some((event) => event.kind === 'message' && event.from.role === 'agent' && event.from.id === desk.me?.id);
}

/** Runs `run` with the title of the window, now and whenever it changes. */
export function onTitle(console: Console, run: (title: string) => void): void {
  effect(() => run(console.title.value));
}
