/**
 * The frames of the socket protocol kohta.v1, both ways. What the server may add later is ignored, so every field
 * that is not promised is optional here.
 */

export const PROTOCOL = 'kohta.v1';

/** Bytes of UTF-8 that one frame may have, and that a hello may have, by who sends it. */
export const LIMITS = {
  visitor: { frame: 16_384, hello: 4_096, since: 50, page: 1_000 },
  agent: { frame: 65_536, hello: 16_384, since: 300, page: 0 },
} as const;

export type Side = 'visitor' | 'agent';
export type Role = 'visitor' | 'bot' | 'agent' | 'system';
export type State = 'bot' | 'waiting' | 'agent' | 'snoozed' | 'closed';
export type Presence = 'online' | 'busy' | 'away' | 'offline';
export type Survey = 'csat' | 'nps' | 'ces';
export type Reason = 'asked' | 'feeling' | 'crisis' | 'complex' | 'stuck' | 'rule' | 'bot_failed';
export type FeelingName = 'calm' | 'pleased' | 'frustrated' | 'angry' | 'distressed' | 'urgent' | 'crisis';
export type ErrorCode =
  | 'bad_frame' | 'too_large' | 'unsupported' | 'forbidden' | 'not_found' | 'conflict' | 'closed'
  | 'hello_first' | 'unauthorized' | 'rate_limited' | 'unavailable';

export interface Page { url: string; title: string; referrer: string }
export interface From { role: Role; id?: string; name?: string }
export interface Person { id: string; name?: string; role?: string }
export interface Wait { low_s: number; high_s: number }
export interface Option { id: string; label: string }
export interface Field { name: string; label: string; type: string; required?: boolean; value?: string; wrong?: string }
export interface Form { id: string; fields: Field[] }
export interface Because { rule: string; evidence: string }
/** What the customer was promised: between `at` and `until`, by `phone` or `email`. */
export interface Promised { at: string; until?: string; channel?: string }
export interface Contact { email?: string | null; phone?: string | null }
/** How busy the agent was whom the house gave a conversation, in hundredths of an ordinary one. */
interface Share { load?: number; weight?: number; capacity?: number }
/** What a supervisor is told at once: a customer waits in silence, or nobody takes a conversation. */
export interface Alert { what: string; conversation: string; agent?: Person | null; at?: string }
export interface Feeling { feeling: FeelingName; intensity?: number; quote?: string }

/** What a person is handed together with a conversation, so that nothing is told twice. */
export interface Baton {
  reason: Reason;
  quote?: string;
  wants?: string;
  tried?: string[];
  fields?: Record<string, string>;
  feelings?: (Feeling & { seq: number })[];
  earlier?: { at: string; about?: string; outcome?: string; feeling?: string }[];
  promises?: string[];
  suggestion?: string;
}

/** The fold of a conversation at position `head`. The fields below the line are for agents alone. */
export interface Snapshot {
  conversation: string;
  state: State;
  head: number;
  language?: string;
  agent?: Person | null;
  position?: number | null;
  wait?: Wait | null;
  read?: { visitor?: number; agent?: number };
  rating?: { survey: Survey; score: number } | null;
  // ---
  site?: string;
  /** Since when a person is owed. */
  since?: string | null;
  reason?: Reason | null;
  team?: string | null;
  skills?: string[];
  feeling?: FeelingName | null;
  intensity?: number;
  fence?: number;
  /** `from` passes it on; null when the house offers. */
  offer?: { agent?: string; until: string; from?: string | null } | null;
  promise?: Promised | null;
  visitor?: { id: string; name?: string; first_seen?: string } | null;
  baton?: Baton | null;
  about?: string;
  opened_at?: string | null;
  closed_at?: string | null;
  /** When the customer last said something, and whether nobody has answered since. */
  customer_at?: string | null;
  customer_last?: boolean;
  due?: { at: string; what: string } | null;
  last?: { role: Role; id?: string; name?: string; text: string; at: string } | null;
  priority?: string | null;
  /** It stands in the supervisors' lane, after `missed` offers that came to nothing. */
  raised?: boolean;
  missed?: number;
  /** Colleagues whom the owner asked in. */
  invited?: Person[];
  contact?: Contact | null;
  /** By how much it is before who came at the same time. */
  head_start_s?: number | null;
}

interface EventBase {
  type: 'event';
  conversation: string;
  seq: number;
  at: string;
  key?: string;
  from: From;
}

/** What happened, by kind. A kind that this client does not know comes as `unknown`: it has a position and no meaning. */
export type KohtaEvent = EventBase & (
  | { kind: 'message'; text: string; options?: Option[]; form?: Form; because?: Because[]; option?: string; fields?: Record<string, string>; answers?: number; intent?: string; page?: Page }
  | { kind: 'escalated'; reason: Reason; quote?: string; team?: string; wait?: Wait | null; skills?: string[]; because?: Because[]; priority?: string; baton?: Baton }
  | Share & { kind: 'assigned'; agent: Person; by_hand?: boolean; reason?: string }
  | { kind: 'unassigned'; reason: 'agent_lost' | 'no_answer' | 'released' | 'taken_over'; agent?: Person }
  | { kind: 'transferred'; team?: string; agent?: Person | null; note?: string }
  | { kind: 'rated'; survey: Survey; score: number; comment?: string }
  | { kind: 'snoozed'; until?: string; promise?: Promised }
  | { kind: 'woken'; state: State }
  | { kind: 'returned' }
  | { kind: 'reopened'; state?: State }
  | { kind: 'closed'; by: Role }
  | { kind: 'promised'; text?: string; reason?: string; options?: Option[]; form?: Form; wait?: Wait | null; opens_at?: string }
  | { kind: 'note'; text: string }
  | { kind: 'feeling'; feeling: FeelingName; intensity?: number; quote?: string; of?: number }
  | { kind: 'nudged'; agent?: Person; reason?: string }
  | Share & { kind: 'offered'; agent?: Person; until?: string; sender?: string }
  | { kind: 'declined'; agent?: Person; reason?: string }
  | { kind: 'invited'; agent: Person; note?: string }
  | { kind: 'left'; agent: Person }
  | { kind: 'raised' }
  | { kind: 'mailed'; reason?: string }
  | { kind: 'unknown' }
);
export type Kind = KohtaEvent['kind'];
export type EventOf<K extends Kind> = Extract<KohtaEvent, { kind: K }>;

