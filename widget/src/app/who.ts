import { appointment, calledBy, plainName } from '@kohta/look';
import { agreed, waitLine } from './notes.ts';
import { backAt, current, inCrisis, nobody, type State, type Talk } from './state.ts';
import type { Words } from './words.ts';

/** Who the customer talks with, as the head of the window says it. */
export interface Who { kind: 'bot' | 'line' | 'person'; name: string; line: string; here: boolean }

export function who(s: State, t: Words, now: Date): Who {
  const talk = current(s);
  const state = talk?.snapshot.state ?? 'bot';
  if (state === 'waiting') {
    const later = back(s, t, now);
    return { kind: 'line', name: later || (nobody(talk) ? t.inLine : t.coming), line: later ? '' : inCrisis(talk) ? t.atOnce : t.nothingTwice, here: false };
  }
  if (state === 'snoozed') {
    return { kind: 'line', name: t.laterTitle, line: agreement(talk, t, now) || t.nothingTwice, here: false };
  }
  const person = plainName(talk?.snapshot.agent?.name ?? '');
  if (person && state === 'agent') return { kind: 'person', name: person, line: t.personHere, here: s.link === 'connected' };
  if (person && state === 'closed') return { kind: 'person', name: person, line: t.over, here: false };
  return { kind: 'bot', name: botName(s) || t.botName, line: state === 'closed' ? t.over : t.botAlways, here: false };
}

/** When people are back, in words; empty while they are here. */
export function back(s: State, t: Words, now: Date): string {
  const at = backAt(s, now);
  return at ? `${t.peopleBack} ${appointment(at, now, t.language)}` : '';
}

function agreement(talk: Talk | null, t: Words, now: Date): string {
  const pause = talk?.events.findLast((e) => e.kind === 'snoozed');
  const promise = pause?.promise ?? (pause?.until ? { at: pause.until } : null);
  return promise ? agreed(promise, t, now) : '';
}

function botName(s: State): string {
  for (const id of [...s.order].reverse()) {
    const said = s.talks[id]?.events.findLast((e) => e.kind === 'message' && e.from.role === 'bot' && e.from.name);
    if (said) return plainName(said.from.name ?? '');
  }
  return '';
}

/** What stands beside “Talk to a person”: who is there and how long it takes, as far as it is known. */
export interface Bar { done: boolean; line: string }

export function bar(s: State, t: Words, now: Date): Bar {
  const talk = current(s);
  const snapshot = talk?.snapshot;
  const wish = s.kept.some((k) => k.frame.type === 'ask_human');
  if (wish) return { done: true, line: s.link === 'connected' ? t.barSending : t.barLater };
  const asked = snapshot?.state === 'waiting' || snapshot?.state === 'agent';
  if (s.offline) return { done: asked, line: asked ? t.barAway : t.barLater };
  if (snapshot?.state === 'waiting') return { done: true, line: back(s, t, now) || t.barDone };
  if (snapshot?.state === 'agent') return { done: true, line: t.barHere(calledBy(snapshot.agent?.name ?? '') || t.personHere) };
  if (snapshot?.state === 'snoozed') return { done: true, line: agreement(talk, t, now) || t.barSnoozed };
  if (snapshot?.state === 'closed') return { done: false, line: t.barClosed };
  if (snapshot?.wait) return { done: false, line: waitLine(snapshot.wait, t) };
  return { done: false, line: t.barAny };
}

/** What stands in the empty field. */
export function placeholder(s: State, t: Words): string {
  const talk = current(s);
  if (s.offline) return t.offlineWrite;
  if (talk?.snapshot.state === 'waiting') return inCrisis(talk) ? t.writeOn : t.writeMore;
  return talk?.snapshot.state === 'agent' ? t.message : t.askAnything;
}
