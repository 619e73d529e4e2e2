import type { Presence } from '@kohta/client';

import type { Texts } from '../texts/index.ts';
import { actsOf, possible } from './acts.ts';
import { letters, type Act } from './keys.ts';
import type { Desk } from './model.ts';
import { labelOf, mine, waiting } from './select.ts';

/** A line of the command bar. */
export type Command = { readonly id: string; readonly label: string; readonly key: string } & (
  | { readonly sort: 'press'; readonly act: Act }
  | { readonly sort: 'talk'; readonly act: 'release' | 'to_bot' }
  | { readonly sort: 'status'; readonly status: Presence }
  | { readonly sort: 'setting'; readonly setting: 'signOut' }
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
    const label = plain(command.label);
    return words.every((word) => label.includes(word));
  });
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function acts(desk: Desk, texts: Texts): Command[] {
  const pressed = letters
    .flatMap(({ key, act }): Command[] =>
      act === 'command' || act === 'next' || act === 'previous' || !possible(act, desk) ? [] : [{ id: act, label: texts.keys[act], key, sort: 'press', act }]);
  const talk = desk.selected === null ? undefined : desk.talks[desk.selected];
  const owned = talk === undefined ? [] : actsOf(talk, desk);
  const back: Command[] = owned.includes('release')
    ? [
      { id: 'release', label: texts.talk.release, key: '', sort: 'talk', act: 'release' },
      { id: 'to_bot', label: texts.talk.toBot, key: '', sort: 'talk', act: 'to_bot' },
    ]
    : [];
  return [...pressed, ...back];
}

function settings(desk: Desk, texts: Texts): Command[] {
  const statuses = (['online', 'away', 'offline'] as const).filter((status) => status !== desk.status);
  return [
    ...statuses.map((status): Command => ({ id: status, label: `${texts.bar.status}: ${texts.bar[status]}`, key: '', sort: 'status', status })),
    { id: 'signOut', label: texts.bar.signOut, key: '', sort: 'setting', setting: 'signOut' },
  ];
}

function conversations(desk: Desk, texts: Texts): Command[] {
  return [...mine(desk), ...waiting(desk)].map((talk): Command => ({
    id: talk.snap.conversation, label: labelOf(talk, texts), key: '', sort: 'open', conversation: talk.snap.conversation,
  }));
}
