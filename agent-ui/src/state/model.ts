import type { AgentWelcome, ErrorCode, KohtaEvent, Role, Snapshot } from '@kohta/client';

import type { Drafts, DraftKind } from './drafts.ts';
import type { Line } from './line.ts';
import type { News } from './news.ts';
import type { Offer } from './offers.ts';
import type { Standing } from './standing.ts';

/** The last thing that a person said in a conversation; of an agent also who it was, where that is told. */
export interface LastSaid {
  readonly role: Role;
  readonly text: string;
  readonly at: string;
  readonly id?: string;
  readonly name?: string;
}

/** A snapshot, and until when the conversation is snoozed, as far as events have told. */
export type Snap = Omit<Snapshot, 'last'> & { readonly last?: LastSaid | null; readonly until?: string | null };

export type Me = AgentWelcome['agent'];

/** A conversation as the console knows it: the newest snapshot, and the part of the log that has been fetched. */
export interface Talk {
  readonly snap: Snap;
  /** By position, without doubles. May begin after position 1. */
  readonly events: readonly KohtaEvent[];
  /** Everything up to here has been read on this screen. */
  readonly seen: number;
  /** The customer is writing until this moment, by this browser's clock. */
  readonly typing: { readonly name: string; readonly role: Role; readonly until: number } | null;
  /** The fetch of the whole log has been answered. */
  readonly fetched: boolean;
  /** Nothing but events has been heard: which language, how it feels and who it is, a snapshot will tell. */
  readonly bare?: boolean;
  /** It is not ours to see any more: what became of it is not known here. */
  readonly gone?: boolean;
  /** When a colleague was seen taking it from the line, by the desk's clock. */
  readonly takenAt?: number;
}

/** A frame that writes and has not been answered. */
export interface Send {
  readonly key: string;
  /** Empty while it is the next in line, whichever that is. */
  readonly conversation: string;
  readonly type: SendType;
  /** Of post and note: what the customer or the colleagues will read. */
  readonly text: string;
  readonly at: number;
  /** The desk has it; its event is still on the way. */
  readonly acked?: boolean;
}

export type SendType =
  | 'post' | 'note' | 'take' | 'accept' | 'decline' | 'transfer' | 'release' | 'to_bot' | 'resolve' | 'snooze'
  | 'invite' | 'leave';

/** Why a frame was not taken; `gone` is the client's word for a frame of an identity that is no more. */
export type Refusal = ErrorCode | 'gone';

/** Something the agent should know, until they dismiss it or do something else in that conversation. */
export interface Notice {
  readonly id: number;
  readonly conversation: string | null;
  /** `back`: what was passed on to a person was not taken. `none`: nobody waits whom this agent can serve. */
  readonly why: Refusal | 'lost' | 'back' | 'none';
  /** What was refused; null where nothing was. */
  readonly sort: SendType | null;
  /** The text went back into the draft. */
  readonly textBack: boolean;
  /** Who has it, where that was known; of `back`, who did not take it. */
  readonly by: string | null;
  /** What happened after this position is what the agent has not heard; null where nothing needs telling. */
  readonly after: number | null;
}

export type LinkState = 'connecting' | 'online' | 'offline' | 'refused';
export type ViewName = 'lists' | 'talk' | 'cust';

/** All that the console knows and shows. Changed by `reduce` alone. */
export interface Desk {
  readonly me: Me | null;
  readonly standing: Standing;
  readonly link: { readonly state: LinkState; readonly justBack: boolean };
  readonly talks: Readonly<Record<string, Talk>>;
  readonly line: Line;
  readonly offers: readonly Offer[];
  readonly news: readonly News[];
  /** Colleagues by id, as far as their names are known. */
  readonly names: Readonly<Record<string, string>>;
  readonly sends: readonly Send[];
  readonly notices: readonly Notice[];
  readonly drafts: Drafts;
  readonly selected: string | null;
  /** The open conversation, if it had unread words when it was opened: it keeps its place in the list meanwhile. */
  readonly fresh: string | null;
  readonly modes: Readonly<Record<string, DraftKind>>;
  readonly batons: Readonly<Record<string, boolean>>;
  readonly view: ViewName;
  readonly custOpen: boolean;
}
