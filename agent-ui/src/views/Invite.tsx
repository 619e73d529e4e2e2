import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';

import { useConsole } from './context.ts';
import { Dialog } from './parts.tsx';
import { chosenIn, useChoices, Whom } from './Whom.tsx';

/** Calls a colleague in, who sees the conversation and writes notes in it; it stays with this agent. */
export function Invite({ conversation }: { conversation: string }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const words = texts.invite;
  const { choices, load, form } = useChoices();
  const wrong = useSignal(false);
  const note = useSignal('');
  const here = (console.desk.value.talks[conversation]?.snap.invited ?? []).map((one) => one.id);
  const people = choices.value;
  const submit = (event: Event): void => {
    event.preventDefault();
    const to = chosenIn(form.current);
    if (to === null) {
      wrong.value = true;
      form.current?.querySelector<HTMLInputElement>('[name=to]:not(:disabled)')?.focus();
      return;
    }
    console.invite(conversation, to.id, note.peek());
    console.dialog.value = null;
  };
  return (
    <Dialog name="invite" title={words.title}>
      <form ref={form} class="ask" onSubmit={submit}>
        <Whom choices={people === null || people === 'failed' ? people : { ...people, teams: [] }} load={load} label={words.to} none={words.none} loading={texts.transfer.loading} here={here} />
        <p class="wrong" role="alert">{wrong.value && words.pick}</p>
        <div class="field">
          <label for="invite-note">{words.note}</label>
          <textarea id="invite-note" rows={2} value={note.value} aria-describedby="invite-hint" onInput={(event) => { note.value = event.currentTarget.value; }} />
          <p class="hint" id="invite-hint">{words.noteHint}</p>
        </div>
        <footer class="ask-foot">
          <button class="btn btn-bare" type="button" onClick={() => { console.dialog.value = null; }}>{texts.cancel}</button>
          <button class="btn btn-main" type="submit">{words.submit}</button>
        </footer>
      </form>
    </Dialog>
  );
}
