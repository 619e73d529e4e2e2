import { Client, clean, type ConnectionState, type Draft, type KohtaEvent, type VisitorWrite } from '@kohta/client';
import { browserPorts, keptOutbox, onWake, socketURL, windows } from '@kohta/client/browser';
import { LANGUAGES, type Language } from '@kohta/look';
import { cell, follow } from './cell.ts';
import { get, getObject, set } from './kept.ts';
import { alone, forget, link, name, site } from './link.ts';
import { embedded, hear, launcher, say } from './page.ts';
import { prefs, reread } from './prefs.ts';
import { chime } from './sound.ts';
import { readIn, spoken, standing } from './speech.ts';
import { address, asked, current, heads, houseAsks, reduce, start, TYPING, tongue, unread, alive, type Action, type State, type Talk } from './state.ts';
import { wordsOf, type Tongues } from './rows.ts';
import { atEnd, focus, home, MESSAGE, rating, slow, wish } from './ui.ts';
import { load, type Words } from './words.ts';

/** What is said, in the language that the customer reads. */
export const words = cell<Words>(await load(prefs.value.language));
/** The words of all languages that have come. */
export const known = cell<Partial<Record<Language, Words>>>({ [words.value.language]: words.value });
/** The words of a conversation's language; the customer's own until they have come. */
export const wordsIn: Tongues = (language) => known.value[language as Language] ?? words.value;

/** What the views show. Only this file and the views' own small state change anything. */
export const state = cell<State>(start);
/** The clock of the views; moves when something on the screen depends on it. */
export const now = cell(new Date());
/** Whether the customer has the window in front. */
export const open = cell(!embedded);
/** Whether the window is all that there is to see of the page. */
export const modal = cell(false);
/** Whether the customer has the page in front. */
export const front = cell(document.visibilityState !== 'hidden');
export const view = cell<'chat' | 'settings'>('chat');
/** Lines to be read aloud, each once. */
export const speech = cell<readonly { n: number; text: string; lang: string }[]>([]);

/** The link that led here is no longer good. */
export const gone = cell(false);

const TOKEN = `${name}.token`;
const SEEN = `${name}.seen`;
const UNRATED = `${name}.unrated`;
const SLOW = 300;
const OFFLINE = 2_000;
const BACK = 4_000;
const NEWCOMER = 10_000;
const EXPIRED = 3501;

const client = new Client<'visitor'>({
  side: 'visitor',
  url: socketURL('/ws/visitor'),
  ports: browserPorts(),
  site,
  link,
  tokens: { get: () => get(TOKEN), set: (token) => { if (!link()) set(TOKEN, token); } },
  language: () => prefs.value.language,
  store: keptOutbox<VisitorWrite>(name),
  tabs: windows<VisitorWrite>(`${name}.outbox`),
  hooks: {
    state: linked,
    welcome: (frame, anew) => { told(); welcomed(); dispatch({ do: 'welcome', frame, anew }); },
    events: arrived,
    synced: told,
    signal: (s) => { dispatch({ do: 'signal', signal: s, at: Date.now() }); if (s.kind === 'typing') later(TYPING + 50, tick); },
    outbox: (kept) => { dispatch({ do: 'kept', kept: [...kept] }); returned(); },
    refused: (frame, code, key) => dispatch({ do: 'failed', failed: { frame, code, key, at: Date.now() } }),
  },
});

function dispatch(action: Action): void {
  state.value = reduce(state.value, action);
}

// ---- beginning

/** Connects, once the window is open; begins to speak with the page. */
export function begin(): void {
  dispatch({ do: 'seen', seen: numbers(getObject(SEEN)) });
  dispatch({ do: 'unrate', conversations: Object.keys(getObject(UNRATED)) });
  hear((word) => {
    if (word.kohta === 'page') return client.page({ url: word.url, title: word.title, referrer: word.referrer });
    modal.value = word.modal;
    if (open.value === (word.kohta === 'open')) return;
    open.value = !open.value;
    if (open.value) focus(MESSAGE);
  });
  addEventListener('storage', stored);
  document.addEventListener('visibilitychange', () => { front.value = document.visibilityState !== 'hidden'; });
  onWake(() => client.wake());
  setInterval(tick, 30_000);
  later(SLOW, () => { slow.value = true; });
  follow(readMarks);
  follow(tellPage);
  follow(speak);
  follow(tellStanding);
  if (open.value) focus(MESSAGE);
  void connect();
}

let welcomed = (): void => undefined;

