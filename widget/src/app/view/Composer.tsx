import type { JSX } from 'preact';
import { Icon, iSend, iWarn } from '@kohta/look';
import { send, state, tooLong, words, writing } from '../desk.ts';
import { draft, focus, long, MESSAGE, write } from '../ui.ts';
import { placeholder } from '../who.ts';

/** The field Message. Enter sends, Shift and Enter break the line; what is written is kept until it is sent. */
export function Composer(): JSX.Element {
  const t = words.value;
  const wrong = long.value;
  return (
    <form class="composer" onSubmit={hand}>
      {wrong && <p class="composer-wrong" id="long" role="alert"><Icon d={iWarn} small /><span>{t.tooLong}</span></p>}
      <div class="composer-box">
        <label class="vh" for="message">{t.message}</label>
        <textarea
          id="message" rows={1} value={draft.value} placeholder=" " enterkeyhint="send"
          aria-invalid={wrong ? 'true' : undefined} aria-describedby={wrong ? 'long' : undefined} onInput={typed} onKeyDown={key}
        />
        <span class="hint" aria-hidden="true">{placeholder(state.value, t)}</span>
      </div>
      <button class="send" type="submit" aria-label={t.send}><Icon d={iSend} /></button>
    </form>
  );
}

function typed({ currentTarget: field }: { currentTarget: HTMLTextAreaElement }): void {
  write(field.value);
  if (long.value) long.value = tooLong(field.value);
  if (field.value.trim()) writing();
  fit(field);
}

function key(e: KeyboardEvent): void {
  if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) hand(e);
}

function hand(e: Event): void {
  e.preventDefault();
  if (!send(draft.value)) return void (long.value = draft.value.trim() !== '');
  write('');
  focus(MESSAGE);
}

/** Where a field does not grow with its text by itself. */
function fit(field: HTMLTextAreaElement): void {
  if (CSS.supports('field-sizing', 'content')) return;
  field.style.blockSize = 'auto';
  field.style.blockSize = `${field.scrollHeight}px`;
}
