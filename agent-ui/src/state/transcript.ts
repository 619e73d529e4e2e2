import type { Because, EventOf, FeelingName, Field, Form, KohtaEvent, Option, Page, Promised } from '@kohta/client';

import type { Texts } from '../texts/index.ts';
import { groundsOf } from './grounds.ts';
import type { Me, Send, Talk } from './model.ts';
import { ahead, clock, waitRange } from './time.ts';

/** One bubble. */
export interface Said {
  readonly id: string;
  readonly text: string;
  readonly at: number;
  /** Position; null for what has not come back from the desk. */
  readonly seq: number | null;
  readonly feeling: FeelingName | null;
  readonly options: readonly Option[];
  readonly chosen: boolean;
  readonly form: Form | null;
  readonly answers: readonly (readonly [string, string])[];
  /** The page it was written on, where that is another than before. */
  readonly page: Page | null;
  /** What carried the bot's decision to say it. */
  readonly why: readonly string[];
}

export type Voice = 'customer' | 'me' | 'colleague' | 'bot' | 'note';

export type Block =
  | { readonly sort: 'turn'; readonly id: string; readonly voice: Voice; readonly name: string; readonly at: number; readonly said: readonly Said[]; readonly mark: Mark | null }
  | { readonly sort: 'line'; readonly id: string; readonly text: string; readonly at: number; readonly quote: string; readonly why: readonly string[]; readonly person: boolean }
  | { readonly sort: 'fold'; readonly id: string; readonly count: number; readonly from: number; readonly to: number; readonly blocks: readonly Block[] };

/** Under the last own message: how far it has come. */
export type Mark = 'sending' | 'kept' | 'delivered' | 'read';

/** What names are known by: this agent, agents by id, teams by slug. */
export interface Known {
  readonly me: Me | null;
  readonly agents: Names;
  readonly teams: Names;
}

type Names = Readonly<Record<string, string>>;

interface Person {
  readonly id: string;
  readonly name?: string;
}

const sameTurn = 5 * 60_000;
/** A stretch with the bot that is shorter than this is not worth folding. */
const worthFolding = 3;

/**
 * The log as it is read: what each said in turns, system lines between, and the bot's part folded once a person has
 * been brought in. `now` is by the desk's clock.
 */
export function transcript(talk: Talk, me: Me | null, sends: readonly Send[], online: boolean, now: number, texts: Texts, teams: Names = {}): Block[] {
  const known = knownOf(talk, me, teams);
  const feelings = feelingsBySeq(talk.events);
  const blocks: Block[] = [];
  let withBot: Block[] | null = [];
  let page = '';
  for (const event of talk.events) {
    const into: Block[] = withBot ?? blocks;
    const moved = event.kind === 'message' && event.page !== undefined && event.page.url !== page;
    if (moved) page = event.page?.url ?? '';
    append(into, event, feelings, moved, known, now, texts);
    if (withBot !== null && leavesBot(event)) {
      blocks.push(...folded(withBot));
      withBot = null;
    } else if (withBot === null && comesToBot(event)) withBot = [];
  }
  if (withBot !== null) blocks.push(...withBot);
  for (const send of sends) appendSend(blocks, send, online, texts);
  return marked(blocks, talk);
}

/** What the log of a conversation tells about names, beside what is known already. */
export function knownOf(talk: Talk, me: Me | null, teams: Names = {}): Known {
  return { me, agents: agentNames(talk.events), teams };
}

function leavesBot(event: KohtaEvent): boolean {
  return event.kind === 'escalated' || event.kind === 'assigned';
}

function comesToBot(event: KohtaEvent): boolean {
  return event.kind === 'returned' || (event.kind === 'reopened' && (event.state ?? 'bot') === 'bot');
}

/** The turns of the stretch in one fold; the line that ends it stands outside. */
function folded(blocks: readonly Block[]): Block[] {
  const last = blocks.at(-1);
  const tail = last?.sort === 'line' ? [last] : [];
  const inside = last?.sort === 'line' ? blocks.slice(0, -1) : blocks;
  const said = inside.flatMap((block) => (block.sort === 'turn' ? block.said : []));
  const first = said[0];
  const end = said.at(-1);
  if (first === undefined || end === undefined || said.length < worthFolding) return [...inside, ...tail];
  return [{ sort: 'fold', id: `f${first.id}`, count: said.length, from: first.at, to: end.at, blocks: inside }, ...tail];
}

function feelingsBySeq(events: readonly KohtaEvent[]): Map<number, FeelingName> {
  const by = new Map<number, FeelingName>();
  for (const event of events) if (event.kind === 'feeling' && event.of !== undefined) by.set(event.of, event.feeling);
  return by;
}

