import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';

import { customerName } from '../state/names.ts';
import { type Unsent, unsent } from '../state/select.ts';
import { useConsole } from './context.ts';

/** What was written and never sent, where the conversation has ended or is another's: nothing of it is lost. */
export function UnsentLane(): JSX.Element | null {
  const console = useConsole();
  const words = console.texts.value.lists;
  const all = unsent(console.desk.value);
  if (all.length === 0) return null;
  return (
    <section class="lane-unsent">
      <h2 class="passed-on"><span id="unsent">{words.unsent}</span></h2>
      <ul role="list" aria-labelledby="unsent">{all.map((one) => <One key={one.id} one={one} />)}</ul>
    </section>
  );
}

function One({ one }: { one: Unsent }): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const words = texts.lists;
  const box = useRef<HTMLDivElement>(null);
  const name = one.talk === null ? texts.visitor : customerName(one.talk.snap, texts);
  const copy = (): void => {
    const text = one.parts.map((part) => part.text).join('\n\n');
    const byHand = (): void => {
      if (box.current !== null) getSelection()?.selectAllChildren(box.current);
      console.voice.say(words.marked);
    };
    // a page without a secure address has no clipboard
    if (navigator.clipboard === undefined) byHand();
    else navigator.clipboard.writeText(text).then(() => console.voice.say(words.copied), byHand);
  };
  const discard = (): void => {
    console.discard(one.id);
    console.voice.say(words.discarded);
    console.wantFocus('list');
  };
  return (
    <li class="unsent-one">
      <button class="unsent-name" type="button" onClick={() => console.select(one.id)}>{name}</button>
      <div ref={box}>{one.parts.map(({ kind, text }) => <p key={kind}>{kind === 'note' && <b>{words.unsentNote}: </b>}<span lang={kind === 'reply' ? one.talk?.snap.language : undefined}>{text}</span></p>)}</div>
      <div class="unsent-acts">
        <button class="btn btn-quiet" type="button" aria-label={`${words.copy}: ${name}`} onClick={copy}>{words.copy}</button>
        <button class="btn btn-bare" type="button" aria-label={`${words.discard}: ${name}`} onClick={discard}>{words.discard}</button>
      </div>
    </li>
  );
}
