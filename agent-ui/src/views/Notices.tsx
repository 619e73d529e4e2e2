import { Icon, iWarn } from '@kohta/look';
import type { JSX } from 'preact';

import type { Talk } from '../state/model.ts';
import { explain } from '../state/refusals.ts';
import { useConsole } from './context.ts';

/** What the agent should know about the open conversation before writing on. */
export function Notices({ talk }: { talk: Talk }): JSX.Element {
  const console = useConsole();
  const desk = console.desk.value;
  const texts = console.texts.value;
  const here = desk.notices.filter((notice) => notice.conversation === talk.snap.conversation);
  return (
    <div class="notices" role="status">
      {here.map((notice) => (
        <p key={notice.id} class="notice">
          <Icon d={iWarn} small /><span>{explain(notice, talk, desk, texts)}</span>
          <button class="btn btn-bare" type="button" onClick={() => console.dismiss(notice.id)}>{texts.notice.dismiss}</button>
        </p>
      ))}
    </div>
  );
}