function append(blocks: Block[], event: KohtaEvent, feelings: Map<number, FeelingName>, moved: boolean, known: Known, now: number, texts: Texts): void {
  const at = Date.parse(event.at);
  if (event.kind === 'message' || event.kind === 'note') {
    const said = event.kind === 'message' ? saidOf(event, at, feelings, moved, texts) : plain(event.seq, event.text, at);
    return appendSaid(blocks, voiceOf(event, known.me), nameOf(event, texts), said);
  }
  const text = lineOf(event, known, now, texts);
  if (text === null) return;
  const person = event.kind === 'assigned' || event.kind === 'escalated';
  const why = event.kind === 'escalated' ? whyOf(event.because, [], texts) : [];
  if (why.length > 0) withoutWhy(blocks);
  blocks.push({ sort: 'line', id: `e${event.seq}`, text, at, quote: event.kind === 'rated' ? event.comment ?? '' : event.kind === 'promised' ? event.text ?? '' : '', why, person });
  if ((event.kind === 'transferred' || event.kind === 'invited') && event.note) {
    appendSaid(blocks, 'note', nameOf(event, texts), plain(event.seq, event.note, at));
  }
}

function appendSaid(blocks: Block[], voice: Voice, name: string, said: Said): void {
  const last = blocks.at(-1);
  const end = last?.sort === 'turn' ? last.said.at(-1) : undefined;
  if (last?.sort === 'turn' && end && last.voice === voice && last.name === name && said.at - end.at < sameTurn) {
    blocks[blocks.length - 1] = { ...last, said: [...last.said, said] };
    return;
  }
  blocks.push({ sort: 'turn', id: `t${said.id}`, voice, name, at: said.at, said: [said], mark: null });
}

function appendSend(blocks: Block[], send: Send, online: boolean, texts: Texts): void {
  const voice: Voice = send.type === 'note' ? 'note' : 'me';
  const said: Said = { ...plain(null, send.text, send.at), id: send.key };
  const mark: Mark = send.acked ? 'delivered' : online ? 'sending' : 'kept';
  blocks.push({ sort: 'turn', id: `s${send.key}`, voice, name: texts.talk.you, at: send.at, said: [said], mark });
}

function plain(seq: number | null, text: string, at: number): Said {
  return { id: String(seq), text, at, seq, feeling: null, options: [], chosen: false, form: null, answers: [], page: null, why: [] };
}

function saidOf(event: EventOf<'message'>, at: number, feelings: Map<number, FeelingName>, moved: boolean, texts: Texts): Said {
  return {
    ...plain(event.seq, event.text, at),
    feeling: feelings.get(event.seq) ?? null,
    options: event.options ?? [],
    chosen: event.option !== undefined,
    form: event.form ?? null,
    answers: event.from.role === 'visitor' ? Object.entries(event.fields ?? {}) : [],
    page: moved ? event.page ?? null : null,
    why: whyOf(event.because, event.form?.fields, texts),
  };
}

/** Takes from the bot's last words what the line after them tells. */
function withoutWhy(blocks: Block[]): void {
  const last = blocks.at(-1);
  const end = last?.sort === 'turn' && last.voice === 'bot' ? last.said.at(-1) : undefined;
  if (last?.sort === 'turn' && end) blocks[blocks.length - 1] = { ...last, said: [...last.said.slice(0, -1), { ...end, why: [] }] };
}

function whyOf(because: readonly Because[] | undefined, fields: readonly Field[] | undefined, texts: Texts): string[] {
  return (because ?? []).map((one) => groundsOf(one, texts, fields));
}

function voiceOf(event: EventOf<'message'> | EventOf<'note'>, me: Me | null): Voice {
  if (event.kind === 'note') return 'note';
  if (event.from.role === 'visitor') return 'customer';
  if (event.from.role === 'agent') return event.from.id === me?.id ? 'me' : 'colleague';
  return 'bot';
}

function nameOf(event: KohtaEvent, texts: Texts): string {
  switch (event.from.role) {
    case 'visitor': return event.from.name || '';
    case 'agent': return event.from.name || texts.talk.colleague;
    default: return texts.talk.bot;
  }
}

