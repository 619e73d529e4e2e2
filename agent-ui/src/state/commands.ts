import type { Texts } from '../texts/index.ts';
import { actsOf, possible } from './acts.ts';
import { letters, type Act } from './keys.ts';
import type { Desk, Talk } from './model.ts';
import { labelOf, mine, passedOn, waiting } from './select.ts';
import { awayReasons, chosen, ofWord, type Standing, wordOf } from './standing.ts';

/** A line of the command bar. */
export type Command = { readonly id: string; readonly label: string; readonly key: string; /** What finds it besides its label. */ readonly also?: string } & (
  | { readonly sort: 'press'; readonly act: Act }
  | { readonly sort: 'talk'; readonly act: 'release' | 'to_bot' | 'leave' | 'takeOver' }
  | { readonly sort: 'standing'; readonly standing: Standing }
  | { readonly sort: 'setting'; readonly setting: 'signOut' | 'away' | 'rested' }
  | { readonly sort: 'open'; readonly conversation: string }
);

/** All that can be done just now, and all conversations of the lists, in that order. */
export function commands(desk: Desk, texts: Texts): readonly Command[] {
  return [...acts(desk, texts), ...settings(desk, texts), ...conversations(desk, texts)];
}

/** Those that hold every word of what was typed, whatever the case and the marks above letters. */
export function matching(all: readonly Command[], typed: string): readonly Command[] {
  const words = plain(typed).split(/\s+/).filter((word) => word !== '');
  return all.filter((command) => {
    const label = plain(`${command.label} ${command.also ?? ''}`);
    return words.every((word) => label.includes(word));
  });
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

const ofTalk: ReadonlySet<Act> = new Set(['reply', 'note', 'transfer', 'invite', 'resolve', 'snooze', 'baton']);

function acts(desk: Desk, texts: Texts): Command[] {
  const pressed = letters
    .flatMap(({ key, act }): Command[] =>
      act === 'command' || act === 'next' || act === 'previous' || !possible(act, desk) ? [] : [{ id: act, label: texts.keys[act], key, sort: 'press', act }]);
  const talk = desk.selected === null ? undefined : desk.talks[desk.selected];
  const owned = talk === undefined ? [] : actsOf(talk, desk);
  const labels = { release: texts.talk.release, to_bot: texts.talk.toBot, leave: texts.talk.leave };
  const back = (['release', 'to_bot', 'leave'] as const).filter((act) => owned.includes(act))
    .map((act): Command => ({ id: act, label: labels[act], key: '', sort: 'talk', act }));
  // what is done with the open conversation comes before what goes to another
  const inTalk = (command: Command): boolean => command.sort === 'press' && ofTalk.has(command.act);
  return [...pressed.filter(inTalk), ...back, ...pressed.filter((command) => !inTalk(command))];
}

function settings(desk: Desk, texts: Texts): Command[] {
  const words = ['online', 'busy', ...awayReasons.map((reason) => wordOf(chosen('away', reason))), 'offline'].filter((word) => word !== wordOf(desk.standing));
  const all = words.map(ofWord).filter((standing) => standing !== null);
  return [
    ...all.map((standing): Command => ({ id: wordOf(standing), label: `${texts.bar.status}: ${standingWords(standing, texts)}`, key: '', sort: 'standing', standing })),
    { id: 'away-other', label: `${texts.bar.status}: ${texts.bar.other}`, key: '', sort: 'setting', setting: 'away' },
    ...(desk.standing.rest === null ? [] : [{ id: 'rested', label: texts.bar.restEnd, key: '', sort: 'setting', setting: 'rested' } as const]),
    { id: 'signOut', label: texts.bar.signOut, key: '', sort: 'setting', setting: 'signOut' },
  ];
}

/** A standing by its word: a reason of the list, the agent's own, or the status alone. */
export function standingWords(standing: Standing, texts: Texts): string {
  if (standing.status !== 'away') return texts.bar[standing.status];
  return texts.bar.reasons[standing.reason] ?? (standing.reason === '' ? texts.bar.away : standing.reason);
}

function conversations(desk: Desk, texts: Texts): Command[] {
  const told = desk.news.map((one) => desk.talks[one.conversation]).filter((talk) => talk !== undefined && !talk.gone) as Talk[];
  return [...new Set([...mine(desk), ...passedOn(desk), ...waiting(desk), ...told])].map((talk): Command => ({
    id: talk.snap.conversation, label: labelOf(talk, texts), key: '', sort: 'open', conversation: talk.snap.conversation, also: findable(talk),
  }));
}

/** By what a conversation is remembered: what it is about, what was said last, what is known. */
function findable({ snap }: Talk): string {
  const { about, last, baton, contact } = snap;
  return [about, last?.text, baton?.quote, baton?.wants, ...Object.values(baton?.fields ?? {}), contact?.email, contact?.phone].filter(Boolean).join(' ');
}
