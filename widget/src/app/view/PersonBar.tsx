import type { JSX } from 'preact';
import { iCheck, Icon, iPerson } from '@kohta/look';
import { askHuman, now, state, view, words } from '../desk.ts';
import { bar } from '../who.ts';

/** The way to a person: at the same place in every state. */
export function PersonBar(): JSX.Element {
  const { done, line } = bar(state.value, words.value, now.value);
  const ask = () => {
    askHuman();
    view.value = 'chat';
  };
  return (
    <div class={done ? 'person-bar person-bar-done' : 'person-bar'}>
      <button class="btn btn-person" type="button" aria-describedby="bar" onClick={ask}><Icon d={done ? iCheck : iPerson} />{words.value.talk}</button>
      <p id="bar">{line}</p>
    </div>
  );
}
