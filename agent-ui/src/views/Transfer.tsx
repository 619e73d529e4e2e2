import { useSignal } from '@preact/signals';
import { calledBy, Icon, iPen } from '@kohta/look';
import type { JSX } from 'preact';

import { draftOf, written } from '../state/drafts.ts';
import { useConsole } from './context.ts';
import { Dialog } from './parts.tsx';
import { type Choices, chosenIn, isHere, useChoices, Whom } from './Whom.tsx';

/** Gives a conversation to a team or a person, with a word for whoever is next. */
export function Transfer({ conversation }: { conversation: string }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const words = texts.transfer;
  const { choices, load, form } = useChoices();
  const wrong = useSignal(false);
  /** Whom it was about to go to, and who is not there: it goes when it is pressed again. */
  const absent = useSignal<{ readonly id: string; readonly name: string } | null>(null);
  const unsent = written(draftOf(console.desk.value.drafts, conversation).reply);
  const note = useSignal(draftOf(console.desk.peek().drafts, conversation).note);
  const submit = (event: Event): void => {
    event.preventDefault();
    const to = chosenIn(form.current);
    if (to === null) {
      wrong.value = true;
      form.current?.querySelector<HTMLInputElement>('[name=to]')?.focus();
      return;
    }
    const person = to.sort === 'agent' && choices.peek() !== null && choices.peek() !== 'failed' ? (choices.peek() as Choices).people.find(({ id }) => id === to.id) : undefined;
    if (person !== undefined && !isHere(person) && absent.peek()?.id !== person.id) {
      absent.value = { id: person.id, name: calledBy(person.name) };
      return;
    }
    console.transfer(conversation, to.sort === 'team' ? { team: to.id } : { agent: to.id }, note.peek());
    console.write(conversation, 'note', '');
    console.dialog.value = null;
  };
  return (
    <Dialog name="transfer" title={words.title}>
      <form ref={form} class="ask" onSubmit={submit} onChange={() => { wrong.value = false; if (absent.value !== null && chosenIn(form.current)?.id !== absent.value.id) absent.value = null; }}>
        <Whom choices={choices.value} load={load} label={words.to} none={words.none} loading={words.loading} />
        <p class="wrong" role="alert">{wrong.value ? words.pick : absent.value !== null && words.notHere(absent.value.name)}</p>
        {unsent && <p class="late"><Icon d={iPen} small /><span>{texts.sure.draft}</span></p>}
        <div class="field">
          <label for="transfer-note">{words.note}</label>
          <textarea id="transfer-note" rows={2} value={note.value} aria-describedby="transfer-hint" onInput={(event) => { note.value = event.currentTarget.value; console.write(conversation, 'note', event.currentTarget.value); }} />
          <p class="hint" id="transfer-hint">{words.noteHint}</p>
        </div>
        <footer class="ask-foot">
          <button class="btn btn-bare" type="button" onClick={() => { console.dialog.value = null; }}>{texts.cancel}</button>
          <button class="btn btn-main" type="submit">{absent.value === null ? words.submit : words.anyway}</button>
        </footer>
      </form>
    </Dialog>
  );
}