/** Of several windows that begin without an identity, one asks for it and the others wait for it. */
async function connect(): Promise<void> {
  if (get(TOKEN) || link() || !navigator.locks) return client.start();
  let begun = false;
  await navigator.locks.request(TOKEN, async () => {
    begun = true;
    const met = new Promise<void>((resolve) => { welcomed = resolve; later(NEWCOMER, resolve); });
    await client.start();
    await met;
  }).catch(() => (begun ? undefined : client.start())); // a browser that keeps nothing for a frame of another website refuses locks, too
}

/** Another window changed what is shared. */
function stored(e: StorageEvent): void {
  reread(e.key);
  if (e.key === SEEN) dispatch({ do: 'seen', seen: numbers(getObject(SEEN)) });
  if (e.key === UNRATED) dispatch({ do: 'unrate', conversations: Object.keys(getObject(UNRATED)) });
  if (e.key === TOKEN && e.newValue !== e.oldValue && e.newValue) client.renew();
}

function numbers(o: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(Object.entries(o).filter((e): e is [string, number] => typeof e[1] === 'number'));
}

function tick(): void {
  now.value = new Date();
}

function later(ms: number, run: () => void): void {
  setTimeout(run, ms);
}

// ---- the line

let missing: ReturnType<typeof setTimeout> | undefined;
let away = false;           // there was a word about it

function linked(line: ConnectionState): void {
  dispatch({ do: 'link', state: line });
  if (line.name === 'closed' && alone && (link() ? line.code === EXPIRED : !site)) return over();
  if (line.name !== 'connected') {
    missing ??= setTimeout(() => { away = true; dispatch({ do: 'offline', offline: true }); }, OFFLINE);
    return;
  }
  clearTimeout(missing);
  missing = undefined;
  if (away) dispatch({ do: 'offline', offline: false });
  returned();
}

/** The letter's link has had its time, or was ended; nobody becomes another visitor without a word about it. */
function over(): void {
  forget();
  gone.value = true;
  focus('.gone button');
}

/** Begins as somebody new, where a link led nowhere. */
export function beginAnew(): void {
  gone.value = false;
  focus(MESSAGE);
  void client.start();
}

/** Ends the letters of this conversation, and with them the link; false if that could not be done now. */
export async function stopLetters(): Promise<boolean> {
  const body = JSON.stringify({ link: link() });
  const answer = await fetch('/api/v1/links/stop', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }).catch(() => null);
  if (!answer?.ok) return false;
  client.stop();
  view.value = 'chat';
  over();
  return true;
}

/** The line is back and nothing waits any more: that is worth a word, for a moment. */
function returned(): void {
  if (!away || state.value.link !== 'connected' || state.value.kept.length > 0) return;
  away = false;
  dispatch({ do: 'back', back: true });
  later(BACK, () => dispatch({ do: 'back', back: false }));
}

export function tryNow(): void {
  home();
  if (client.state.name === 'closed') void client.start();
  else client.wake();
}

// ---- what comes

let past: Action[] = [];
let soon: ReturnType<typeof setTimeout> | undefined;

/** News is shown at once; the past, which comes line by line, in few steps. */
function arrived(conversation: string, events: KohtaEvent[], fresh: boolean): void {
  const action: Action = { do: 'events', conversation, events };
  if (!fresh) {
    past.push(action);
    soon ??= setTimeout(told, 16);
    return;
  }
  told();
  dispatch(action);
  tick();
  for (const e of events) read(e);
}

function told(): void {
  clearTimeout(soon);
  soon = undefined;
  const actions = past;
  past = [];
  actions.forEach(dispatch);
}

const heard = new Set<string>();        // own words that were read aloud as they were written
let spokenSoFar = 0;

function read(e: KohtaEvent): void {
  if (e.kind === 'message' && e.from.role === 'agent' && prefs.value.sound) chime();
  if (e.from.role === 'visitor' && e.key && heard.delete(e.key)) return;
  const before = state.value.talks[e.conversation]?.events.find((b) => b.seq === e.seq - 1);
  const talk = state.value.talks[e.conversation];
  aloud(spoken(e, wordsIn(tongue(talk)), new Date(), before), talk);
}

let stood = { key: '', at: 0 };
let reading = false;        // what stands is read in a while

/** What stands in the log without being an event is read when it is new and the window is open. */
function tellStanding(): void {
  if (!open.value) return;
  const talk = current(state.value);
  const { key = '', text } = standing(state.value, wordsIn(tongue(talk)), now.value) ?? {};
  if (key === stood.key) return;
  const ms = readIn(stood, key, Date.now());
  if (ms > 0) {
    if (!reading) later(ms, () => { reading = false; tellStanding(); });
    reading = true;
    return;
  }
  stood = { key, at: Date.now() };
  if (text) aloud([text], talk);
}

