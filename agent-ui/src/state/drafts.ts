import { clean } from '@kohta/client';

/** The two boxes of a conversation. */
export type DraftKind = 'reply' | 'note';

/** What is written and not yet sent, for one conversation. */
export interface Draft {
  readonly reply: string;
  readonly note: string;
  /** Where both have words: that the note was written last. */
  readonly mode?: 'note';
}

/** Whether there are words in it. */
export function written(text: string): boolean {
  return text.trim() !== '';
}
export type Drafts = Readonly<Record<string, Draft>>;

const empty: Draft = { reply: '', note: '' };

export function draftOf(drafts: Drafts, conversation: string): Draft {
  return drafts[conversation] ?? empty;
}

/** The text of a field changed. An empty draft is forgotten. */
export function write(drafts: Drafts, conversation: string, kind: DraftKind, text: string): Drafts {
  const { reply, note } = draftOf(drafts, conversation);
  return put(drafts, conversation, kind === 'note' ? { reply, note: text, mode: kind } : { reply: text, note });
}

function put(drafts: Drafts, conversation: string, { reply, note, mode }: Draft): Drafts {
  const rest = { ...drafts };
  delete rest[conversation];
  if (reply === '' && note === '') return rest;
  return { ...rest, [conversation]: { reply, note, ...(mode !== undefined && reply !== '' && note !== '' ? { mode } : {}) } };
}

/** The box in which a draft opens: a note never in the reply's, for that goes to the customer. */
export function boxOf({ reply, note, mode }: Draft): DraftKind {
  return note !== '' && (reply === '' || mode === 'note') ? 'note' : 'reply';
}

/** Another box has been opened: it is the one that a draft of both opens in. */
export function opened(drafts: Drafts, conversation: string, kind: DraftKind): Drafts {
  const draft = drafts[conversation];
  if (draft === undefined || boxOf(draft) === kind) return drafts;
  return put(drafts, conversation, { reply: draft.reply, note: draft.note, ...(kind === 'note' ? { mode: kind } : {}) });
}

/** Words went out, from this window or another: a draft of these very words is no longer unsent. */
export function sent(drafts: Drafts, conversation: string, kind: DraftKind, text: string): Drafts {
  const there = draftOf(drafts, conversation)[kind];
  return there !== '' && clean(there) === clean(text) ? write(drafts, conversation, kind, '') : drafts;
}

/**
 * Another window of this agent's changed a draft, from `was` to `now`. It holds here too, but for the box in which this
 * window is being written: there only what the other window knew is taken over.
 */
export function takeOver(drafts: Drafts, conversation: string, was: Draft, now: Draft, writing: DraftKind | null): Drafts {
  const here = draftOf(drafts, conversation);
  const of = (kind: DraftKind): string => (kind === writing && here[kind] !== was[kind] ? here[kind] : now[kind]);
  const next = { ...now, reply: of('reply'), note: of('note') };
  return next.reply === here.reply && next.note === here.note ? drafts : put(drafts, conversation, next);
}

/** A refused text comes back: before what has been written since, so that neither is lost. */
export function giveBack(drafts: Drafts, conversation: string, kind: DraftKind, text: string): Drafts {
  const since = draftOf(drafts, conversation)[kind];
  if (since === text) return drafts;
  return write(drafts, conversation, kind, since.trim() === '' ? text : `${text}\n\n${since}`);
}

/** The suggested sentence goes before what is there already. */
export function suggest(drafts: Drafts, conversation: string, sentence: string): Drafts {
  const there = draftOf(drafts, conversation).reply;
  if (there.includes(sentence)) return drafts;
  return write(drafts, conversation, 'reply', there.trim() === '' ? sentence : `${sentence} ${there}`);
}

/** The part of a browser's storage that drafts need. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  key(index: number): string | null;
  readonly length: number;
}

const shelfKey = (agent: string, conversation: string): string => `kohta.draft.${agent}.${conversation}`;

/** Writes one draft to the shelf, or removes it. A shelf that is full or forbidden leaves the draft in memory. */
export function keep(shelf: Shelf, agent: string, conversation: string, draft: Draft): boolean {
  try {
    if (draft.reply === '' && draft.note === '') shelf.removeItem(shelfKey(agent, conversation));
    else shelf.setItem(shelfKey(agent, conversation), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** Of which conversation of this agent's a key of the shelf keeps the draft; null where it is another key. */
export function keptFor(agent: string, key: string | null): string | null {
  const prefix = shelfKey(agent, '');
  return key?.startsWith(prefix) ? key.slice(prefix.length) : null;
}

/** What the shelf has for a draft; an empty one where it cannot be read. */
export function kept(value: string | null): Draft {
  return parse(value) ?? empty;
}

/** All drafts of an agent that the shelf holds. What cannot be read is skipped. */
export function recall(shelf: Shelf, agent: string): Drafts {
  const drafts: Record<string, Draft> = {};
  const prefix = shelfKey(agent, '');
  for (let i = 0; i < shelf.length; i++) {
    const key = shelf.key(i);
    if (key === null || !key.startsWith(prefix)) continue;
    const draft = parse(shelf.getItem(key));
    if (draft !== null) drafts[key.slice(prefix.length)] = draft;
  }
  return drafts;
}

function parse(text: string | null): Draft | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value !== 'object' || value === null) return null;
    const { reply, note, mode } = value as Record<string, unknown>;
    return { reply: typeof reply === 'string' ? reply : '', note: typeof note === 'string' ? note : '', ...(mode === 'note' ? { mode } : {}) };
  } catch {
    return null;
  }
}
