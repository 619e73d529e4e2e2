import { Icon, iWarn } from '@kohta/look';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import type { Notice, Talk } from '../state/model.ts';
import { explain, meanwhile } from '../state/refusals.ts';
import { stamp } from '../state/time.ts';
import { useConsole } from './context.ts';

/** What the agent should know about the open conversation before writing on. */
export function Notices({ talk }: { talk: Talk }): JSX.Element {
  const console = useConsole();
  const desk = console.desk.value;
  const texts = console.texts.value;
  const here = desk.notices.filter((notice) => notice.conversation === talk.snap.conversation);
  const box = useRef<HTMLDivElement>(null);
  // where the whole conversation scrolls, a new one may come below what is on the screen
  useEffect(() => box.current?.lastElementChild?.scrollIntoView({ block: 'nearest' }), [here.length]);
  return (
    <div class="notices" role="status" ref={box}>
      {here.map((notice) => (
        <div key={notice.id} class="notice">
          <Icon d={iWarn} small />
          <div><p>{explain(notice, talk, desk, texts)}</p><Meanwhile notice={notice} talk={talk} /></div>
          <button class="btn btn-bare" type="button" onClick={() => console.dismiss(notice.id)}>{texts.notice.dismiss}</button>
        </div>
      ))}
    </div>
  );
}

/** What the agent has not heard: how the conversation went on without them. */
function Meanwhile({ notice, talk }: { notice: Notice; talk: Talk }): JSX.Element | null {
  const console = useConsole();
  const texts = console.texts.value;
  const now = console.now.peek();
  const steps = meanwhile(notice, talk, console.desk.value, now, texts);
  if (steps.length === 0) return null;
  return (
    <>
      <p class="soft">{texts.notice.meanwhile}:</p>
      <ol class="meanwhile" role="list">{steps.map((step) => <li key={`${step.at} ${step.text}`}><time dateTime={new Date(step.at).toISOString()}>{stamp(step.at, now, texts)}</time> {step.text}</li>)}</ol>
    </>
  );
}
