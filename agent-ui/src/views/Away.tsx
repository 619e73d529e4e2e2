import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';

import { chosen } from '../state/standing.ts';
import { useConsole } from './context.ts';
import { Dialog } from './parts.tsx';

/** Away for a reason of one's own. */
export function Away(): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const words = texts.away;
  const why = useSignal('');
  const wrong = useSignal(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    const reason = why.peek().trim();
    wrong.value = reason === '';
    if (wrong.peek()) return;
    console.stand(chosen('away', reason));
    console.dialog.value = null;
  };
  return (
    <Dialog name="away" title={words.title}>
      <form class="ask" onSubmit={submit} noValidate>
        <div class="field">
          <label for="away-why">{words.field}</label>
          <input id="away-why" type="text" maxLength={80} autocomplete="off" value={why.value} aria-invalid={wrong.value} aria-describedby="away-wrong away-hint" onInput={(event) => { why.value = event.currentTarget.value; wrong.value = false; }} />
          <p class="wrong" id="away-wrong" role="alert">{wrong.value && words.empty}</p>
          <p class="hint" id="away-hint">{words.hint}</p>
        </div>
        <footer class="ask-foot">
          <button class="btn btn-bare" type="button" onClick={() => { console.dialog.value = null; }}>{texts.cancel}</button>
          <button class="btn btn-main" type="submit">{words.submit}</button>
        </footer>
      </form>
    </Dialog>
  );
}
