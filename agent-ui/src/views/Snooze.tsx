import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';

import { asideUntil } from '../state/snooze.ts';
import { ahead, daysToMonday, fieldValue, morning } from '../state/time.ts';
import { useConsole } from './context.ts';
import { Dialog } from './parts.tsx';

const hour = 3_600_000;

/** Puts a conversation aside until a time. */
export function Snooze({ conversation }: { conversation: string }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const words = texts.snooze;
  const now = console.now.peek();
  const chosen = useSignal(fieldValue(now + 2 * hour));
  const wrong = useSignal(false);
  /** The time that is told of: the one that has the focus or the pointer. */
  const looked = useSignal(now + hour);
  const snap = console.desk.value.talks[conversation]?.snap;
  const aside = snap === undefined ? null : asideUntil(looked.value, snap, now, texts);
  const look = (at: number): void => { if (Number.isFinite(at)) looked.value = at; };
  const until = (at: number): void => {
    console.snooze(conversation, at);
    console.dialog.value = null;
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    const at = Date.parse(chosen.peek());
    wrong.value = !(at > console.now.peek());
    if (!wrong.peek()) until(at);
  };
  const quick: readonly (readonly [string, number])[] = [
    [words.hour, now + hour],
    [words.tomorrow, morning(now, 1)],
    ...(daysToMonday(now) > 1 ? [[words.monday, morning(now, daysToMonday(now))] as const] : []),
  ];
  return (
    <Dialog name="snooze" title={words.title}>
      <p class="soft">{words.lead}</p>
      <div class="quick">
        {quick.map(([word, at]) => (
          <button key={word} class="btn btn-quiet" type="button" aria-describedby="snooze-told" onFocus={() => look(at)} onMouseEnter={() => look(at)} onClick={() => until(at)}><span>{word}</span><small>{ahead(at, now, texts)}</small></button>
        ))}
      </div>
      <p id="snooze-told" class="told">{aside?.told ? <>{words.customer} <q lang={aside.language}>{aside.told}</q></> : aside?.sooner}</p>
      <form class="ask" onSubmit={submit} noValidate>
        <div class="field">
          <label for="snooze-at">{words.choose}</label>
          <input id="snooze-at" type="datetime-local" value={chosen.value} min={fieldValue(now)} aria-invalid={wrong.value} aria-describedby="snooze-wrong snooze-told" onFocus={() => look(Date.parse(chosen.peek()))} onInput={(event) => { chosen.value = event.currentTarget.value; wrong.value = false; look(Date.parse(chosen.peek())); }} />
          <p class="wrong" id="snooze-wrong" role="alert">{wrong.value && words.past}</p>
        </div>
        <footer class="ask-foot">
          <button class="btn btn-bare" type="button" onClick={() => { console.dialog.value = null; }}>{texts.cancel}</button>
          <button class="btn btn-main" type="submit">{words.submit}</button>
        </footer>
      </form>
    </Dialog>
  );
}
