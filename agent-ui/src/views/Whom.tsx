import { type Signal, useSignal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import type { Colleague, Team } from '../desk/rest.ts';
import { standingWords } from '../state/commands.ts';
import { nobodyIn } from '../state/handed.ts';
import { chosen } from '../state/standing.ts';
import type { Texts } from '../texts/index.ts';
import { useConsole } from './context.ts';

export type Choices = { readonly teams: readonly (Team & { readonly empty: boolean })[]; readonly people: readonly Colleague[] };

/** To whom a conversation can go: fetched anew each time, because people come and go. */
export function useChoices(): { choices: Signal<Choices | 'failed' | null>; load: () => void; form: RefObject<HTMLFormElement | null> } {
  const console = useConsole();
  const choices = useSignal<Choices | 'failed' | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const load = async (): Promise<void> => {
    choices.value = null;
    const [teams, agents] = await Promise.all([console.rest.teams(), console.rest.agents()]);
    const me = console.desk.peek().me?.id;
    choices.value = teams.ok && agents.ok
      ? { teams: teams.value.items.map((team) => ({ ...team, empty: nobodyIn(team.team, agents.value.items) })), people: agents.value.items.filter((person) => person.id !== me).sort(presentFirst) }
      : 'failed';
  };
  useEffect(() => form.current?.querySelector<HTMLInputElement>('[name=to]:not(:disabled)')?.focus(), [choices.value]);
  useEffect(() => void load(), []);
  return { choices, load: () => void load(), form };
}

/** The list to choose one of; while it is fetched, and when that failed, what is to be said of it. */
export function Whom({ choices, load, label, none, loading, here = [] }: {
  choices: Choices | 'failed' | null; load: () => void; label: string; none: string; loading: string; here?: readonly string[];
}): JSX.Element {
  const texts = useConsole().texts.value;
  const words = texts.transfer;
  if (choices === null) return <p class="soft" role="status">{loading}</p>;
  if (choices === 'failed') return <p role="alert">{texts.notice.listFailed} <button class="btn btn-quiet" type="button" onClick={load}>{texts.notice.retry}</button></p>;
  if (choices.teams.length + choices.people.length === 0) return <p>{none}</p>;
  return (
    <fieldset class="whom">
      <legend class="vh">{label}</legend>
      {choices.people.length > 0 && choices.teams.length > 0 && <p class="whom-sort">{words.people}</p>}
      {choices.people.map((person) => (
        <label key={person.id} class="whom-one">
          <input type="radio" name="to" value={`agent/${person.id}`} disabled={here.includes(person.id)} /><span class={`dot dot-${person.status}`} aria-hidden="true" />
          <span><b>{person.name}</b> <small>{[here.includes(person.id) ? texts.invite.here : statusWord(person, texts), ...person.skills].filter(Boolean).join(', ')}</small></span>
        </label>
      ))}
      {choices.teams.length > 0 && <p class="whom-sort">{words.teams}</p>}
      {choices.teams.map((team) => (
        <label key={team.team} class="whom-one"><input type="radio" name="to" value={`team/${team.team}`} /><span><b>{team.name}</b>{team.empty && <> <small>{words.empty}</small></>}</span></label>
      ))}
    </fieldset>
  );
}

/** What is chosen in a form with the list: the kind and the id; null where nothing is. */
export function chosenIn(form: HTMLFormElement | null): { readonly sort: string; readonly id: string } | null {
  const [sort = '', id = ''] = String(new FormData(form ?? undefined).get('to') ?? '').split('/');
  return id === '' ? null : { sort, id };
}

/** Whether a conversation can be held out to them now; else it waits in the line. */
export function isHere({ status }: Colleague): boolean {
  return status === 'online';
}

function statusWord({ status, reason }: Colleague, texts: Texts): string {
  return status === 'online' || status === 'busy' || status === 'away' || status === 'offline' ? standingWords(chosen(status, reason), texts) : '';
}

function presentFirst(a: Colleague, b: Colleague): number {
  const rank = (person: Colleague): number => ['online', 'busy', 'away'].indexOf(person.status) >>> 0;
  return rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
}
