import type { KohtaEvent } from '@kohta/client';

/**
 * What an agent should hear of beside the conversation that is open: `silence` and `raised` are for supervisors; the
 * others are about oneself.
 */
export type NewsSort = 'silence' | 'raised' | 'missed' | 'nudge' | 'back' | 'lost' | 'invited';

export interface News {
  readonly id: number;
  readonly sort: NewsSort;
  readonly conversation: string;
  /** Milliseconds, by the desk's clock. */
  readonly at: number;
  /** The agent whom it is about, by name where it is known. */
  readonly who: string;
  readonly note: string;
  /** Not looked at yet. */
  readonly fresh: boolean;
}

const kept = 30;

/** Adds one, newest first. Of one sort a conversation has one at most. */
export function addNews(news: readonly News[], one: Omit<News, 'id' | 'fresh'>): readonly News[] {
  const id = 1 + Math.max(0, ...news.map((other) => other.id));
  const rest = news.filter((other) => other.sort !== one.sort || other.conversation !== one.conversation);
  return [{ ...one, id, fresh: true }, ...rest].slice(0, kept);
}

export function dropNews(news: readonly News[], gone: (one: News) => boolean): readonly News[] {
  return news.some(gone) ? news.filter((one) => !gone(one)) : news;
}

/** All that is there has been looked at. */
export function seenNews(news: readonly News[]): readonly News[] {
  return news.some((one) => one.fresh) ? news.map((one) => (one.fresh ? { ...one, fresh: false } : one)) : news;
}

/** What an event makes news, and what it settles: who was reminded has answered, who was raised has somebody. */
export function newsOf(news: readonly News[], event: KohtaEvent, me: { readonly id: string } | null): readonly News[] {
  const settled = (...sorts: NewsSort[]): readonly News[] =>
    dropNews(news, (one) => one.conversation === event.conversation && sorts.includes(one.sort));
  switch (event.kind) {
    case 'message': return event.from.role === 'agent' ? settled('silence', 'nudge') : news;
    case 'assigned': return settled('raised', 'silence', ...(event.agent.id === me?.id ? (['missed', 'lost'] as const) : []));
    case 'left': return event.agent.id === me?.id ? settled('invited') : news;
    case 'unassigned':
    case 'transferred': return settled('silence', 'nudge');
    case 'closed':
    case 'snoozed': return settled('silence', 'nudge', 'raised', 'invited');
    case 'nudged':
      return event.reason !== 'supervisor' && event.agent?.id === me?.id && me !== null
        ? addNews(news, { sort: 'nudge', conversation: event.conversation, at: Date.parse(event.at), who: '', note: '' })
        : news;
    default: return news;
  }
}
