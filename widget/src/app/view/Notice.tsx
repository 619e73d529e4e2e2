import type { JSX } from 'preact';
import { iCheck, iCloudOff, Icon } from '@kohta/look';
import { state, tryNow, words } from '../desk.ts';

/** How the line to the desk is, when it is worth a word. The strip is always there, so that its words are heard. */
export function Notice(): JSX.Element {
  const t = words.value;
  const { offline, back, link } = state.value;
  const away = link === 'closed' && offline;
  const text = away ? t.away : offline ? t.offline : back ? t.online : '';
  return (
    <div class={text ? 'notice' : 'vh'} role="status">
      {text && <Icon d={offline ? iCloudOff : iCheck} />}
      {text && <p>{text}</p>}
      {text && offline && <button class="btn btn-bare" type="button" onClick={tryNow}>{away ? t.again : t.tryNow}</button>}
    </div>
  );
}