export interface VisitorWelcome {
  type: 'welcome'; visitor: string; token: string; site?: string; heartbeat_s: number; conversations: Snapshot[];
}
export interface AgentWelcome {
  type: 'welcome'; heartbeat_s: number; conversations: Snapshot[];
  agent: { id: string; name: string; role: string; status?: Presence; reason?: string; rest_until?: string | null };
  line: { waiting: Snapshot[]; total: number; version?: number };
  /** To a supervisor: what holds still. */
  alerts?: Alert[];
}
export type Ack = { type: 'ack'; key: string; conversation: string; seq: number };
export type Synced = { type: 'synced'; conversation: string; head: number };
export type Heartbeat = { type: 'heartbeat'; heads: Record<string, number>; line?: { total: number; version: number } };
export type ErrorFrame = {
  type: 'error'; code: ErrorCode; message?: string; key?: string; conversation?: string; retry_after_s?: number;
};

/** Signals are not stored and may be lost. */
export type Signal = { type: 'signal' } & (
  | { kind: 'typing'; conversation: string; from: From }
  | { kind: 'line'; conversation: string; position: number | null; wait: Wait | null }
  | { kind: 'line'; conversation?: undefined; added: Snapshot[]; removed: string[]; version: number; reset?: boolean; total?: number; order?: string[] }
  | { kind: 'offer'; snapshot: Snapshot; until: string; from?: Person | null }
  | { kind: 'snapshot'; snapshot: Snapshot }
  | { kind: 'invite'; snapshot: Snapshot; from: Person; note?: string }
  | { kind: 'alert' } & Alert
  | { kind: 'read'; conversation: string; by: Side; seq: number }
  | { kind: 'presence'; agent: Person; status: Presence; reason?: string; rest_until?: string | null }
  | { kind: 'unknown' }
);

export type ServerFrame =
  | VisitorWelcome | AgentWelcome | KohtaEvent | Ack | Synced | Heartbeat | ErrorFrame | Signal | { type: 'unknown' };

export type Since = Record<string, number>;
/** `link`, of a letter, stands in place of the token, and says the site too. */
export interface VisitorHello { type: 'hello'; site: string | null; token?: string | null; link?: string; language?: string; page?: Page; since?: Since }
export interface AgentHello { type: 'hello'; since?: Since }

interface Keyed { key: string; conversation: string }
interface Fenced extends Keyed { fence?: number }
/** Of the conversation null: the next one that the agent can serve. */
interface Taken { key: string; conversation: string | null; fence?: number }

/** Frames of a visitor that are acknowledged. */
export type VisitorWrite =
  | { type: 'post'; key: string; conversation: string | null; text: string }
  | { type: 'ask_human'; key: string; conversation: string | null }
  | Keyed & { type: 'choose'; seq: number; option: string }
  | Keyed & { type: 'submit'; seq: number; fields: Record<string, string> }
  | Keyed & { type: 'rate'; survey: Survey; score: number; comment?: string }
  | Keyed & { type: 'end' };

/** Frames of an agent that are acknowledged. */
export type AgentWrite =
  | Taken & { type: 'take' }
  | Fenced & { type: 'accept' | 'release' | 'to_bot' | 'resolve' | 'leave' }
  | Fenced & { type: 'invite'; agent: string; note?: string }
  | Fenced & { type: 'decline'; reason?: string }
  | Fenced & { type: 'post' | 'note'; text: string }
  | Fenced & { type: 'transfer'; team?: string | null; agent?: string | null; note?: string }
  | Fenced & { type: 'snooze'; until: string };

interface Common {
  typing: { type: 'typing'; conversation: string };
  read: { type: 'read'; conversation: string; seq: number };
  sync: { type: 'sync'; conversation: string; after: number };
  ping: { type: 'ping' };
}
export type VisitorFrame = VisitorHello | VisitorWrite | Common[keyof Common] | { type: 'page'; page: Page };
export type AgentFrame =
  | AgentHello | AgentWrite | Common[keyof Common]
  | { type: 'presence'; status: Presence; reason?: string }
  | { type: 'watch'; conversation: string; after: number }
  | { type: 'unwatch'; conversation: string };

/** What each side has of its own. */
export interface Sides {
  visitor: { welcome: VisitorWelcome; write: VisitorWrite; frame: VisitorFrame; hello: VisitorHello };
  agent: { welcome: AgentWelcome; write: AgentWrite; frame: AgentFrame; hello: AgentHello };
}

/** A frame that writes, before its key is chosen. */
export type Draft<S extends Side> = WithoutKey<Sides[S]['write']>;
type WithoutKey<T> = T extends { key: string } ? Omit<T, 'key'> : never;
