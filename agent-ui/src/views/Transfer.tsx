import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import type { Colleague, Team } from '../desk/rest.ts';
import { draftOf } from '../state/drafts.ts';
import { useConsole } from './context.ts';
import { Dialog } from './parts.tsx';

type Choices = { readonly teams: readonly Team[]; readonly people: readonly Colleague[] };

/** Gives a conversation to a team or a person, with a word for whoever is next. */
export function Transfer({ conversation }: { conversation: string }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const words = texts.transfer;
  const choices = useSignal<Choices | 'failed' | null>(null);
  const wrong = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const note = useSignal(draftOf(console.desk.peek().drafts, conversation).note);
  const load = async (): Promise<void> => {
    choices.value = null;
    const [teams, agents] = await Promise.all([console.rest.teams(), console.rest.agents()]);
    const me = console.desk.peek().me?.id;
    choices.value = teams.ok && agents.ok
      ? { teams: teams.value.items, people: agents.value.items.filter((person) => person.id !== me).sort(presentFirst) }
      : 'failed';
  };
  useEffect(() => form.current?.querySelector<HTMLInputElement>('[name=to]')?.focus(), [choices.value]);
  useEffect(() => void load(), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    const to = String(new FormData(form.current ?? undefined).get('to') ?? '');
    if (to === '') {
      wrong.value = true;
      form.current?.querySelector<HTMLInputElement>('[name=to]')?.focus();
      return;
    }
    const [sort, id = ''] = to.split('/');
    console.transfer(conversation, sort === 'team' ? { team: id } : { agent: id }, note.peek());
    console.write(conversation, 'note', '');
    console.dialog.value = null;
  };
  const now = choices.value;
  return (
    <Dialog name="transfer" title={words.title}>
      <form ref={form} class="ask" onSubmit={submit}>
        {now === null && <p class="soft" role="status">{words.loading}</p>}
        {now === 'failed' && <p role="alert">{texts.notice.listFailed} <button class="btn btn-quiet" type="button" onClick={() => void load()}>{texts.notice.retry}</button></p>}
        {now !== null && now !== 'failed' && <Whom choices={now} />}
        <p class="wrong" role="alert">{wrong.value && words.pick}</p>
        <div class="field">
          <label for="transfer-note">{words.note}</label>
          <textarea id="transfer-note" rows={2} value={note.value} aria-describedby="transfer-hint" onInput={(event) => { note.value = event.currentTarget.value; console.write(conversation, 'note', event.currentTarget.value); }} />
          <p class="hint" id="transfer-hint">{words.noteHint}</p>
        </div>
        <footer class="ask-foot">
          <button class="btn btn-bare" type="button" onClick={() => { console.dialog.value = null; }}>{texts.cancel}</button>
          <button class="btn btn-main" type="submit">{words.submit}</button>
        </footer>
      </form>
    </Dialog>
  );
}

function Whom({ choices }: { choices: Choices }): JSX.Element {
  const { texts } = useConsole();
  const words = texts.value.transfer;
  if (choices.teams.length + choices.people.length === 0) return <p>{words.none}</p>;
  return (
    <fieldset class="whom">
      <legend class="vh">{words.to}</legend>
      {choices.people.length > 0 && <p class="whom-sort">{words.people}</p>}
      {choices.people.map((person) => (
        <label key={person.id} class="whom-one">
          <input type="radio" name="to" value={`agent/${person.id}`} /><span class={`dot dot-${person.status}`} aria-hidden="true" />
          <span><b>{person.name}</b> <small>{[statusWord(person.status, texts.value.bar), ...person.skills].filter(Boolean).join(', ')}</small></span>
        </label>
      ))}
      {choices.teams.length > 0 && <p class="whom-sort">{words.teams}</p>}
      {choices.teams.map((team) => (
        <label key={team.team} class="whom-one"><input type="radio" name="to" value={`team/${team.team}`} /><span><b>{team.name}</b></span></label>
      ))}
    </fieldset>
  );
}

function statusWord(status: string, words: { online: string; away: string; offline: string }): string {
  return status === 'online' || status === 'away' || status === 'offline' ? words[status] : '';
}

function presentFirst(a: Colleague, b: Colleague): number {
  const rank = (person: Colleague): number => ['online', 'away'].indexOf(person.status) >>> 0;
  return rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
}
