import type { Me } from '../state/model.ts';

/** What a request came to. `wait` is how long the desk wants to be left alone, in seconds. */
export type Result<T> =
  | { ok: true; value: T }
  | { ok: false; why: 'refused' | 'many' | 'down' | 'failed'; wait: number };

export interface Team {
  readonly team: string;
  readonly name: string;
  readonly assignment: string;
}

export interface Colleague {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly status: string;
  /** Why they are away, where they have said so. */
  readonly reason: string;
  readonly skills: readonly string[];
  readonly teams: readonly string[];
}

/** An earlier conversation of a customer, in short. */
export interface Visit {
  readonly conversation: string;
  readonly state: string;
  readonly opened_at: string;
  readonly about: string;
  readonly outcome: string;
  readonly feeling: string;
  readonly quote: string;
  readonly agent: string;
  readonly rating: { readonly survey: string; readonly score: number } | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The part of the REST interface that the console uses. No call rejects; each ends within 15 s. */
export interface Rest {
  session(): Promise<Result<Me>>;
  signIn(email: string, password: string): Promise<Result<Me>>;
  signOut(): Promise<Result<null>>;
  teams(): Promise<Result<Page<Team>>>;
  agents(): Promise<Result<Page<Colleague>>>;
  visits(visitor: string, after: string | null): Promise<Result<Page<Visit>>>;
}

/** What one answer told of the desk's clock: its time less ours, in milliseconds. */
export type HearTime = (skew: number) => void;

const patience = 15_000;

export function rest(hear: HearTime, fetcher: typeof fetch = fetch): Rest {
  const ask = async <T>(method: string, path: string, read: (body: Rec) => T | null, body?: unknown): Promise<Result<T>> => {
    const init: RequestInit = { method, credentials: 'same-origin', headers: { accept: 'application/json' }, signal: AbortSignal.timeout(patience) };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { ...init.headers, 'content-type': 'application/json' };
    }
    try {
      const began = Date.now();
      const response = await fetcher(`/api/v1/${path}`, init);
      hearTime(response, began, hear);
      if (!response.ok) return refusal(response);
      const text = await response.text();
      const value = read(record(text === '' ? {} : JSON.parse(text)) ?? {});
      return value === null ? { ok: false, why: 'failed', wait: 0 } : { ok: true, value };
    } catch {
      return { ok: false, why: 'down', wait: 0 };
    }
  };
  return {
    session: () => ask('GET', 'session', readMe),
    signIn: (email, password) => ask('POST', 'session', readMe, { email, password }),
    signOut: () => ask('DELETE', 'session', () => ({ done: true })).then((result) => (result.ok ? { ok: true, value: null } : result)),
    teams: () => ask('GET', 'teams', (body) => page(body, readTeam)),
    agents: () => ask('GET', 'agents', (body) => page(body, readColleague)),
    visits: (visitor, after) => ask('GET', `visitors/${encodeURIComponent(visitor)}/conversations?limit=50${after === null ? '' : `&after=${encodeURIComponent(after)}`}`, (body) => page(body, readVisit)),
  };
}

/** The Date header has whole seconds: half a second is added, and half of the way there and back. */
function hearTime(response: Response, began: number, hear: HearTime): void {
  const told = Date.parse(response.headers.get('date') ?? '');
  if (Number.isFinite(told)) hear(told + 500 - (began + Date.now()) / 2);
}

function refusal(response: Response): Result<never> {
  const wait = Number(response.headers.get('retry-after')) || 0;
  if (response.status === 401 || response.status === 403) return { ok: false, why: 'refused', wait };
  if (response.status === 429) return { ok: false, why: 'many', wait: wait || 30 };
  if (response.status >= 500) return { ok: false, why: 'down', wait };
  return { ok: false, why: 'failed', wait };
}

type Rec = Readonly<Record<string, unknown>>;

function record(value: unknown): Rec | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Rec) : null;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);

function readMe(body: Rec): Me | null {
  const agent = record(body['agent']);
  const id = text(agent?.['id']);
  return agent === null || id === '' ? null : { id, name: text(agent['name']), role: text(agent['role']) };
}

function page<T>(body: Rec, read: (item: Rec) => T | null): Page<T> {
  const items = Array.isArray(body['items']) ? body['items'] : [];
  const read1 = (item: unknown): T | null => {
    const one = record(item);
    return one === null ? null : read(one);
  };
  return { items: items.map(read1).filter((item): item is T => item !== null), next: text(body['next']) || null };
}

function readTeam(item: Rec): Team | null {
  const team = text(item['team']);
  return team === '' ? null : { team, name: text(item['name']) || team, assignment: text(item['assignment']) };
}

function readColleague(item: Rec): Colleague | null {
  const id = text(item['id']);
  if (id === '') return null;
  return {
    id, name: text(item['name']), role: text(item['role']), status: text(item['status']), reason: text(item['reason']), skills: texts(item['skills']), teams: texts(item['teams']),
  };
}

function readVisit(item: Rec): Visit | null {
  const conversation = text(item['conversation']);
  if (conversation === '') return null;
  const rating = record(item['rating']);
  const score = rating?.['score'];
  return {
    conversation,
    state: text(item['state']),
    opened_at: text(item['opened_at']),
    about: text(item['about']),
    outcome: text(item['outcome']),
    feeling: text(item['feeling']),
    quote: text(item['quote']),
    agent: text(record(item['agent'])?.['name']),
    rating: typeof score === 'number' ? { survey: text(rating?.['survey']), score } : null,
  };
}
