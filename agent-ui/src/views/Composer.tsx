import { useSignal } from '@preact/signals';
import { Icon, iNote } from '@kohta/look';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

import { mayWrite } from '../state/acts.ts';
import { draftOf, type DraftKind } from '../state/drafts.ts';
import type { Desk, Talk } from '../state/model.ts';
import { customerName } from '../state/names.ts';
import { modeOf, nextOwn, passedAway } from '../state/select.ts';
import { ownerOf } from '../state/talks.ts';
import type { Texts } from '../texts/index.ts';
import { useConsole } from './context.ts';

export function Composer({ talk }: { talk: Talk }): JSX.Element {
  const console = useConsole();
  const desk = console.desk.value;
  const texts = console.texts.value;
  const words = texts.reply;
  const id = talk.snap.conversation;
  const may = mayWrite(talk, desk);
  const mode: DraftKind = modeOf(desk, id);
  const text = draftOf(desk.drafts, id)[mode];
  const tooLong = useSignal(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const wanted = console.focus.value;
  useLayoutEffect(() => {
    if (wanted?.what !== 'reply' || field.current === null) return;
    field.current.focus();
    field.current.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [wanted]);

  const send = (event: Event): void => {
    event.preventDefault();
    if (!may[mode]) return;
    tooLong.value = !console.send(id, mode);
    field.current?.focus();
  };
  const why = may[mode] ? '' : whyNot(talk, desk, texts);
  const over = mode === 'reply' && talk.snap.state === 'closed';
  const next = over || (mode === 'reply' && passedAway(talk, desk)) ? nextOwn(desk) : null;
  return (
    <form class={`reply reply-${mode}`} onSubmit={send}>
      <div class="reply-tabs" role="group" aria-label={words.mode}>
        <Tab mode="reply" now={mode} id={id} label={words.reply} />
        <Tab mode="note" now={mode} id={id} label={words.note} />
        {mode === 'note' && <p>{words.noteHint}</p>}
      </div>
      {!(over && text === '') && <><label class="vh" for="reply">{mode === 'reply' ? words.reply : words.note}</label><textarea
        ref={field}
        id="reply"
        rows={2}
        value={text}
        lang={mode === 'reply' ? talk.snap.language : undefined}
        aria-describedby="reply-why"
        onInput={(event) => { tooLong.value = false; console.write(id, mode, event.currentTarget.value); }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) send(event);
          else if (event.key === 'Escape') console.wantFocus('item');
        }}
      /></>}
      <div class="reply-foot">
        <p id="reply-why" role="status">{tooLong.value ? words.tooLong : why !== '' ? why : text.trim() !== '' ? words.kept : ''}</p>
        {may[mode] && <kbd aria-hidden="true">Ctrl Enter</kbd>}
        {next !== null && <button class="btn btn-main" type="button" onClick={() => { console.select(next.snap.conversation); console.wantFocus('talk'); }}>{words.next(customerName(next.snap, texts))}</button>}
        {next === null && !over && <button class="btn btn-main" type="submit" aria-disabled={!may[mode]}>{words.send}</button>}
      </div>
    </form>
  );
}

function Tab({ mode, now, id, label }: { mode: DraftKind; now: DraftKind; id: string; label: string }): JSX.Element {
  const console = useConsole();
  const choose = (): void => {
    console.mode(id, mode);
    console.wantFocus('reply');
  };
  return <button class="btn" type="button" aria-pressed={now === mode} onClick={choose}>{mode === 'note' && <Icon d={iNote} />}{label}</button>;
}

function whyNot(talk: Talk, desk: Desk, texts: Texts): string {
  const words = texts.reply;
  if (talk.gone) return texts.notice.notFound;
  switch (ownerOf(talk.snap, desk.me)) {
    case 'bot': return words.withBot;
    case 'line': return words.takeFirst;
    case 'closed': return words.closed;
    case 'colleague': return talk.snap.agent?.name ? words.colleague(talk.snap.agent.name) : words.colleagueUnnamed;
    case 'mine': return '';
  }
}
