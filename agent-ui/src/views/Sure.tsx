import type { JSX } from 'preact';

import { doubtOf, type LettingGo } from '../state/sure.ts';
import { useConsole } from './context.ts';
import { Dialog } from './parts.tsx';

/**
 * Asks before a conversation is let go. Enter says yes and Escape no. The focus is on the words, so that a space does
 * nothing; a letter closes it, as somebody writes elsewhere than they think.
 */
export function Sure({ act, conversation }: { act: LettingGo; conversation: string }): JSX.Element | null {
  const console = useConsole();
  const desk = console.desk.value;
  const texts = console.texts.value;
  const words = texts.sure;
  const talk = desk.talks[conversation];
  if (talk === undefined) return null;
  const doubt = doubtOf(act, talk, desk, console.now.peek());
  const yes = (event: Event): void => {
    event.preventDefault();
    console.sure(act, conversation);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) yes(event);
  };
  return (
    <Dialog name="sure" title={words.title[act]}>
      <form class="ask" onSubmit={yes} onKeyDown={keys}>
        <div data-first tabIndex={-1} class="sure">
          {doubt.draft !== null && <p>{doubt.draft === 'note' ? words.note : words.draft}</p>}
          {doubt.promise !== null && <p>{words[doubt.promise]}</p>}
          {doubt.last && <p>{words.last}</p>}
          {act === 'resolve' && doubt.draft === null && doubt.promise === null && !doubt.last && <p>{words.told}</p>}
        </div>
        <footer class="ask-foot">
          <button class="btn btn-bare" type="button" onClick={() => { console.dialog.value = null; }}>{texts.cancel} <kbd aria-hidden="true">Esc</kbd></button>
          <button class="btn btn-main" type="submit">{words.yes[act]} <kbd aria-hidden="true">Enter</kbd></button>
        </footer>
      </form>
    </Dialog>
  );
}