/** The last few lines stay, so that a slow reader gets them all; older ones go, so that none is found twice. */
function aloud(lines: string[], talk: Talk | null | undefined): void {
  const lang = tongue(talk) ?? words.value.language;
  speech.value = [...speech.value, ...lines.map((text) => ({ n: ++spokenSoFar, text, lang }))].slice(-6);
}

// ---- what goes

function write(frame: Draft<'visitor'>): void {
  wish.form = frame.type === 'submit' || (frame.type === 'choose' && houseAsks(state.value, current(state.value))?.seq === frame.seq);
  const { key } = client.write(frame);
  const said = wordsOf({ ...frame, key } as VisitorWrite, state.value);
  if (frame.type !== 'ask_human') home();
  if (said === null) return;
  heard.add(key);
  const talk = current(state.value);
  const t = wordsIn(tongue(talk));
  aloud([t.says(t.you, said)], talk);
}

const post = (text: string): Draft<'visitor'> => ({ type: 'post', conversation: address(state.value, Date.now()), text });

/** Sends a line; false if there is nothing in it, or it is too long to be taken. */
export function send(text: string): boolean {
  const line = clean(text);
  if (!line || !client.fits(post(line))) return false;
  write(post(line));
  return true;
}

export function tooLong(text: string): boolean {
  return !client.fits(post(clean(text)));
}

export function choose(conversation: string, seq: number, option: string): void {
  write({ type: 'choose', conversation, seq, option });
}

export function submit(conversation: string, seq: number, fields: Record<string, string>): void {
  write({ type: 'submit', conversation, seq, fields });
}

/** Asks for a person; does nothing when one is on the way. */
export function askHuman(): void {
  const s = state.value;
  if (asked(s) || s.kept.some((k) => k.frame.type === 'ask_human')) return;
  write({ type: 'ask_human', conversation: address(s, Date.now()) });
}

export function rate(conversation: string, score: number, comment: string): void {
  const more = clean(comment);
  write({ type: 'rate', conversation, survey: 'csat', score, ...(more && { comment: more }) });
  rating.value = { score: 0, comment: '' };
  unrate(conversation);
}

/** Puts the rating of a conversation off for good. */
export function unrate(conversation: string): void {
  dispatch({ do: 'unrate', conversations: [conversation] });
  focus(MESSAGE);
  const ids = state.value.unrated.slice(-50);
  set(UNRATED, JSON.stringify(Object.fromEntries(ids.map((id) => [id, 1]))));
}

export function end(): void {
  const talk = current(state.value);
  if (talk && talk.snapshot.state !== 'closed') write({ type: 'end', conversation: talk.snapshot.conversation });
}

export function writing(): void {
  const talk = current(state.value);
  if (talk && talk.snapshot.state !== 'closed') client.typing(talk.snapshot.conversation);
}

// ---- what follows by itself

/** What is in view is read. */
function readMarks(): void {
  const s = state.value;
  if (!open.value || !atEnd.value || view.value !== 'chat' || !front.value) return;
  const seen = heads(s);
  const news = Object.entries(seen).filter(([id, seq]) => seq > (s.seen[id] ?? 0));
  if (news.length === 0) return;
  for (const [id, seq] of news) client.read(id, seq);
  set(SEEN, JSON.stringify(Object.fromEntries(Object.entries({ ...s.seen, ...seen }).slice(-50))));
  dispatch({ do: 'seen', seen });
}

const wanted = new Set<Language>();

/** The language that was chosen, and those in which conversations go on, are fetched and then spoken. */
function speak(): void {
  const { language } = prefs.value;
  const spoken = [language, ...Object.values(state.value.talks).map(tongue)];
  for (const l of LANGUAGES) {
    if (!spoken.includes(l) || known.value[l] || wanted.has(l)) continue;
    wanted.add(l);
    void load(l).then((w) => { known.value = { ...known.value, [l]: w }; }).finally(() => wanted.delete(l));
  }
  words.value = known.value[language] ?? words.value;
}

function tellPage(): void {
  say({ kohta: 'state', ...launcher(unseen(), words.value), live: alive(state.value), language: prefs.value.language });
}

/** What came while the customer had something else in front. */
export function unseen(): { count: number; person: string | null } {
  return open.value && front.value ? { count: 0, person: null } : unread(state.value);
}

/** Opens the settings, or leaves them. */
export function settings(shown: boolean): void {
  view.value = shown ? 'settings' : 'chat';
  focus(shown ? '#back' : '#settings');
}

export function close(): void {
  view.value = 'chat';
  say({ kohta: 'close' });
}
