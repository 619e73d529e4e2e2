/** What is written and not yet sent, for one conversation. */
export interface Draft {
  readonly reply: string;
  readonly note: string;
}

export type DraftKind = keyof Draft;

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
  const next = { ...draftOf(drafts, conversation), [kind]: text };
  const rest = { ...drafts };
  delete rest[conversation];
  return next.reply === '' && next.note === '' ? rest : { ...rest, [conversation]: next };
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
    const { reply, note } = value as Record<string, unknown>;
    return { reply: typeof reply === 'string' ? reply : '', note: typeof note === 'string' ? note : '' };
  } catch {
    return null;
  }
}
