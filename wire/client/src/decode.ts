import type { Kind, Person, ServerFrame, Signal } from './frames.ts';

type Rec = Record<string, unknown>;
type Check = (v: unknown) => boolean;

const rec = (v: unknown): v is Rec => typeof v === 'object' && v !== null && !Array.isArray(v);
const str: Check = (v) => typeof v === 'string';
const num: Check = (v) => typeof v === 'number' && Number.isFinite(v);
const pos: Check = (v) => typeof v === 'number' && Number.isSafeInteger(v) && v >= 0;
const list = (of: Check): Check => (v) => Array.isArray(v) && v.every(of);
const maybe = (of: Check): Check => (v) => v === undefined || v === null || of(v);
const shape = (fields: Record<string, Check>): Check => (v) =>
  rec(v) && Object.entries(fields).every(([name, check]) => check(v[name]));
const oneOf = (...names: string[]): Check => (v) => names.includes(v as string);

const state = oneOf('bot', 'waiting', 'agent', 'snoozed', 'closed');
const wait = shape({ low_s: num, high_s: num });
const from = shape({ role: oneOf('visitor', 'bot', 'agent', 'system'), id: maybe(str), name: maybe(str) });
const person = shape({ id: str, name: maybe(str) });
const snapshot = shape({
  conversation: str, state, head: pos, agent: maybe(person), position: maybe(num), wait: maybe(wait),
  read: maybe(rec), skills: maybe(list(str)), fence: maybe(num), invited: maybe(list(person)), contact: maybe(rec),
});
const options = maybe(list(shape({ id: str, label: str })));
const form = shape({ id: str, fields: list(shape({ name: str, label: str, type: str })) });

const promise = shape({ at: str, until: maybe(str), channel: maybe(str) });
const share = { load: maybe(num), weight: maybe(num), capacity: maybe(num) };

const kinds: Record<Exclude<Kind, 'unknown'>, Check> = {
  message: shape({ text: str, options, form: maybe(form), fields: maybe(rec) }),
  escalated: shape({ reason: str, quote: maybe(str), wait: maybe(wait), baton: maybe(rec) }),
  assigned: shape({ agent: person, ...share }),
  unassigned: shape({ reason: str, agent: maybe(person) }),
  transferred: shape({ team: maybe(str), agent: maybe(person), note: maybe(str) }),
  rated: shape({ survey: str, score: num, comment: maybe(str) }),
  snoozed: shape({ until: maybe(str), promise: maybe(promise) }),
  woken: shape({ state }),
  returned: rec,
  reopened: shape({ state: maybe(state) }),
  closed: shape({ by: str }),
  promised: shape({ text: maybe(str), reason: maybe(str), options, form: maybe(form), wait: maybe(wait), opens_at: maybe(str) }),
  note: shape({ text: str }),
  feeling: shape({ feeling: str, quote: maybe(str), of: maybe(num) }),
  nudged: shape({ agent: maybe(person), reason: maybe(str) }),
  offered: shape({ agent: maybe(person), until: maybe(str), ...share }),
  declined: shape({ agent: maybe(person), reason: maybe(str) }),
  invited: shape({ agent: person, note: maybe(str) }),
  left: shape({ agent: person }),
  raised: rec,
  mailed: shape({ reason: maybe(str) }),
};

const alert = shape({ what: str, conversation: str, agent: maybe(person) });
const signals: Record<Exclude<Signal['kind'], 'unknown'>, Check> = {
  typing: shape({ conversation: str, from }),
  line: (v) => shape({ conversation: str, position: maybe(num), wait: maybe(wait) })(v)
    || shape({ added: list(snapshot), removed: list(str), version: num })(v),
  offer: shape({ snapshot, until: str, from: maybe(person) }),
  snapshot: shape({ snapshot }),
  invite: shape({ snapshot, from: person, note: maybe(str) }),
  alert,
  read: shape({ conversation: str, by: oneOf('visitor', 'agent'), seq: pos }),
  presence: shape({ agent: person, status: oneOf('online', 'busy', 'away', 'offline'), reason: maybe(str), rest_until: maybe(str) }),
};

const event = shape({ conversation: str, seq: pos, at: str, key: maybe(str), from });
const frames: Record<string, Check> = {
  welcome: (v) => shape({ heartbeat_s: num, conversations: list(snapshot) })(v)
    && (shape({ visitor: str, token: str, site: maybe(str) })(v)
      || shape({ agent: shape({ id: str, name: str, role: str }), alerts: maybe(list(alert)), line: shape({ waiting: list(snapshot), total: num }) })(v)),
  ack: shape({ key: str, conversation: str, seq: pos }),
  synced: shape({ conversation: str, head: pos }),
  heartbeat: (v) => rec(v) && rec(v['heads']) && Object.values(v['heads']).every(pos),
  error: shape({ code: str, key: maybe(str), conversation: maybe(str), retry_after_s: maybe(num) }),
};

/**
 * Reads one frame of the server. Gives null for what is no frame of the protocol, type `unknown` for a type and kind
 * `unknown` for an event or a signal that came after this client was written.
 */
export function decode(text: string): ServerFrame | null {
  let v: unknown;
  try {
    v = JSON.parse(text);
  } catch {
    return null;
  }
  if (!rec(v) || typeof v['type'] !== 'string') return null;
  if (v['type'] === 'event') return event(named(v)) ? withKind(v, kinds) : null;
  if (v['type'] === 'signal') return withKind(named(v), signals);
  const check = frames[v['type']];
  if (!check) return { type: 'unknown' };
  return check(v) ? (v as unknown as ServerFrame) : null;
}

/** An agent given by id alone is a person without a name. */
function named(v: Rec): Rec {
  if (typeof v['agent'] === 'string') v['agent'] = { id: v['agent'] } satisfies Person;
  return v;
}

function withKind(v: Rec, known: Record<string, Check>): ServerFrame | null {
  const kind = v['kind'];
  if (typeof kind !== 'string') return null;
  const check = Object.hasOwn(known, kind) ? known[kind] : undefined;
  if (!check) return { ...v, kind: 'unknown' } as unknown as ServerFrame;
  return check(v) ? (v as unknown as ServerFrame) : null;
}