/** What a system line says; null for what has no line of its own. */
export function lineOf(event: KohtaEvent, known: Known, now: number, texts: Texts): string | null {
  const words = texts.line;
  const when = (at: string | undefined): string => (at === undefined ? '' : ahead(Date.parse(at), now, texts));
  switch (event.kind) {
    case 'escalated': return words.escalated(texts.reasonLong[event.reason] ?? '');
    case 'assigned': return assigned(event, known, texts);
    case 'unassigned': return unassigned(event.reason, texts);
    case 'transferred': return event.agent ? whom(event.agent, known, words.transferred) : words.transferred.to(known.teams[event.team ?? ''] ?? event.team ?? '');
    case 'snoozed': return event.promise ? promiseWords(event.promise, now, texts) : words.snoozed(when(event.until));
    case 'woken': return words.woken;
    case 'returned': return words.returned;
    case 'reopened': return words.reopened;
    case 'closed': return event.by === 'visitor' ? words.closedVisitor : event.by === 'agent' ? words.closedAgent : words.closedSystem;
    case 'promised': return promised(event, texts);
    case 'rated': return words.rated(`${event.survey.toUpperCase()} ${event.score}`);
    case 'nudged': return event.reason === 'supervisor' ? words.nudgedSupervisors : words.nudged;
    case 'offered': return whom(event.agent, known, words.offered);
    case 'declined': return declined(event, known, texts);
    case 'raised': return words.raised;
    case 'invited': return whom(event.agent, known, words.invited);
    case 'left': return whom(event.agent, known, words.left);
    case 'mailed': return event.reason === 'failed' ? words.mailFailed : words.mailed;
    default: return null;
  }
}

/** A conversation that was taken over has a line already: who took it. */
function unassigned(reason: EventOf<'unassigned'>['reason'], texts: Texts): string | null {
  switch (reason) {
    case 'agent_lost': return texts.line.lost;
    case 'no_answer': return texts.line.noAnswer;
    case 'taken_over': return null;
    default: return texts.line.released;
  }
}

/** Why an offer was not taken: it went by, its agent is gone, by a word of the list, or in the agent's own. */
function declined(event: EventOf<'declined'>, known: Known, texts: Texts): string {
  if (event.reason === 'no_answer') return whom(event.agent, known, texts.line.missed);
  if (event.reason === 'agent_lost') return texts.line.lost;
  const why = declineWords(event.reason ?? '', texts);
  return `${whom(event.agent, known, texts.line.declined)}${why === '' ? '' : `: ${why}`}`;
}

/** A reason for declining as it is read. */
export function declineWords(reason: string, texts: Texts): string {
  return texts.offer.reasons[reason] ?? reason;
}

function assigned(event: EventOf<'assigned'>, known: Known, texts: Texts): string {
  if (event.reason === 'refused') return whom(event.agent, known, texts.line.cameBack);
  const byHand = event.by_hand ?? event.from.role === 'agent';
  return whom(event.agent, known, byHand ? texts.line.took : texts.line.given);
}

/** A sentence about an agent: this one, one with a name, or one whose name is not told. */
function whom(agent: Person | null | undefined, known: Known, words: { readonly me: string; readonly to: (name: string) => string; readonly someone: string }): string {
  if (agent && agent.id === known.me?.id) return words.me;
  const name = agent?.name || known.agents[agent?.id ?? ''];
  return name ? words.to(name) : words.someone;
}

/** Who an id is, as far as the log tells: an event that has no name may speak of one who has it elsewhere. */
function agentNames(events: readonly KohtaEvent[]): Names {
  const names: Record<string, string> = {};
  const add = (one: Partial<Person> | null | undefined): void => { if (one?.id && one.name) names[one.id] = one.name; };
  for (const event of events) {
    if (event.from.role === 'agent') add(event.from);
    if ('agent' in event) add(event.agent);
  }
  return names;
}

/** What was promised to the customer: a call or a letter, and when. */
export function promiseWords(promise: Promised, now: number, texts: Texts): string {
  const at = Date.parse(promise.at);
  const until = Date.parse(promise.until ?? '');
  const when = `${ahead(at, now, texts)}${Number.isFinite(until) && until > at ? `–${clock(until, texts)}` : ''}`;
  return promise.channel === 'email' ? texts.line.replyPromised(when) : texts.line.callPromised(when);
}

function promised(event: EventOf<'promised'>, texts: Texts): string {
  if (!event.wait) return event.text ? texts.line.toldCustomer : texts.line.promisedUnknown;
  return texts.line.promisedWait(waitRange(event.wait.low_s, event.wait.high_s, texts));
}

/** The last own turn tells how far it has come. */
function marked(blocks: Block[], talk: Talk): Block[] {
  const at = blocks.findLastIndex((block) => block.sort === 'turn' && block.voice === 'me' && block.mark === null);
  const block = blocks[at];
  if (block?.sort !== 'turn') return blocks;
  const seq = block.said.at(-1)?.seq ?? 0;
  const mark: Mark = (talk.snap.read?.visitor ?? 0) >= seq ? 'read' : 'delivered';
  return [...blocks.slice(0, at), { ...block, mark }, ...blocks.slice(at + 1)];
}

/** The span of a fold, as “14.21–14.29”. */
export function span(from: number, to: number, texts: Texts): string {
  const first = clock(from, texts);
  const last = clock(to, texts);
  return first === last ? first : `${first}–${last}`;
}
