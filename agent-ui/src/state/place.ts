import type { Texts } from '../texts/index.ts';
import type { Desk, Talk } from './model.ts';
import { nameOf, skillsOf } from './select.ts';
import { inDanger } from './talks.ts';
import { clock, duration } from './time.ts';

/** Why a waiting conversation stands where it stands, in words of the order that the desk serves by. */
export interface Spot {
  /** Its place, 1 for the next; null where it is not told. */
  readonly place: number | null;
  readonly of: number;
  readonly raised: boolean;
  /** The facts, by their words: since when, which head start, what is needed, offered to whom. */
  readonly facts: readonly (readonly [string, string])[];
}

export function placeIn(talk: Talk, desk: Desk, texts: Texts): Spot | null {
  const { snap } = talk;
  if (snap.state !== 'waiting' || talk.gone) return null;
  const words = texts.place;
  const index = desk.line.order.indexOf(snap.conversation);
  const since = Date.parse(snap.since ?? '');
  const needs = [...skillsOf(snap), texts.customer.languageName[snap.language ?? ''] ?? snap.language ?? ''].filter((one) => one !== '');
  const facts: (readonly [string, string])[] = [
    [words.since, Number.isFinite(since) ? clock(since, texts) : ''],
    [words.headStart, headStart(talk, texts)],
    [words.needs, needs.join(', ')],
    [words.offered, snap.offer?.agent ? (snap.offer.agent === desk.me?.id ? words.you : nameOf(snap.offer.agent, talk, desk) || texts.talk.colleague) : ''],
    [words.missed, snap.missed ? String(snap.missed) : ''],
  ];
  return {
    place: placeOf(talk, desk, index), of: desk.line.total, raised: snap.raised === true, facts: facts.filter(([, value]) => value !== ''),
  };
}

/** Held out to somebody it has left its place; and a place that is told beyond the end of the line is an old one. */
function placeOf({ snap }: Talk, { line }: Desk, index: number): number | null {
  if (snap.offer?.agent) return null;
  const place = index >= 0 ? index + 1 : snap.position ?? null;
  return place !== null && place > line.total ? null : place;
}

/** The head start, by how much where it is told, and for what; where there is none, that it goes in the order of coming. */
function headStart(talk: Talk, texts: Texts): string {
  const { snap } = talk;
  const words = texts.place;
  if (inDanger(snap)) return words.crisis;
  const seconds = snap.head_start_s ?? null;
  if (seconds === 0) return words.none;
  const feeling = snap.feeling === 'calm' || snap.feeling === 'pleased' ? '' : texts.feeling[snap.feeling ?? ''] ?? '';
  const why = [snap.priority ? words.priority(level(snap.priority, texts)) : '', feeling].filter((one) => one !== '').join(', ');
  if (seconds === null) return snap.priority ? words.priority(level(snap.priority, texts)) : '';
  const much = duration(seconds * 1000, texts);
  return why === '' ? much : `${much}, ${why}`;
}

/** A priority by its word, where the desk itself knows it; else as its author named it. */
function level(slug: string, texts: Texts): string {
  return texts.place.level[slug] ?? slug.replace(/[_.-]+/g, ' ');
}
