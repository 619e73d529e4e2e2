import { useSignal } from '@preact/signals';
import { Icon, iSearch } from '@kohta/look';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import type { Console } from '../desk/console.ts';
import { type Command, commands, matching } from '../state/commands.ts';
import { useConsole } from './context.ts';
import { Dialog } from './parts.tsx';

const most = 40;

/** One field that finds every action and every conversation. */
export function CommandBar(): JSX.Element {
  const console = useConsole();
  const texts = console.texts.value;
  const typed = useSignal('');
  const at = useSignal(0);
  const list = useRef<HTMLUListElement>(null);
  const found = matching(commands(console.desk.value, texts), typed.value).slice(0, most);
  const chosen = Math.min(at.value, found.length - 1);
  useEffect(() => list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' }), [chosen]);

  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    console.dialog.value = null;
    obey(command, console);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') at.value = Math.min(found.length - 1, chosen + 1);
    else if (event.key === 'ArrowUp') at.value = Math.max(0, chosen - 1);
    else if (event.key === 'Enter' && !event.isComposing) run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog name="command" title={texts.command.title}>
      <div class="find">
        <Icon d={iSearch} />
        <input
          type="text" role="combobox" aria-expanded="true" aria-controls="found" aria-autocomplete="list" autocomplete="off" spellcheck={false}
          aria-activedescendant={found.length > 0 ? `found-${chosen}` : undefined} aria-label={texts.command.field}
          value={typed.value} onInput={(event) => { typed.value = event.currentTarget.value; at.value = 0; }} onKeyDown={keys}
        />
      </div>
      <ul ref={list} class="found" id="found" role="listbox" aria-label={texts.command.title}>
        {found.map((command, i) => (
          <li key={command.id} id={`found-${i}`} role="option" aria-selected={i === chosen} onClick={() => run(command)}>
            <span>{command.label}</span>{command.key !== '' && <kbd aria-hidden="true">{command.key}</kbd>}
          </li>
        ))}
      </ul>
      <p class={found.length === 0 ? 'soft' : 'vh'} role="status">{found.length === 0 ? texts.command.none : texts.command.count(found.length)}</p>
    </Dialog>
  );
}

function obey(command: Command, console: Console): void {
  switch (command.sort) {
    case 'press': return console.press(command.act);
    case 'standing': return console.stand(command.standing);
    case 'setting': return set(command.setting, console);
    case 'open':
      console.select(command.conversation);
      return console.wantFocus('item');
    case 'talk': {
      const selected = console.desk.peek().selected;
      if (selected !== null) console.act(command.act, selected);
    }
  }
}

function set(setting: 'signOut' | 'away' | 'rested', console: Console): void {
  switch (setting) {
    case 'signOut': return void console.signOut();
    case 'rested': return console.ready();
    case 'away': console.dialog.value = 'away';
  }
}
