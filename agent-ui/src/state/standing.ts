import type { Presence } from '@kohta/client';

/** How this agent stands with the desk: what they are given, and why not. */
export interface Standing {
  readonly status: Presence;
  /** Of `away`: a slug of `awayReasons`, `missed_offers` where the desk has set it, or the agent's own words. */
  readonly reason: string;
  /** Until when a breather lasts, by the desk's clock; null for none. */
  readonly rest: number | null;
}

export const nowhere: Standing = { status: 'offline', reason: '', rest: null };

export const awayReasons = ['break', 'lunch', 'meeting', 'training'] as const;

/** What the desk writes where it has set an agent away who let offers go by. */
export const missedOffers = 'missed_offers';

/** What the agent says of themself. A breather goes on only while they take new conversations at all. */
export function chosen(status: Presence, reason: string): Standing {
  return { status, reason: status === 'away' ? reason : '', rest: null };
}

/** What the desk, or another window of this agent's, says. */
export function told(status: Presence, reason: string | null | undefined, restUntil: string | null | undefined): Standing {
  const rest = Date.parse(restUntil ?? '');
  return { ...chosen(status, reason ?? ''), rest: status === 'online' && Number.isFinite(rest) ? rest : null };
}

/** Whether the desk made the agent away, who therefore may not know. */
export function madeAway(standing: Standing): boolean {
  return standing.status === 'away' && standing.reason === missedOffers;
}

/** Whole minutes that are left of a breather, at least one; 0 when there is none. */
export function restLeft(standing: Standing, now: number): number {
  return standing.rest === null || standing.rest <= now ? 0 : Math.ceil((standing.rest - now) / 60_000);
}

/** A standing as one word, for a list of choices and for what is kept over a reload: `online`, `away` for a break, `away:lunch`. */
export function wordOf({ status, reason }: Standing): string {
  return status === 'away' && reason !== '' && reason !== 'break' ? `away:${reason}` : status;
}

/** The standing that a word stands for; null for what is none. */
export function ofWord(word: string): Standing | null {
  const [status = '', ...rest] = word.split(':');
  return status === 'online' || status === 'busy' || status === 'away' || status === 'offline' ? chosen(status, rest.join(':') || 'break') : null;
}

export function same(a: Standing, b: Standing): boolean {
  return a.status === b.status && a.reason === b.reason && a.rest === b.rest;
}
